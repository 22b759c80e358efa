"""What residents fill in: a report, and the answers on their case's page. Forms clean; actions decide and write."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from linsheng.core.ids import unguessable
from linsheng.feedback.forms.album import AlbumField
from linsheng.feedback.models import Callback, Kind, Rating
from linsheng.feedback.queries.neighbours import AT_HOME
from linsheng.feedback.queries.resident import Household
from linsheng.standards.models import ServiceDimension, ServiceItem, Urgency

LONGEST_TEXT = 5000
SOURCE_LANGUAGE = "zh-hans"
ELSEWHERE = "none"
PLACES = (
    ("home", gettext_lazy("我家")),
    ("lift", gettext_lazy("本楼电梯")),
    ("building", gettext_lazy("本楼公共区")),
    ("garage", gettext_lazy("地库")),
    ("grounds", gettext_lazy("园区")),
    ("gate", gettext_lazy("大门")),
    (ELSEWHERE, gettext_lazy("与地点无关")),
)
PLACE_ICONS = {
    "home": "home",
    "lift": "elevator",
    "building": "stairs",
    "garage": "parking",
    "grounds": "tree",
    "gate": "door-enter",
    ELSEWHERE: "message",
}
NEAR_HOME = frozenset({"home", "lift", "building"})
URGENCIES = (
    (Urgency.NORMAL, Urgency.NORMAL.label, gettext_lazy("不影响生活，按承诺的时间处理。")),
    (Urgency.URGENT, Urgency.URGENT.label, gettext_lazy("已经影响生活，希望今天有人来。")),
    (Urgency.EMERGENCY, Urgency.EMERGENCY.label, gettext_lazy("有人身或财产危险：困人、跑水、燃气、冒烟、漏电。")),
)


def place_words(place: str, detail: str) -> str:
    """The place as staff read it, in Chinese whatever language the reporter reads: 本楼电梯 三号."""
    with override(SOURCE_LANGUAGE):
        label = AT_HOME if place == "home" else "" if place == ELSEWHERE else str(dict(PLACES)[place])
    return f"{label} {detail.strip()}".strip()


class MatterForm(forms.Form):
    """What somebody brings up, without where they live: which item, words, photos. Also the form for people without an account."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    took = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)  # the proposal taken by its button
    item = forms.ChoiceField(
        label=gettext_lazy("哪方面？"), widget=forms.RadioSelect, error_messages={"required": gettext_lazy("请点选是哪方面的事。")}
    )
    location = forms.CharField(
        label=gettext_lazy("具体位置"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：三号电梯、B2 层 15 号车位旁")}),
    )
    text = forms.CharField(
        label=gettext_lazy("说一句发生了什么"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": gettext_lazy("例如：三号电梯按了没反应")}),
        error_messages={"required": gettext_lazy("请说一句发生了什么。")},
    )
    photos = AlbumField()
    urgency = forms.ChoiceField(
        label=gettext_lazy("急不急？"),
        choices=[(value, label) for value, label, _why in URGENCIES],
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("属于哪一类？"),
        choices=[("", gettext_lazy("由我们判断")), *Kind.choices],
        required=False,
        initial="",
        widget=forms.RadioSelect,
    )
    confidential = forms.BooleanField(
        label=gettext_lazy("对工作人员保密"),
        required=False,
        help_text=gettext_lazy("工作人员看不到您的姓名、电话和房号，只能通过这件反映的页面答复您。要上门维修的事请不要勾选。"),
    )

    photos_dropped = False  # it comes back unfinished, and photos had been chosen

    def __init__(self, *args: Any, items: Sequence[ServiceItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = items
        self.fields["item"].choices = [(item.code, str(item)) for item in items]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_item(self) -> ServiceItem:
        return next(item for item in self.items if item.code == self.cleaned_data["item"])

    def _tiles(self) -> list[tuple[ServiceItem, BoundWidget]]:
        options = {str(option.data["value"]): option for option in self["item"].subwidgets}
        return [(item, options[item.code]) for item in self.items]

    @property
    def common(self) -> list[tuple[ServiceItem, BoundWidget]]:
        """The items with a picture on the first step."""
        return [(item, option) for item, option in self._tiles() if item.common]

    @property
    def tree(self) -> list[tuple[ServiceDimension, list[tuple[ServiceItem, BoundWidget]]]]:
        """All other items under their dimension."""
        rest = [(item, option) for item, option in self._tiles() if not item.common]
        return [(dimension, list(rows)) for dimension, rows in groupby(rest, key=lambda row: row[0].dimension)]

    @property
    def tree_open(self) -> bool:
        """Whether an item under 更多 is the chosen one, or there is nothing else to choose from."""
        chosen = self["item"].value()
        return not any(item.common for item in self.items) or any(item.code == chosen and not item.common for item in self.items)

    @property
    def urgencies(self) -> list[tuple[BoundWidget, Any]]:
        """Each degree with the sentence that explains it."""
        why = {str(value): text for value, _label, text in URGENCIES}
        return [(option, why[str(option.data["value"])]) for option in self["urgency"].subwidgets]

    @property
    def photos_lost(self) -> bool:
        """Photos were chosen and the form comes back: browsers do not keep files."""
        return self.photos_dropped or bool(self.is_bound and self.files)


class ReportForm(MatterForm):
    """A report for one community: which item, where, what."""

    seen = forms.BooleanField(required=False, widget=forms.HiddenInput)
    place = forms.ChoiceField(
        label=gettext_lazy("在哪里？"),
        choices=PLACES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请点选在哪里。")},
    )
    home = forms.TypedChoiceField(label=gettext_lazy("哪一套房？"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, items: Sequence[ServiceItem], households: Sequence[Household], **options: Any) -> None:
        super().__init__(*args, items=items, **options)
        self.households = households
        self.fields["home"].choices = [(h.home.pk, h.home.number) for h in households]  # type: ignore[attr-defined]
        self.fields["home"].required = False
        self.initial.setdefault("key", unguessable())
        if households:
            self.initial.setdefault("home", households[0].home.pk)

    def clean_home(self) -> Household:
        wanted = self.cleaned_data["home"] or self.households[0].home.pk
        return next(h for h in self.households if h.home.pk == wanted)

    @property
    def places(self) -> list[tuple[BoundWidget, str]]:
        return [(option, PLACE_ICONS[str(option.data["value"])]) for option in self["place"].subwidgets]


class HintsForm(ReportForm):
    """The same fields while they are being filled in: nothing is required yet."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.required = False

    def clean_item(self) -> ServiceItem | None:  # type: ignore[override]  # nothing chosen yet
        return super().clean_item() if self.cleaned_data["item"] else None


class ListFilter(forms.Form):
    """How the list of own cases is narrowed."""

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=gettext_lazy("搜索"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=[("", gettext_lazy("全部")), *Kind.choices], required=False)


class AnswerForm(forms.Form):
    """The three questions after a result."""

    solved = forms.ChoiceField(
        label=gettext_lazy("解决了吗？"),
        choices=[("yes", gettext_lazy("解决了")), ("no", gettext_lazy("没有解决"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请点选解决了没有。")},
    )
    contacted = forms.ChoiceField(
        label=gettext_lazy("处理中有人联系过您吗？"),
        choices=[("yes", gettext_lazy("联系过")), ("no", gettext_lazy("没有联系过"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请点选有没有人联系过您。")},
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("您满意吗？"),
        choices=Callback.Satisfied.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请点选满意程度。")},
    )


class RateForm(forms.Form):
    """Stars, empty at first; reasons count for three stars and fewer."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("请给这次处理打分"),
        choices=[(n, n) for n in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请点选 1 到 5 颗星。")},
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("哪里不满意？"), choices=Rating.Reason.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label=gettext_lazy("想说的话"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("哪里没有解决？"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请说明哪里没有解决。")},
    )


class UrgeForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("想说的话"), max_length=200, required=False, widget=forms.TextInput)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("撤回的原因"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：已经自己好了")}),
    )


class AddForm(forms.Form):
    """More words, more photos, or both."""

    text = forms.CharField(
        label=gettext_lazy("补充说明"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photos = AlbumField()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("text") and not cleaned.get("photos"):
            self.add_error("text", _("请写一句话，或选一张照片。"))
        return cleaned
