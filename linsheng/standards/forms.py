"""What is typed into the pages of standards."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Organisation, Team
from linsheng.standards.models import ServiceCalendar, ServiceDimension, ServiceItem

CODE = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")
HOURS = re.compile(r"^\s*(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})\s*$")


def parse_hours(text: str) -> list[list[str]]:
    """``08:30-12:00, 14:00-18:00`` → pairs; empty means closed. Raises ``ValidationError`` with a sentence."""
    pairs = []
    for part in re.split(r"[,，;；、\n]", text):
        if not part.strip():
            continue
        match = HOURS.match(part)
        if match is None:
            raise forms.ValidationError(
                gettext("“%(part)s”看不懂。请写成 08:30-12:00，多段用逗号隔开；休息日留空。") % {"part": part.strip()}
            )
        pairs.append([f"{value:0>5}" for value in match.groups()])
    return pairs


def hours_text(pairs: list[list[str]]) -> str:
    return ", ".join(f"{start}-{end}" for start, end in pairs)


class DimensionForm(forms.Form):
    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("英文小写字母开头，例如 facility。之后不能改。"))
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().lower()
        if not CODE.match(code):
            raise forms.ValidationError(gettext("代码只用小写英文字母、数字、下划线和一个点。"))
        return code


class ItemForm(forms.Form):
    """An item's names and looks. Its code is its identity and can only be given once."""

    dimension = forms.ModelChoiceField(label=_("服务维度"), queryset=ServiceDimension.objects.none())
    code = forms.CharField(label=_("代码"), max_length=60, help_text=_("例如 facility.lift。数据靠它前后对应，之后不能改。"))
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    team = forms.ChoiceField(label=_("负责班组"), choices=Team.choices)
    icon = forms.CharField(label=_("图标"), max_length=40, required=False, help_text=_("图标名，例如 elevator；留空用默认图标。"))
    common = forms.BooleanField(label=_("显示在居民反映的第一屏"), required=False)
    order = forms.IntegerField(label=_("排序"), min_value=0, max_value=999, required=False, initial=0)

    def __init__(self, *args: Any, organisation: Organisation, item: ServiceItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["dimension"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = ServiceDimension.objects.filter(organisation=organisation)
            choice.empty_label = gettext("选择服务维度")
        if item is not None:
            del self.fields["dimension"], self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().lower()
        if not CODE.match(code):
            raise forms.ValidationError(gettext("代码只用小写英文字母、数字、下划线和一个点。"))
        return code


class PromiseForm(forms.Form):
    """One promise: minutes of the calendar's working time."""

    response_minutes = forms.IntegerField(label=_("响应时限（分钟）"), min_value=1, max_value=525_600)
    resolution_minutes = forms.IntegerField(label=_("解决时限（分钟）"), min_value=1, max_value=525_600)
    calendar = forms.ModelChoiceField(label=_("计时日历"), queryset=ServiceCalendar.objects.none())

    def __init__(self, *args: Any, calendars: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["calendar"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = calendars
            choice.empty_label = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        response, resolution = cleaned.get("response_minutes"), cleaned.get("resolution_minutes")
        if response and resolution and response > resolution:
            self.add_error("response_minutes", gettext("响应时限须不超过解决时限。"))
        return cleaned


WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


class CalendarForm(forms.Form):
    """A week's hours, a line a day."""

    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    observes_holidays = forms.BooleanField(label=_("遵守法定节假日与调休"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, label in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = forms.CharField(label=label, required=False, max_length=120)

    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day{number}"] for number in range(7)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(7):
            try:
                cleaned[f"day{number}"] = parse_hours(cleaned.get(f"day{number}") or "")
            except forms.ValidationError as error:
                self.add_error(f"day{number}", error)
        return cleaned

    def weekly(self) -> list[list[list[str]]]:
        return [self.cleaned_data[f"day{number}"] for number in range(7)]


class OverrideForm(forms.Form):
    """How one date is worked."""

    date = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.CharField(label=_("时段"), required=False, max_length=120, help_text=_("例如 09:00-17:00；留空表示当天休息。"))
    note = forms.CharField(label=_("说明"), required=False, max_length=60)

    def clean_hours(self) -> list[list[str]]:
        return parse_hours(self.cleaned_data["hours"])


class ItemFilter(forms.Form):
    q = forms.CharField(label=_("名称或代码"), required=False, max_length=40)
    dimension = forms.ChoiceField(label=_("服务维度"), required=False)
    retired = forms.BooleanField(label=_("包括已停用"), required=False)

    def __init__(self, *args: Any, dimensions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["dimension"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", _("全部")), *[(d.code, str(d)) for d in dimensions]]
