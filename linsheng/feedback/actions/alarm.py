"""Words of danger that came in where nobody listens: whoever is there hears of it at once, whatever the urgency says."""

from datetime import datetime

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.feedback.actions.recipients import holders, of_role
from linsheng.feedback.danger import dangers
from linsheng.feedback.models import Case, Channel
from linsheng.feedback.notices import Words, send_to_staff
from linsheng.messaging.models import NoticeKind

# On the phone and at the desk a person hears it.
UNHEARD = frozenset({Channel.APP, Channel.QR, Channel.EMAIL, Channel.PAPER, Channel.FORUM})


def who_hears(case: Case) -> list[User]:
    """The handlers of the case's team, the front desk, and the supervisors (or whoever stands in for them)."""
    people = {*holders(case, Role.HANDLER), *holders(case, Role.FRONTDESK), *of_role(case, Role.SUPERVISOR)}
    return sorted(people, key=lambda user: user.pk)


def alarm_words(case: Case) -> Words | None:
    """What is told of a case that speaks of danger where nobody listened; ``None`` of any other."""
    if case.channel not in UNHEARD or not (found := dangers(case.text)):
        return None
    kinds = lazy(lambda: gettext("、").join(str(one.label) for one in found), str)()
    return Words(
        _("可能有危险（%(danger)s）：%(text)s"),
        _("%(number)s 从没有人值守的渠道进来，内容提到“%(words)s”。请马上联系反映人，确认后改紧急程度。"),
        {"danger": kinds, "words": found[0].words},
    )


def alarm_key(case: Case, user: User) -> str:
    """One alarm a person and case."""
    return f"case-{case.pk}-danger-{user.pk}"


def tell_of_danger(*, case: Case, now: datetime) -> None:
    """One notice to each, in the same transaction as the case."""
    words = alarm_words(case)
    if words is None:
        return
    for user in who_hears(case):
        send_to_staff(
            case=case, user=user, key=alarm_key(case, user), words=words, now=now, kind=NoticeKind.ESCALATION, urgent=True
        )
