"""The residents' own voice on a case: rating, urge, "me too" — and the callback by somebody independent."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Resident
from linsheng.communities.permissions import is_staff
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.feedback.actions import recipients
from linsheng.feedback.actions.step import Step
from linsheng.feedback.actions.words import optional
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Callback, Case, CaseEvent, Follower, Rating, Resolution, Urge
from linsheng.feedback.notices import Words, send_to_staff

# Whoever took one of these steps worked on the case and does not ask how it went.
WORK = ("contact", "start", "wait", "resume", "resolve", "tell", "refer", "decline", "photo")
# Up to here the reporter says what was wrong; from here on the result counts as confirmed.
REASONS_UP_TO, CONFIRMED_FROM = 3, 3


def _has_result(case: Case) -> None:
    if not Resolution.objects.filter(case=case, cycle=case.cycle).exists():
        raise Conflict(_("还没有处理结果，出结果后再请您评价。"))


def _check_rating(stars: int, reasons: Sequence[str]) -> None:
    fields: dict[str, object] = {}
    if isinstance(stars, bool) or stars not in range(1, 6):
        fields["stars"] = _("请点选 1 到 5 颗星。")
    if set(reasons) - set(Rating.Reason.values):
        fields["reasons"] = _("请从列出的原因中选择。")
    if fields:
        raise Invalid(next(iter(fields.values())), fields=fields)


@transaction.atomic
def rate_case(*, case: Case, stars: int, reasons: Sequence[str] = (), text: str = "", by: Actor, now: datetime) -> Case:
    """1–5 stars for this cycle's result: by the reporter alone, once, final."""
    if by.user is not None and is_staff(by.user):
        raise Forbidden(_("评价只由反映人本人填写，工作人员不能代填。"))
    step = Step(case, "rate", by=by, now=now)
    rated = step.case
    _has_result(rated)
    _check_rating(stars, reasons)
    kept = list(dict.fromkeys(reasons)) if stars <= REASONS_UP_TO else []
    words = optional(text)
    try:
        with transaction.atomic():
            Rating.objects.create(
                case=rated, community_id=rated.community_id, cycle=rated.cycle, stars=stars, reasons=kept, text=words, at=now
            )
    except IntegrityError as error:
        raise Conflict(_("这次处理您已经评价过了，谢谢。")) from error
    if stars >= CONFIRMED_FROM and rated.confirmed_at is None:
        rated.confirmed_at = now
    return step.commit(data={"stars": stars})


@transaction.atomic
def urge_case(*, case: Case, text: str = "", by: Actor, now: datetime) -> Case:
    """Ask to hurry, once a day; handler and supervisor hear of it at once, the workboard shows it."""
    step = Step(case, "urge", by=by, now=now)
    day, words = localdate(now), optional(text, longest=200)
    try:
        with transaction.atomic():
            Urge.objects.create(case=step.case, day=day, at=now, text=words)
    except IntegrityError as error:
        raise Conflict(_("今天已经催过一次，处理人已看到。明天可以再催。")) from error
    step.case.urged_at = now
    done = step.commit(text=words)
    for user in {*recipients.of_role(done, Role.HANDLER), *recipients.of_role(done, Role.SUPERVISOR)}:
        send_to_staff(
            case=done,
            user=user,
            key=f"case-{done.pk}-urge-{day}-{user.pk}",
            words=Words(gettext_lazy("催办：%(text)s"), words),
            now=now,
        )
    return done


@transaction.atomic
def join_case(*, case: Case, by: User, now: datetime) -> Case:
    """A neighbour has the same trouble: follows the case and hears the result. Confidential cases cannot be joined."""
    resident = Resident.objects.filter(user=by, residencies__home__community=case.community_id, residencies__until=None).first()
    if resident is None or case.confidential:
        raise Forbidden(_("只有本小区的住户可以跟进公开的反映。"))
    if case.resident_id == resident.pk:
        raise Conflict(_("这是您自己的反映，不用再跟进。"))
    step = Step(case, "me_too", by=Actor(user=by, neighbour=True), now=now, granted=lambda _fresh: True)
    _made, new = Follower.objects.get_or_create(case=step.case, resident=resident, defaults={"user": by, "at": now})
    if not new:
        raise Conflict(_("您已经在跟进这件事了。"))
    return step.commit(internal=True)


def workers_of(case: Case) -> set[int]:
    """Everybody who worked on the case, or on one it was merged into, in any cycle: they do not ask how it went.

    Two queries more for a case that was merged at some time.
    """
    merging = CaseEvent.objects.filter(case=case, action__in=(*WORK, "assign", "merge")).values_list("action", "actor_id", "data")
    rows = list(merging)
    parents = {data.get("into") for action, _actor, data in rows if action == "merge"}
    ids = _workers(rows) | {case.handler_id}
    if parents:
        others = CaseEvent.objects.filter(case__in=parents, action__in=(*WORK, "assign")).values_list("action", "actor_id", "data")
        ids |= _workers(others) | set(Case.objects.filter(pk__in=parents).values_list("handler_id", flat=True))
    return {pk for pk in ids if pk is not None}


def _workers(rows: Iterable[tuple[str, int | None, Any]]) -> set[int | None]:
    return {data.get("handler") if action == "assign" else actor for action, actor, data in rows if action != "merge"}


def may_ask_back(case: Case, user: User) -> bool:
    """Whether this staff member is independent of the case."""
    return user.pk not in workers_of(case)


def _check_answers(outcome: str, contacted: bool | None, solved: bool | None, satisfied: str) -> None:
    fields: dict[str, object] = {}
    if outcome not in Callback.Outcome.values:
        fields["outcome"] = _("请选择回访结果。")
    if outcome == Callback.Outcome.ANSWERED:
        for name, value in (("contacted", contacted), ("solved", solved)):
            if value is None:
                fields[name] = _("请选择“是”或“否”。")
        if satisfied not in Callback.Satisfied.values:
            fields["satisfied"] = _("请选择满意、基本满意或不满意。")
    if fields:
        raise Invalid(_("回访还缺少答案。"), fields=fields)


def _check_asker(case: Case, by: Actor, outcome: str, method: str) -> str:
    """Who may collect the answers, and how they did: the method to keep."""
    if by.reporter:
        if outcome != Callback.Outcome.ANSWERED:
            raise Invalid(_("请选择回访结果。"), fields={"outcome": _("请回答三个问题。")})
        return Callback.Method.LINK
    if by.user is None or not may_ask_back(case, by.user):
        raise Forbidden(_("回访须由没有经手这件事的同事进行，请交给其他人。"))
    if case.confidential:
        raise Forbidden(_("反映人要求保密，请等其在专属进展页自己填写。"))
    if method not in ("", Callback.Method.PHONE, Callback.Method.VISIT):
        raise Invalid(_("请选择电话或上门。"), fields={"method": _("请选择电话或上门。")})
    return method or Callback.Method.PHONE


@transaction.atomic
def record_callback(
    *,
    case: Case,
    outcome: str = "answered",
    contacted: bool | None = None,
    solved: bool | None = None,
    satisfied: str = "",
    method: str = "",
    note: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """The three answers — contacted? solved? satisfied? — given by link, or asked by somebody who did not work on the case."""
    step = Step(case, "callback", by=by, now=now)
    _has_result(step.case)
    way = _check_asker(step.case, by, outcome, method)
    _check_answers(outcome, contacted, solved, satisfied)
    answered = outcome == Callback.Outcome.ANSWERED
    answers = {"contacted": contacted, "solved": solved, "satisfied": satisfied} if answered else {}
    _keep_answers(step.case, {**answers, "outcome": outcome, "method": way, "note": optional(note, "note", longest=300)}, by, now)
    if answered:
        step.case.asked_back_at = now
    if answered and solved and step.case.confirmed_at is None:
        step.case.confirmed_at = now
    return step.commit(internal=not by.reporter, data={"outcome": outcome})


def _keep_answers(case: Case, values: dict[str, object], by: Actor, now: datetime) -> None:
    asked_by = None if by.reporter else by.user
    try:
        with transaction.atomic():
            Callback.objects.create(
                case=case, community_id=case.community_id, cycle=case.cycle, asked_by=asked_by, at=now, **values
            )
    except IntegrityError as error:
        raise Conflict(_("这次处理已经回访过了。")) from error
