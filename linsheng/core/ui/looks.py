"""Colour (tone) and icon of the values that people meet everywhere. Their words come from the app that defines them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TONES = ("primary", "late", "soon", "waiting", "done", "praise", "plain")


@dataclass(frozen=True)
class Look:
    """How a value looks: a tone of ``TONES`` and an icon of the sprite."""

    tone: str
    icon: str


LOOKS: dict[str, dict[str, Look]] = {
    "state": {
        "received": Look("primary", "inbox"),
        "assigned": Look("primary", "user-check"),
        "in_progress": Look("primary", "tool"),
        "waiting": Look("waiting", "hourglass"),
        "resolved": Look("done", "check"),
        "closed": Look("done", "checks"),
        "referred": Look("plain", "arrow-forward-up"),
        "declined": Look("plain", "ban"),
        "withdrawn": Look("plain", "arrow-back-up"),
        "merged": Look("plain", "git-merge"),
    },
    "urgency": {
        "emergency": Look("late", "urgent"),
        "urgent": Look("soon", "flame"),
        "normal": Look("plain", "clock"),
    },
    "kind": {
        "repair": Look("plain", "tool"),
        "complaint": Look("plain", "message-2"),
        "suggestion": Look("plain", "bulb"),
        "enquiry": Look("plain", "help-circle"),
        "praise": Look("praise", "heart"),
        "help": Look("plain", "heart-handshake"),
    },
    "channel": {
        "app": Look("plain", "device-mobile"),
        "qr": Look("plain", "qrcode"),
        "phone": Look("plain", "phone"),
        "email": Look("plain", "mail"),
        "desk": Look("plain", "user"),
        "paper": Look("plain", "file-text"),
        "forum": Look("plain", "users"),
        "patrol": Look("plain", "walk"),
    },
}
UNKNOWN = Look("plain", "circle")

# The words of a rating's stars, 1 to 5.
STAR_WORDS = (_("很不满意"), _("不满意"), pgettext_lazy("评价", "一般"), _("满意"), _("很满意"))
STEPS = (_("收到"), _("处理"), _("完成"), _("您评价"))

_words: dict[str, dict[str, str | Promise]] = {}


def register_words(subject: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Tell the words of a subject's values (``State.choices``); done once, when the apps are ready."""
    _words[subject] = dict(choices)


def look(subject: str, value: str) -> Look:
    """Tone and icon of a value; an unknown one is plain."""
    return LOOKS[subject].get(value, UNKNOWN)


def value_and_word(subject: str, thing: object) -> tuple[str, str]:
    """The value and its word, from an object with ``get_SUBJECT_display``, or from the value itself."""
    display = getattr(thing, f"get_{subject}_display", None)
    if display is not None:
        return str(getattr(thing, subject)), str(display())
    value = str(getattr(thing, "value", thing))
    return value, str(getattr(thing, "label", None) or _words.get(subject, {}).get(value, value))
