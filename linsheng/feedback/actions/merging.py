"""Several households, one matter: merge into a parent, and take it back. Both histories stay."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.errors import Conflict, Invalid
from linsheng.feedback.actions import recipients
from linsheng.feedback.actions.results import children_of
from linsheng.feedback.actions.step import Change, Step, audit_all, claim_together, fresh_case
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import OPEN, Case, CaseEvent
from linsheng.feedback.notices import Words, send_to_staff


@transaction.atomic
def merge_case(*, case: Case, into: Case, by: Actor, now: datetime) -> Case:
    """Follow ``case`` under ``into`` from now on. Its reporter is still told and asked separately."""
    step = Step(case, "merge", by=by, now=now, claim=False)
    # The parent is claimed too: nobody can end it at the same moment without seeing this child.
    absorbing = Change(fresh_case(into), "absorb", by=by, now=now)
    parent = absorbing.case
    if parent.pk == step.case.pk or parent.community_id != step.case.community_id:
        raise Invalid(_("只能合并到同一小区的另一件。"), fields={"into": _("请选择同一小区的另一件。")})
    if parent.state not in OPEN:
        raise Conflict(_("%(number)s 已经不在处理中，不能合并到它。") % {"number": parent.number})
    if step.case.merged.exists():
        raise Conflict(_("已有别的反映合并到这一件，请反过来合并，或先取消那些合并。"))
    claim_together([step, absorbing])
    step.case.parent = parent
    done = step.write(data={"into": parent.pk, "number": parent.number, "previous": step.from_state})
    absorbing.write(internal=True, data={"child": done.pk, "number": done.number})
    audit_all([step, absorbing])
    return done


@transaction.atomic
def unmerge_case(*, case: Case, by: Actor, now: datetime) -> Case:
    """Follow the case by itself again, in the state it had, with the clock as it stood then."""
    step = Step(case, "unmerge", by=by, now=now)
    _detach(step)
    step.audit()
    return step.case


def _detach(change: Change) -> None:
    """Write the case as it was before it was merged; a result that it shared belongs to the cycle that ends here."""
    case = change.case
    merging = CaseEvent.objects.filter(case=case, action="merge").latest("id")
    former = case.parent
    case.parent = None
    if case.resolutions.filter(cycle=case.cycle).exists():
        case.cycle += 1
    case.resolved_at = case.told_at = case.closed_at = case.confirmed_at = case.asked_back_at = None
    change.write(to=merging.data["previous"], data={"from": former.pk, "number": former.number} if former else {})


def release_children(parent: Case, now: datetime) -> list[Change]:
    """The parent is gone: each household's case goes on by itself. The changes still need their audit entries."""
    changes: list[Change] = []
    words = Words(gettext_lazy("改为单独处理：%(text)s"), gettext_lazy("合并到的那一件已由反映人撤回，这一件需要单独处理。"))
    for child in children_of(parent):
        change = Change(child, "unmerge", by=Actor.clockwork(), now=now, claimed=True)
        _detach(change)
        changes.append(change)
        for user in recipients.of_work(child):
            send_to_staff(case=child, user=user, key=f"case-{child.pk}-released-v{child.version}-{user.pk}", words=words, now=now)
    return changes
