"""Planning a wave."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.queries import communities_with
from linsheng.surveys.actions import Plan
from linsheng.surveys.actions.waves import PLAIN
from linsheng.surveys.models import Method, QuestionnaireVersion, Wave, WaveMode

DAYS = timedelta(days=14)


class WaveForm(forms.Form):
    """What is asked, whom, how, and until when."""

    title = forms.CharField(label=_("名称"), max_length=80, help_text=_("住户会看到，例如“2026 年下半年满意度调查”。"))
    title_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    version = forms.ModelChoiceField(label=_("问卷"), queryset=QuestionnaireVersion.objects.none(), empty_label=None)
    communities = forms.ModelMultipleChoiceField(
        label=_("小区"), queryset=Community.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(
        label=_("匿名还是记名"),
        choices=WaveMode.choices,
        widget=forms.RadioSelect,
        initial=WaveMode.ANONYMOUS,
        help_text=_("开始以后不能再改。匿名更容易听到真话；记名可以比较同一户前后的变化，首页会写明。"),
    )
    method = forms.ChoiceField(label=_("调查范围"), choices=Method.choices, widget=forms.RadioSelect, initial=Method.CENSUS)
    sample_size = forms.IntegerField(
        label=_("计划回收份数"), min_value=1, max_value=100_000, required=False, help_text=_("抽样时填；留空按公式计算。")
    )
    expected_rate = forms.IntegerField(
        label=_("预计回收率（%）"), min_value=1, max_value=100, required=False, help_text=_("抽样时填：按它放大发放的户数。")
    )
    include_empty = forms.BooleanField(label=_("包括空置房屋"), required=False)
    ends_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    results_on = forms.DateField(
        label=_("承诺公布结果的日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("答完后会告诉住户。"),
    )
    reminder_limit = forms.IntegerField(label=_("最多提醒次数"), min_value=0, max_value=5, initial=2)
    target = forms.DecimalField(label=_("平均分目标"), min_value=1, max_value=5, max_digits=3, decimal_places=2, initial=4)
    double_entry = forms.BooleanField(label=_("纸质问卷由第二人复核录入"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions, communities = self.fields["version"], self.fields["communities"]
        if isinstance(versions, forms.ModelChoiceField) and isinstance(communities, forms.ModelChoiceField):
            own = QuestionnaireVersion.objects.filter(questionnaire__organisation=organisation_id, questionnaire__retired_at=None)
            versions.queryset = own.select_related("questionnaire").order_by("questionnaire_id", "-number")
            communities.queryset = communities_with(user, Permission.RUN_SURVEYS).filter(organisation=organisation_id)

    def plan(self) -> Plan:
        """What was typed; only of a valid form."""
        values = dict(self.cleaned_data)
        values["communities"] = list(values["communities"])
        values["expected_rate"] = values["expected_rate"] or 100
        return Plan(**values)


def initial_of_wave(wave: Wave) -> dict[str, Any]:
    return {name: getattr(wave, name) for name in PLAIN} | {"communities": wave.communities.all()}
