"""Communities, buildings and homes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linsheng.communities.actions import CommunityFacts, HomeFacts
from linsheng.communities.models import Building, Community, Grade, Home, Organisation


class CommunityForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60)
    grade = forms.ChoiceField(label=_("物业类型"), choices=Grade.choices, help_text=_("决定适用哪一档服务承诺。"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    phone = forms.CharField(label=_("客服电话"), max_length=30, required=False, help_text=_("住户登录遇到困难时会看到这个号码。"))

    @classmethod
    def of(cls, community: Community) -> "CommunityForm":
        """Filled with what is known."""
        return cls(initial={name: getattr(community, name) for name in cls.base_fields})

    def facts(self) -> CommunityFacts:
        return CommunityFacts(**{name: self.cleaned_data[name] for name in CommunityForm.base_fields})


class NewCommunityForm(CommunityForm):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("物业公司"), empty_label=None)
    code = forms.CharField(label=_("代码"), max_length=12, help_text=_("2 至 12 个字母或数字，会出现在反映编号里，以后不能改。"))
    field_order = ["organisation", "code"]

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["organisation"].initial = organisations.first()


class BuildingForm(forms.Form):
    name = forms.CharField(label=_("楼栋名称"), max_length=30)
    order = forms.IntegerField(label=_("排序"), min_value=0, max_value=9999, required=False, help_text=_("数字小的排在前面。"))


class HomeForm(forms.Form):
    building = forms.ModelChoiceField(Building.objects.none(), label=_("楼栋"), empty_label=_("选择楼栋"))
    number = forms.CharField(label=_("房号"), max_length=30, help_text=_("整个小区里不能重复，例如 3-2-1201。"))
    floor = forms.IntegerField(label=_("楼层"), min_value=-9, max_value=200, required=False)
    area = forms.DecimalField(label=_("建筑面积（㎡）"), min_value=0, max_digits=8, decimal_places=2, required=False)
    tenure = forms.ChoiceField(label=_("居住状态"), choices=Home.Tenure.choices)

    def __init__(self, *args: Any, buildings: QuerySet[Building], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]  # a ModelChoiceField
        several = buildings.values("community").distinct().count() > 1
        if several:
            self.fields["building"].label_from_instance = _with_community  # type: ignore[attr-defined]  # a ModelChoiceField

    def facts(self) -> HomeFacts:
        data = self.cleaned_data
        return HomeFacts(number=data["number"], floor=data["floor"], area=data["area"], tenure=data["tenure"])


def _with_community(building: Building) -> str:
    return f"{building.community.name} · {building.name}"


def home_values(home: Home) -> dict[str, Any]:
    """What a form about this home begins with."""
    return {name: getattr(home, name) for name in ("building", "number", "floor", "area", "tenure")}
