"""The list of what went out: found by what is known of it, and taken away as a table."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.feedback.models import Case
from linsheng.jobs.models import LeaseState
from linsheng.messaging.models import Channel, Delivery, NoticeKind
from linsheng.messaging.showing import error_words, masked_address, state_words

CHUNK = 2000
SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("号码、邮箱、案件编号")})
EVERY_STATE = ("", gettext_lazy("全部状态"))
EVERY_KIND = ("", gettext_lazy("全部类型"))
OUTSIDE = [choice for choice in Channel.choices if choice[0] != Channel.INBOX]
HEADER = (
    gettext_lazy("时间"),
    gettext_lazy("通知类型"),
    gettext_lazy("渠道"),
    gettext_lazy("收件地址"),
    gettext_lazy("状态"),
    gettext_lazy("发出时间"),
    gettext_lazy("回执时间"),
    gettext_lazy("次数"),
    gettext_lazy("服务商编号"),
    gettext_lazy("说明"),
)


class DeliveryFilter(forms.Form):
    """What is known of a message that somebody looks for."""

    show = forms.CharField(required=False, initial="deliveries", widget=forms.HiddenInput)
    q = forms.CharField(label=gettext_lazy("搜索"), required=False, max_length=60, widget=SEARCH)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=[EVERY_STATE, *LeaseState.choices])
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), required=False, choices=[("", gettext_lazy("全部渠道")), *OUTSIDE])
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"), required=False, choices=[("", gettext_lazy("全部类型")), *NoticeKind.choices]
    )
    since = forms.DateField(label=gettext_lazy("从哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("到哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen; what is no choice is left out."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value and name != "show"}


def filtered(rows: QuerySet[Delivery], chosen: dict[str, Any]) -> QuerySet[Delivery]:
    """The rows that were asked for."""
    plain = {"state": "state", "channel": "channel", "kind": "notice__kind"}
    rows = rows.filter(**{column: chosen[name] for name, column in plain.items() if name in chosen})
    if day := chosen.get("since"):
        rows = rows.filter(created_at__gte=_midnight(day))
    if day := chosen.get("until"):
        rows = rows.filter(created_at__lt=_midnight(day + timedelta(days=1)))
    return rows.filter(_found(chosen["q"])) if chosen.get("q") else rows


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _found(words: str) -> Q:
    """A part of the address, of the provider's words or number, or the number of the case; titles are nobody's business here."""
    cases = Case.objects.filter(number__iexact=words.strip()).values_list("pk", flat=True)
    about = Q(notice__subject_type="feedback.case", notice__subject_id__in=list(cases))
    return about | Q(address__icontains=words) | Q(error__icontains=words) | Q(receipt__icontains=words) | Q(provider_id=words)


def table(rows: QuerySet[Delivery]) -> Iterator[tuple[object, ...]]:
    """One tuple a message, in the order of ``HEADER``; addresses as the page shows them."""
    for row in rows.order_by("-created_at", "-id").iterator(chunk_size=CHUNK):
        yield (
            row.created_at,
            row.notice.get_kind_display(),
            row.get_channel_display(),
            masked_address(row),
            state_words(row),
            row.sent_at,
            row.receipt_at,
            row.attempts,
            row.provider_id,
            error_words(row),
        )


def name() -> str:
    return _("发送记录")
