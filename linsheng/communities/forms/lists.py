"""Filters of the lists. What cannot be understood is left out, never an error."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Building, Home, Residency
from linsheng.communities.roster.storage import SUFFIXES


class Filter(forms.Form):
    """A form that reads its own address and takes what it understands."""

    def chosen(self) -> dict[str, Any]:
        """The understood values, without the empty ones."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class HomeFilter(Filter):
    q = forms.CharField(label=_("房号、姓名或电话"), max_length=60, required=False, widget=forms.TextInput({"type": "search"}))
    building = forms.ModelChoiceField(Building.objects.none(), label=_("楼栋"), required=False, empty_label=_("全部楼栋"))
    tenure = forms.ChoiceField(label=_("居住状态"), choices=[("", _("全部")), *Home.Tenure.choices], required=False)

    def __init__(self, *args: Any, buildings: QuerySet[Building], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]  # a ModelChoiceField


class ResidentFilter(Filter):
    q = forms.CharField(label=_("姓名、电话或房号"), max_length=60, required=False, widget=forms.TextInput({"type": "search"}))
    kind = forms.ChoiceField(label=_("身份"), choices=[("", _("全部")), *Residency.Kind.choices], required=False)
    account = forms.ChoiceField(
        label=_("账号"), choices=[("", _("全部")), ("yes", _("已登录过")), ("no", _("从未登录"))], required=False
    )


class AuditFilter(Filter):
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    actor = forms.CharField(label=_("操作人"), max_length=60, required=False)
    action = forms.ChoiceField(label=_("操作"), required=False)

    def __init__(self, *args: Any, actions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["action"].choices = [("", _("全部")), *actions]  # type: ignore[attr-defined]  # a ChoiceField


class RosterForm(forms.Form):
    community = forms.ChoiceField(label=_("小区"))
    file = forms.FileField(
        label=_("名册文件"),
        help_text=_(".xlsx 或 .csv，不超过 15 MB、50,000 行。"),
        widget=forms.FileInput({"accept": ",".join(SUFFIXES)}),
    )

    def __init__(self, *args: Any, communities: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["community"].choices = communities  # type: ignore[attr-defined]  # a ChoiceField
