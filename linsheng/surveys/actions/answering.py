"""One answer a home: the ballot is marked and the answer sealed in one transaction. Nothing here is written to the audit trail."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.core.errors import Conflict, DomainError, NotVisible
from linsheng.core.ids import digest, paper_code_as_typed
from linsheng.surveys import answers, sealing
from linsheng.surveys.models import Ballot, BallotState, Block, EntryMode, Question, SealedAnswer, Wave

Questions = list[tuple[Question, Block]]
# All that casting an answer looks at: in the second in which a whole building answers, the rest of six tables is what costs.
TO_CAST: Final = (
    *("home_id", "stratum_id", "tenure", "nonce", "issue", "state", "receipt"),
    *("wave__mode", "wave__state", "wave__secret", "wave__secret_check", "wave__version__frozen_at"),
)


class Gone(DomainError):
    """The ballot was used, or its wave is over."""

    status, code = 410, "gone"


def find_ballot(code: str) -> Ballot:
    """The ballot behind a code as typed or scanned, with all that its page shows; raises ``NotVisible`` where there is none."""
    return _found(code, Ballot.objects.select_related("wave__version__questionnaire", "stratum", "home__community"))


def _found(code: str, rows: QuerySet[Ballot]) -> Ballot:
    """The code is made again from the wave's own secret: a ballot copied or moved to another wave is worth nothing there."""
    typed = paper_code_as_typed(code)
    # Without an order: the hash is unique, and sorting would cost more than finding.
    found = rows.order_by().filter(code_hash=digest(typed))[:1] if len(typed) == sealing.CODE_LENGTH else ()
    ballot = next(iter(found), None)
    if ballot is None:
        raise NotVisible(_("没有找到这个编码。请对照信上的编码再试一次；如果补发过新信，旧信上的就不能用了。"))
    if ballot.wave.secret and not constant_time_compare(sealing.code_for(ballot.wave, ballot), typed):
        raise NotVisible(_("这个编码不属于这次调查。请用这次调查信上的编码。"))
    return ballot


def must_be_usable(ballot: Ballot) -> None:
    """Raise ``Gone`` with the reason where this ballot can not be used any more."""
    if ballot.state == BallotState.ANSWERED:
        raise Gone(_("这个编码已经用过，您家的答卷我们收到了。每家一份，谢谢您。"))
    if ballot.state == BallotState.HELD:
        raise Gone(_("工作人员已经录入您家的纸质问卷。如果弄错了，请联系客服更正后再答。"))
    if not ballot.wave.is_open or ballot.state == BallotState.CLOSED:
        raise Gone(_("这次调查已经结束，不再收答卷。感谢您的关心，下次调查还会请您参加。"))


def contents_of(ballot: Ballot, values: dict[str, Any], mode: str) -> dict[str, Any]:
    """What is sealed: never a home in an anonymous wave, never a time."""
    content: dict[str, Any] = {"values": values, "stratum": ballot.stratum_id, "tenure": ballot.tenure, "mode": mode}
    return content if ballot.wave.anonymous else content | {"home": ballot.home_id}


def sealed_for(wave: Wave, content: dict[str, Any], questions: Questions) -> bytes:
    return sealing.seal(wave, content, sealing.capacity_for([question for question, _block in questions]))


def put_into_urn(
    *,
    ballot: Ballot,
    content: dict[str, Any],
    questions: Questions,
    since: str,
    now: datetime,
    receipt: str = "",
    entered_by: User | None = None,
    checked_by: User | None = None,
) -> bool:
    """Mark the ballot (which has to stand in the state ``since``) and seal the answer; False where somebody was quicker."""
    sealed = sealed_for(ballot.wave, content, questions)
    with transaction.atomic():
        used = Ballot.objects.filter(pk=ballot.pk, state=since, issue=ballot.issue).update(
            state=BallotState.ANSWERED,
            answered_on=timezone.localdate(now),
            mode=content["mode"],
            receipt=receipt,
            entered_by=entered_by,
            checked_by=checked_by,
        )
        if used:
            SealedAnswer.objects.create(wave=ballot.wave, sealed=sealed)
    return bool(used)


def cast_answer(*, code: str, wave_id: int, given: answers.Posted, key: str, now: datetime) -> Ballot:
    """Take the answer of a home. The same form sent again (``key``) is no second answer and no error."""
    ballot = _found(code, Ballot.objects.select_related("wave__version").only(*TO_CAST))
    if ballot.wave_id != wave_id:
        raise Conflict(_("这份问卷不是这个编码的那次调查。请重新扫信上的二维码。"))
    receipt = digest(f"{ballot.wave_id}:{key}") if key else ""
    if receipt and ballot.receipt == receipt:
        return ballot
    must_be_usable(ballot)
    questions = answers.questions_of(ballot.wave.version)
    content = contents_of(ballot, answers.clean(questions, given), EntryMode.WEB)
    if not put_into_urn(ballot=ballot, content=content, questions=questions, since=BallotState.OPEN, now=now, receipt=receipt):
        ballot.refresh_from_db()
        if not receipt or ballot.receipt != receipt:
            must_be_usable(ballot)
            raise Conflict(_("这个编码刚刚被使用或更换。请刷新页面看看。"))
    return ballot
