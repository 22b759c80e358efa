"""A company's rules for its cases, as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.permissions import Role
from linsheng.feedback.actions.settings import LIMITS, Rung
from linsheng.feedback.models import EscalationStep, FeedbackSettings

HELP = {
    "reopen_days": _("反映人在这段时间内可以说“没解决”，同一件继续处理。"),
    "auto_close_days": _("告知结果后这么多天没有异议，系统自动办结。"),
    "tell_attempts": _("在不同时间联系不上这么多次，才可以不经本人确认而办结。"),
    "attempt_gap_minutes": _("两次尝试隔得太近只算一次。"),
    "basically_weight": _("满意率里“基本满意”按这个比例计，0 到 1。"),
    "weight_contacted": _("综合得分中的权重，三项之和为 100。"),
}


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Days, attempts and weights."""

    class Meta:
        model = FeedbackSettings
        fields = list(LIMITS)
        help_texts = HELP


class RungForm(forms.Form):
    """One rung: a share of the time, or hours after the deadline; an empty row is left out."""

    trigger = forms.ChoiceField(
        label=_("什么时候"),
        choices=[("", _("不用这一级")), ("percent", _("用掉时限的百分之")), ("hours_after", _("超时后（小时）"))],
        required=False,
    )
    value = forms.IntegerField(label=_("数值"), min_value=0, max_value=999, required=False)
    role = forms.ChoiceField(
        label=_("告知谁"), choices=[c for c in Role.choices if c[0] not in {Role.AUDITOR, Role.ADMINISTRATOR}], required=False
    )
    acknowledge_minutes = forms.IntegerField(label=_("无人确认则升级（分钟）"), min_value=0, max_value=10_080, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("trigger") and cleaned.get("value") is None:
            self.add_error("value", gettext("请填写数值。"))
        if cleaned.get("trigger") == "percent" and not 1 <= (cleaned.get("value") or 0) <= 100:
            self.add_error("value", gettext("百分比请填 1 到 100。"))
        return cleaned

    def rung(self) -> Rung | None:
        data = self.cleaned_data
        if not data.get("trigger"):
            return None
        return Rung(role=data["role"], acknowledge_minutes=data.get("acknowledge_minutes") or 0, **{data["trigger"]: data["value"]})


LadderFormSet = forms.formset_factory(RungForm, extra=0)


def initial_of(steps: list[EscalationStep], rows: int) -> list[dict[str, Any]]:
    """The ladder's rungs, and empty rows up to ``rows``."""
    filled = [
        {
            "trigger": "percent" if step.percent is not None else "hours_after",
            "value": step.percent if step.percent is not None else step.hours_after,
            "role": step.role,
            "acknowledge_minutes": step.acknowledge_minutes,
        }
        for step in steps
    ]
    return filled + [{"role": Role.SUPERVISOR}] * max(0, rows - len(filled))
