"""Batches of slips: the batch, its rows, and the list's filter."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community
from linsheng.core.ids import unguessable
from linsheng.core.widgets import PlainSelect
from linsheng.feedback.forms.filter import item_choices, midnight
from linsheng.intake.forms.places import OfCommunity
from linsheng.intake.models import SlipBatch
from linsheng.intake.queries.paper import BatchFilter
from linsheng.standards.models import ServiceItem, Urgency

ROWS: Final = 8
MOST_ROWS: Final = 40


class BatchForm(OfCommunity):
    received_at = forms.DateTimeField(
        label=_("收到时间"),
        help_text=_("纸条投进来或当面说的时间，居民等了多久从这时算起。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    box = forms.CharField(label=_("从哪里收来"), max_length=60, required=False, help_text=_("例如：1 栋意见箱、前台、业主大会。"))
    channel = forms.ChoiceField(label=_("渠道"), choices=SlipBatch.CHANNELS, initial="paper", widget=forms.RadioSelect)


class RowForm(forms.Form):
    """One slip. A row in which nothing was typed is none."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    who = forms.CharField(label=_("房号或电话"), max_length=30, required=False)
    name = forms.CharField(label=_("称呼"), max_length=60, required=False)
    item = forms.ChoiceField(label=_("哪方面"), widget=PlainSelect, error_messages={"required": _("请选择是哪方面的事。")})
    text = forms.CharField(
        label=_("内容"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写下纸条上的话。")},
    )
    urgency = forms.ChoiceField(label=_("急不急"), choices=Urgency.choices, initial=Urgency.NORMAL, required=False)
    confidential = forms.BooleanField(label=_("要求保密"), required=False)
    scan = forms.FileField(
        label=_("扫描件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf", "data-no-draft": True}),
    )

    def __init__(self, *args: Any, items: Sequence[ServiceItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = items
        self.fields["item"].choices = [("", _("输入或选择…")), *item_choices(items)]  # type: ignore[attr-defined]  # a ChoiceField
        self.initial.setdefault("key", unguessable())

    def clean_item(self) -> ServiceItem:
        return next(item for item in self.items if item.code == self.cleaned_data["item"])

    def clean_urgency(self) -> str:
        return self.cleaned_data["urgency"] or Urgency.NORMAL

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote anything into this row."""
        typed = [self.data.get(self.add_prefix(name), "").strip() for name in ("who", "name", "item", "text")]
        return not any(typed) and not self.files.get(self.add_prefix("scan"))

    @property
    def scan_lost(self) -> bool:
        """A file was chosen and the row comes back: browsers do not keep files."""
        return bool(self.is_bound and self.files.get(self.add_prefix("scan")))


class BatchFilterForm(forms.Form):
    q = forms.CharField(label=_("搜索"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    community = forms.ChoiceField(label=_("小区"), required=False)

    def __init__(self, *args: Any, communities: Iterable[Community], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("全部")), *((place.code, place.name) for place in communities)]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        # "from" is a word of the language.
        self.fields["from"] = forms.DateField(label=_("收到日期从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
        self.fields["to"] = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def wanted(self) -> BatchFilter:
        """What can be read of it; the rest filters nothing."""
        self.is_valid()
        clean = self.cleaned_data
        return BatchFilter(
            q=clean.get("q", ""),
            community=clean.get("community", ""),
            since=midnight(clean.get("from")),
            until=midnight(clean.get("to"), after=True),
        )
