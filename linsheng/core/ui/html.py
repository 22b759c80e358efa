"""The small pieces that stand on a page by the hundred: built in Python, since a template each would cost too much."""

from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from linsheng.core.ui.looks import STAR_WORDS
from linsheng.core.ui.markup import EMPTY, joined, markup
from linsheng.core.ui.moments import Distance, moment_in_full


@lru_cache(maxsize=1)
def sprite_url() -> str:
    """Where the icon sprite is served; the same for the life of the process."""
    return static("vendor/icons.svg")


@lru_cache(maxsize=512)
def icon_html(name: str, label: str = "") -> SafeString:
    """An icon: decorative, or named for screen readers by ``label``."""
    if not name:
        return EMPTY
    naming = markup('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return markup('<svg class="icon" {}><use href="{}#{}"></use></svg>', naming, sprite_url(), name)


def attributes(values: dict[str, object]) -> SafeString:
    """``hx_post=url`` → `` hx-post="url"``; ``True`` stands alone; ``False``, ``None`` and ``""`` are left out."""
    present = [(name.strip("_").replace("_", "-"), value) for name, value in values.items() if value not in (False, None, "")]
    return joined(markup(" {}", name) if value is True else markup(' {}="{}"', name, value) for name, value in present)


@lru_cache(maxsize=1024)
def badge_html(word: str, tone: str = "plain", icon: str = "", extra: str = "") -> SafeString:
    """A word with its colour and icon; ``extra`` are more classes."""
    classes = f"badge tone-{tone} {extra}".rstrip()
    return markup('<span class="{}">{}<span>{}</span></span>', classes, icon_html(icon), word)


@lru_cache(maxsize=4096)
def _instant(value: datetime, zone: tzinfo, language: str | None) -> SafeString:
    # Lists show the same moments again and again; ``language`` is what the words hang on.
    local = value.astimezone(zone)
    return markup('datetime="{}" title="{}"', local.isoformat(timespec="minutes"), moment_in_full(local))


def time_html(value: date | datetime, inner: str, classes: str = "") -> SafeString:
    """A ``<time>`` with the exact instant for machines and the full words on hover."""
    if isinstance(value, datetime):
        exact = _instant(value, timezone.get_current_timezone(), get_language())
    else:
        exact = markup('datetime="{}" title="{}"', value.isoformat(), moment_in_full(value))
    kind = markup(' class="{}"', classes) if classes else EMPTY
    return markup("<time{} {}>{}</time>", kind, exact, inner)


def deadline_html(due: datetime | None, distance: Distance) -> SafeString:
    """The distance of a deadline, with icon, colour and word."""
    inner = markup("{}<span>{}</span>", icon_html(distance.icon), distance.text)
    classes = f"deadline tone-{distance.tone}"
    if due is None:
        return markup('<span class="{}">{}</span>', classes, inner)
    return time_html(due, inner, classes)


def stars_html(value: float, words: str) -> SafeString:
    """Five stars of which ``value`` are filled (halves round up to the next), read out as ``words``."""
    filled = int(value + 0.5)
    on, off = icon_html("star-filled"), icon_html("star")
    drawn = joined(on if i <= filled else off for i in range(1, len(STAR_WORDS) + 1))
    return markup('<span class="stars" role="img" aria-label="{}">{}</span>', words, drawn)


def button_html(label: str, options: dict[str, Any], attrs: dict[str, object]) -> SafeString:
    """A button, or a link that looks like one when ``options["href"]`` is given."""
    size, key = options["size"], options["key"]
    classes = [
        "btn",
        f"btn-{options['kind']}",
        f"btn-{size}" if size else "",
        "btn-wide" if options["wide"] else "",
        str(attrs.pop("class", "")),
    ]
    attrs = {"class": " ".join(filter(None, classes)), **attrs}
    if key:
        attrs |= {"data_shortcut": key, "data_shortcut_label": label or attrs.get("aria_label"), "aria_keyshortcuts": key}
    hint = markup("<kbd>{}</kbd>", key) if key and label else EMPTY
    word = markup("<span>{}</span>", label) if label else EMPTY
    inner = markup("{}{}{}", icon_html(options["icon"]), word, hint)
    if options["href"]:
        return markup('<a href="{}"{}>{}</a>', options["href"], attributes(attrs), inner)
    return markup('<button type="{}"{}>{}</button>', options["type"], attributes(attrs), inner)


def clean_id(text: str) -> str:
    """An element id from free text."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in escape(text)).strip("-") or "x"
