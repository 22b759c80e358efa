"""What residents ask for about their own data, and what the company answers."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts import actions as accounts
from linsheng.accounts.models import DataRequest, User
from linsheng.accounts.privacy.erasure import erase_everywhere
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import needed
from linsheng.communities.models import Post, Resident
from linsheng.communities.queries import may_answer
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.messaging.actions import notify
from linsheng.messaging.models import NoticeKind


@transaction.atomic
def request_data_change(*, user: User, kind: str, text: str, now: datetime) -> list[DataRequest]:
    """Ask every company that knows the person to correct or delete their data.

    Somebody whom no company knows is deleted at once (an empty list is returned): nobody needs to decide about it.
    """
    if kind not in DataRequest.Kind.values:
        raise Invalid(_("请选择要办理的事项。"), fields={"kind": _("请选择要办理的事项。")})
    if kind == DataRequest.Kind.CORRECT:
        needed(text, "text", _("请写明哪里不对、应改成什么。"))
    if Post.objects.filter(user=user, ended_at=None).exists():
        raise Conflict(_("您是在岗员工，请联系公司管理员办理。"))
    organisations = list(Resident.objects.filter(user=user, erased_at=None).values_list("organisation", flat=True))
    made = [_request(user, organisation, kind, text, now) for organisation in organisations]
    if not organisations and kind == DataRequest.Kind.DELETE:
        accounts.erase_user(user=user, organisation_id=None, by=user, now=now)
    elif not organisations:
        raise Conflict(_("目前没有物业公司登记您的信息，无需更正。"))
    return made


def _request(user: User, organisation_id: int, kind: str, text: str, now: datetime) -> DataRequest:
    try:
        with transaction.atomic():
            request = DataRequest.objects.create(
                user=user, organisation_id=organisation_id, kind=kind, text=text.strip(), created_at=now
            )
    except IntegrityError as error:
        raise Conflict(_("您已有一份同样的申请在处理，请等候答复。")) from error
    record("data_request.make", by=user, now=now, subject=request, organisation_id=organisation_id, data={"kind": kind})
    return request


@transaction.atomic
def answer_data_request(*, request: DataRequest, done: bool, answer: str, by: User, now: datetime) -> DataRequest:
    """Carry it out, or say why it cannot be. A deletion that is done erases the person from this company, for good."""
    if not may_answer(by, request):
        raise Forbidden(_("这位住户还住在您负责范围以外的小区，请由公司管理员答复。"))
    words = answer.strip() if done else needed(answer, "answer", _("不能办理时，请写明原因。"))
    state = DataRequest.State.DONE if done else DataRequest.State.REFUSED
    values = {"state": state, "answer": words, "answered_by": by, "answered_at": now}
    if not DataRequest.objects.filter(pk=request.pk, state=DataRequest.State.OPEN).update(**values):
        raise Conflict(_("这份申请已经答复过了。"))
    erases = done and request.kind == DataRequest.Kind.DELETE
    if erases:
        _erase(request.user, request.organisation_id, by, now)
    else:
        _tell(request, words, done, now)
    request.refresh_from_db()
    organisation_id = request.organisation_id
    data = {"kind": request.kind, "done": done}
    record("data_request.answer", by=by, now=now, subject=request, organisation_id=organisation_id, data=data)
    return request


def _erase(user: User, organisation_id: int, by: User, now: datetime) -> None:
    erase_everywhere(user, organisation_id, now)
    # The account goes with the last company that knew its owner.
    if not Resident.objects.filter(user=user).exists() and not Post.objects.filter(user=user).exists():
        accounts.erase_user(user=user, organisation_id=None, by=by, now=now)


def _tell(request: DataRequest, words: str, done: bool, now: datetime) -> None:
    title = _("您的个人信息申请已办理") if done else _("您的个人信息申请未能办理")
    notify(
        key=f"data_request:{request.pk}",
        kind=NoticeKind.ACCOUNT,
        user=request.user,
        title=title,
        body=words,
        url="/me/data/",
        subject=request,
        now=now,
        organisation_id=request.organisation_id,
    )
