"""Codes of places: the list's filter, all at once, one more."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Building, Community
from linsheng.intake.actions.places import LONGEST_SPOT
from linsheng.intake.queries.places import PlaceFilter

# Names as they stand on labels: data, not words of the interface.
USUAL_SPOTS: Final = ("电梯", "大堂", "地库", "垃圾房", "楼道")


class PlaceFilterForm(forms.Form):
    q = forms.CharField(label=_("搜索"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    community = forms.ChoiceField(label=_("小区"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("使用中")), ("retired", _("已停用"))])

    def __init__(self, *args: Any, communities: Iterable[Community], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("全部")), *((place.code, place.name) for place in communities)]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> PlaceFilter:
        """What can be read of it; the rest filters nothing."""
        self.is_valid()
        clean = self.cleaned_data
        return PlaceFilter(**{name: clean.get(name, "") for name in ("q", "community", "state")})


class OfCommunity(forms.Form):
    """About one of the communities that the person looks after."""

    community = forms.ChoiceField(label=_("小区"))

    def __init__(self, *args: Any, communities: Iterable[Community], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = {place.code: place for place in communities}
        self.fields["community"].choices = [(c.code, c.name) for c in self.places.values()]  # type: ignore[attr-defined]

    def clean_community(self) -> Community:
        return self.places[self.cleaned_data["community"]]


class AllPlacesForm(OfCommunity):
    usual = forms.MultipleChoiceField(
        label=_("每栋楼里还要哪些点位？"),
        choices=[(spot, spot) for spot in USUAL_SPOTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    more = forms.CharField(
        label=_("其他点位"), max_length=300, required=False, help_text=_("用逗号隔开，例如：1号梯，2号梯，充电桩。")
    )

    def spots(self) -> list[str]:
        """All of them, in order."""
        typed = self.cleaned_data["more"].replace("，", ",").replace("、", ",").replace(";", ",").replace("；", ",")
        return [*self.cleaned_data["usual"], *filter(None, (part.strip() for part in typed.split(",")))]


class NewPlaceForm(OfCommunity):
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("楼栋"), required=False, empty_label=_("不在楼栋里（小区公共处）")
    )
    spot = forms.CharField(
        label=_("点位"),
        max_length=LONGEST_SPOT,
        required=False,
        help_text=_("例如：2号梯、地库东门、垃圾房。空着就是整栋楼或整个小区。"),
    )

    def __init__(self, *args: Any, buildings: Any, several: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]  # a ModelChoiceField
        if several:
            self.fields["building"].label_from_instance = _with_community  # type: ignore[attr-defined]  # a ModelChoiceField


def _with_community(building: Building) -> str:
    return f"{building.community.name} · {building.name}"
