"""What is typed and ticked on the pages of notices."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.messaging.models import PERSONAL, NoticeKind, NoticeTimes
from linsheng.messaging.preferences import CHOSEN_KINDS


class InboxFilter(forms.Form):
    """Words and kind; ``show`` is the tab, carried along."""

    show = forms.ChoiceField(choices=[("unread", ""), ("all", "")], required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("搜索"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"}))
    kind = forms.ChoiceField(label=_("类型"), required=False)

    def __init__(self, data: Mapping[str, Any], *, kinds: list[NoticeKind]) -> None:
        super().__init__(data)
        choices = [("", _("全部类型")), *((kind.value, kind.label) for kind in kinds)]
        self.fields["kind"] = forms.ChoiceField(label=_("类型"), required=False, choices=choices)

    def chosen(self, name: str) -> str:
        """What was chosen, or nothing where it is no choice."""
        self.full_clean()
        return str(self.cleaned_data.get(name) or "")


def _pairs() -> list[tuple[str, str]]:
    return [(f"{kind}.{channel}", "") for kind in CHOSEN_KINDS for channel in PERSONAL]


class PreferencesForm(forms.Form):
    """The switches: ``shown`` are those on the page, ``on`` those of them that are on (as ``kind.channel``)."""

    shown = forms.MultipleChoiceField(choices=_pairs, required=False)
    on = forms.MultipleChoiceField(choices=_pairs, required=False)

    def wanted(self) -> dict[tuple[str, str], bool]:
        """(kind, channel) → on, of what was shown."""
        on = set(self.cleaned_data["on"])
        pairs = [(pair, pair.partition(".")) for pair in self.cleaned_data["shown"]]
        return {(kind, channel): pair in on for pair, (kind, _dot, channel) in pairs}


EVENING: Any = 18  # where nothing was chosen
HOURS = [(str(hour), f"{hour:02d}:00") for hour in range(24)]


class TimesForm(forms.Form):
    """Quiet hours, and the hour of the digest."""

    quiet_on = forms.BooleanField(label=_("夜间免打扰"), required=False)
    quiet_from = forms.TimeField(label=_("免打扰开始"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(label=_("免打扰结束"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    digest_on = forms.BooleanField(label=_("每天只收一条汇总"), required=False)
    digest_hour = forms.TypedChoiceField(label=_("每天几点"), choices=HOURS, coerce=int, required=False, empty_value=EVENING)

    @classmethod
    def of(cls, times: NoticeTimes) -> Self:
        """The form with what holds now."""
        hour = times.digest_hour
        said = {"quiet_on": times.quiet_on, "quiet_from": times.quiet_from, "quiet_until": times.quiet_until}
        return cls(initial={**said, "digest_on": hour is not None, "digest_hour": EVENING if hour is None else hour})

    @property
    def values(self) -> dict[str, Any]:
        """What ``set_times`` takes."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in ("quiet_on", "quiet_from", "quiet_until")},
            "digest_hour": cleaned["digest_hour"] if cleaned["digest_on"] else None,
        }
