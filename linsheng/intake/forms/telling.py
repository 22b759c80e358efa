"""The list of who is to be told: its filter, and what came of a call."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Team
from linsheng.feedback.forms.steps import offer_hand_methods
from linsheng.feedback.models import Case


class TellFilterForm(forms.Form):
    q = forms.CharField(
        label=_("编号、内容、房号、电话"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    team = forms.ChoiceField(label=_("班组"), required=False, choices=[("", _("全部")), *Team.choices])

    def wanted(self) -> dict[str, str]:
        """What can be read of it; the rest filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "").replace("\x00", "").strip() for name in ("q", "team")}


class ToldForm(forms.Form):
    """What came of one call; which button was pressed says whether the reporter was reached."""

    reached = forms.ChoiceField(
        choices=[("yes", _("已告知本人")), ("no", _("没有联系上"))],
        error_messages={"required": _("请按“已告知本人”或“没有联系上”。")},
    )
    method = forms.ChoiceField(label=_("方式"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, data: Mapping[str, str] | None = None, *, case: Case) -> None:
        super().__init__(data, auto_id=f"case-{case.pk}-%s")
        self.posting = offer_hand_methods(self, case)
