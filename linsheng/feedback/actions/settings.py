"""A company's own rules for its cases: days, weights, and the ladder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission, Role
from linsheng.audit.actions import record
from linsheng.communities.models import Organisation
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Forbidden, Invalid
from linsheng.feedback.actions.recipients import RANKS
from linsheng.feedback.models import FAR, Case, CaseState, EscalationStep, FeedbackSettings

LIMITS = {
    "reopen_days": (1, 365),
    "auto_close_days": (1, 90),
    "tell_attempts": (1, 10),
    "attempt_gap_minutes": (0, 2880),
    "basically_weight": (0, 1),
    "weight_contacted": (0, 100),
    "weight_solved": (0, 100),
    "weight_satisfied": (0, 100),
}


@dataclass(frozen=True)
class Rung:
    """One rung as the company wants it: either a share of the time or hours after the deadline."""

    role: str
    percent: int | None = None
    hours_after: int | None = None
    acknowledge_minutes: int = 0


DEFAULT_LADDER = (
    Rung(Role.HANDLER, percent=75),
    Rung(Role.SUPERVISOR, percent=100, acknowledge_minutes=480),
    Rung(Role.MANAGER, hours_after=24, acknowledge_minutes=1440),
    Rung(Role.DIRECTOR, hours_after=72),
)


def _require(by: User | None, organisation: Organisation) -> None:
    if by is not None and organisation.pk not in organisations_with(by, Permission.EDIT_SETTINGS):
        raise Forbidden(_("只有公司管理员可以修改这些设置。"))


def _check_values(values: Mapping[str, int | Decimal]) -> None:
    """Raise ``Invalid`` naming each value out of bounds."""
    if set(values) - set(LIMITS):
        raise Invalid(_("没有这项设置。"))
    wrong: dict[str, object] = {
        name: _("请填 %(low)s 到 %(high)s 之间的数。") % {"low": low, "high": high}
        for name, (low, high) in LIMITS.items()
        if name in values and not low <= values[name] <= high
    }
    if wrong:
        raise Invalid(_("有数值超出范围。"), fields=wrong)


@transaction.atomic
def change_settings(
    *, organisation: Organisation, values: Mapping[str, int | Decimal], by: User | None, now: datetime
) -> FeedbackSettings:
    """Change some of the rules; raises ``Invalid`` naming each value out of bounds."""
    _require(by, organisation)
    _check_values(values)
    rules, _new = FeedbackSettings.objects.get_or_create(organisation=organisation)
    for name, value in values.items():
        setattr(rules, name, value)
    if rules.weight_contacted + rules.weight_solved + rules.weight_satisfied != 100:
        raise Invalid(_("三项权重之和须为 100。"), fields={"weight_satisfied": _("三项之和须为 100。")})
    rules.save()
    said = {name: str(value) for name, value in values.items()}
    record("feedback.change_settings", by=by, now=now, subject=organisation, organisation_id=organisation.pk, data=said)
    return rules


def _check_rungs(rungs: Sequence[Rung]) -> None:
    """Each rung has one trigger, a role that works on cases, and lies above the one before it."""
    for rung in rungs:
        if (rung.percent is None) == (rung.hours_after is None):
            raise Invalid(_("每一级要么按用时比例，要么按超时小时数，二选一。"))
        if rung.role not in RANKS:
            raise Invalid(_("只能告知处理反映的岗位。"), fields={"role": _("请选择处理人、客服、主管、项目经理或品质负责人。")})
        if rung.percent is not None and not 1 <= rung.percent <= 100:
            raise Invalid(_("用时比例须在 1% 到 100% 之间；超时后请按小时填写。"), fields={"percent": _("请填 1 到 100。")})
    heights = [(0, r.percent) if r.percent is not None else (1, r.hours_after or 0) for r in rungs]
    if any(later <= earlier for earlier, later in pairwise(heights)):
        raise Invalid(_("每一级须比前一级晚：先按比例从小到大，再按超时小时从小到大。"))


@transaction.atomic
def change_ladder(*, organisation: Organisation, rungs: Sequence[Rung], by: User | None, now: datetime) -> list[EscalationStep]:
    """Replace the ladder. Rungs already raised stay raised; the clockwork looks at every open case anew."""
    _require(by, organisation)
    _check_rungs(rungs)
    EscalationStep.objects.filter(organisation=organisation).delete()
    steps = EscalationStep.objects.bulk_create(
        EscalationStep(
            organisation=organisation,
            order=place,
            role=r.role,
            percent=r.percent,
            hours_after=r.hours_after,
            acknowledge_minutes=r.acknowledge_minutes,
        )
        for place, r in enumerate(rungs, start=1)
    )
    running = Case.objects.filter(community__organisation=organisation, is_open=True, due_at__lt=FAR).exclude(
        state=CaseState.WAITING
    )
    running.update(next_escalation_at=now)
    said = {"rungs": [[r.role, r.percent, r.hours_after, r.acknowledge_minutes] for r in rungs]}
    record("feedback.change_ladder", by=by, now=now, subject=organisation, organisation_id=organisation.pk, data=said)
    return steps


@transaction.atomic
def install_defaults(*, organisation: Organisation, by: User | None, now: datetime) -> FeedbackSettings:
    """Give a new company the default rules and ladder; what it already has of its own stays. Safe to repeat."""
    rules, new = FeedbackSettings.objects.get_or_create(organisation=organisation)
    if not EscalationStep.objects.filter(organisation=organisation).exists():
        change_ladder(organisation=organisation, rungs=DEFAULT_LADDER, by=by, now=now)
    if new:
        record("feedback.install_defaults", by=by, now=now, subject=organisation, organisation_id=organisation.pk)
    return rules
