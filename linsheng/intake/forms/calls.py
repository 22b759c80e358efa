"""Calls: the list's filter, what came of a call; exchanges and lines."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community
from linsheng.feedback.models import Case
from linsheng.intake.models import Call, Line
from linsheng.intake.queries.calls import CallFilter


class CallFilterForm(forms.Form):
    q = forms.CharField(label=_("号码的任何一段"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    outcome = forms.ChoiceField(label=_("来电结果"), required=False)
    line = forms.ChoiceField(label=_("线路"), required=False)
    agent = forms.ChoiceField(label=_("接听人"), required=False)

    def __init__(self, data: Any, *, lines: Iterable[Line], agents: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        everything = ("", _("全部"))
        self._choose("outcome", [everything, *Call.Outcome.choices, ("unknown", _("来电人未知"))])
        self._choose("line", [everything, *((str(line.pk), str(line)) for line in lines)])
        self._choose("agent", [everything, *agents])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def wanted(self) -> CallFilter:
        """What can be read of it; the rest filters nothing."""
        self.is_valid()
        return CallFilter(**{name: self.cleaned_data.get(name, "") for name in ("q", "line", "agent", "outcome")})


class LinkForm(forms.Form):
    """又来电问: which open case it is about."""

    case = forms.ChoiceField(
        label=_("是哪一件"), widget=forms.RadioSelect, error_messages={"required": _("请选择一件正在处理的反映。")}
    )
    text = forms.CharField(
        label=_("这次说了什么"), required=False, max_length=300, help_text=_("记进这件反映的经过，反映人也会看到。")
    )
    urge = forms.BooleanField(label=_("同时催办"), required=False)

    def __init__(self, data: Any = None, *, cases: Iterable[Case]) -> None:
        super().__init__(data)
        self.cases = {str(case.pk): case for case in cases}
        choices = [(pk, f"{case.number} · {case.headline}") for pk, case in self.cases.items()]
        self.fields["case"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class NoteForm(forms.Form):
    note = forms.CharField(label=_("备注"), required=False, max_length=300, help_text=_("例如：问营业时间、打错了、回电已说清。"))


class ExchangeForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如：总部呼叫中心。"))


class LineForm(forms.Form):
    number = forms.CharField(label=_("线路号码"), max_length=30, help_text=_("与电话系统报来的写法一致，横线空格不计。"))
    community = forms.ChoiceField(label=_("小区"))
    label = forms.CharField(label=_("线路说明"), max_length=40, required=False)

    def __init__(self, data: Any = None, *, communities: Iterable[Community]) -> None:
        super().__init__(data)
        self.places = {place.code: place for place in communities}
        self.fields["community"].choices = [(c.code, c.name) for c in self.places.values()]  # type: ignore[attr-defined]

    def clean_community(self) -> Community:
        return self.places[self.cleaned_data["community"]]
