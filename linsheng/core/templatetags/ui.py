"""The components that templates are made of (a builtin library). ``docs/components.md`` shows each in one line."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linsheng.core import clock
from linsheng.core.templatetags import ui_blocks, ui_forms, ui_lists
from linsheng.core.ui import figures, html, looks, moments
from linsheng.core.ui.markup import EMPTY

register = template.Library()
for _part in (ui_blocks, ui_forms, ui_lists):
    register.tags.update(_part.register.tags)


def now_in(context: Context) -> datetime:
    """The instant of the page: ``now`` of its context."""
    found = context.get("now")
    return found if isinstance(found, datetime) else clock.now()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    return html.icon_html(name, str(label))


@register.simple_tag
def button(
    label: str = "",
    *,
    kind: str = "primary",
    href: str = "",
    icon: str = "",
    size: str = "",
    wide: bool = False,
    type: str = "submit",
    key: str = "",
    **attrs: object,
) -> SafeString:
    options = {"kind": kind, "href": href, "icon": icon, "size": size, "wide": wide, "type": type, "key": key}
    return html.button_html(str(label), options, attrs)


@register.simple_tag
def badge(word: str, tone: str = "plain", icon: str = "") -> SafeString:
    return html.badge_html(str(word), tone, icon)


def _badge_of(subject: str, thing: object, label: str, extra: str) -> SafeString:
    if thing in (None, ""):
        return EMPTY
    value, word = looks.value_and_word(subject, thing)
    look = looks.look(subject, value)
    return html.badge_html(str(label or word), look.tone, look.icon, extra)


@register.simple_tag
def state_badge(thing: object, label: str = "") -> SafeString:
    """A case's state, from the case or the value."""
    return _badge_of("state", thing, label, "badge-state")


@register.simple_tag
def urgency_chip(thing: object, label: str = "") -> SafeString:
    return _badge_of("urgency", thing, label, "badge-chip")


@register.simple_tag
def kind_chip(thing: object, label: str = "") -> SafeString:
    return _badge_of("kind", thing, label, "badge-chip")


@register.simple_tag
def channel(thing: object, label: str = "") -> SafeString:
    """The channel's icon and word."""
    return _badge_of("channel", thing, label, "badge-bare")


@register.simple_tag(takes_context=True)
def deadline(
    context: Context,
    due: datetime | None,
    since: datetime | None = None,
    paused: bool = False,
    done: datetime | None = None,
) -> SafeString:
    """How far a deadline is: 还剩 2 小时, 已超 35 分钟."""
    distance = moments.deadline_distance(due, now_in(context), since=since, paused=paused, done=done)
    return html.deadline_html(due, distance)


@register.simple_tag(takes_context=True)
def moment(context: Context, value: date | datetime | None, with_time: bool = False) -> SafeString:
    """A time as one says it, the full one on hover."""
    if not value:
        return SafeString(figures.NONE)
    return html.time_html(value, moments.moment_words(value, now_in(context), with_time=with_time))


@register.filter
def when(value: date | datetime | None, now: datetime | None = None) -> str:
    """今天 14:05, 昨天 09:30, 11月23日, 2024年3月5日."""
    return moments.moment_words(value, now or clock.now()) if value else figures.NONE


@register.filter
def when_full(value: date | datetime | None) -> str:
    """2026年11月23日 星期一 14:05."""
    return moments.moment_in_full(value) if value else figures.NONE


@register.filter
def duration(value: timedelta | float | None, day_minutes: int | None = None) -> str:
    """Minutes (or a timedelta) in words: 200 → 3 小时 20 分; ``|duration:450`` says 900 as 2 个工作日."""
    if day_minutes and isinstance(value, int):
        return moments.working_words(value, day_minutes)
    return moments.duration_words(value) if isinstance(value, timedelta) or figures.is_known(value) else figures.NONE


@register.filter
def yuan(fen: int | None) -> str:
    """Integer fen as yuan."""
    return figures.yuan_words(fen)


@register.filter
def decimals(value: float | Decimal | None, digits: int = 1) -> str:
    return figures.decimals_words(value, digits)


@register.filter
def signed(value: float | Decimal | None, digits: int = 1) -> str:
    """A change with its sign: +1.2, −0.3."""
    return figures.signed_words(value, digits)


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """A share (0–1) as percent; prefer ``{% rate %}``, which carries its denominator."""
    return figures.percent_words(share, digits) if figures.is_known(share) else figures.NONE


@register.filter
def grouped(value: float | None) -> str:
    """12345 → 12,345."""
    return figures.count_words(value)


@register.simple_tag
def rate(
    part: float | None, whole: float | None, low: float | None = None, high: float | None = None, digits: int = 0
) -> SafeString:
    """A rate with its denominator, and its interval if given: 86%(43/50)."""
    return format_html('<span class="figures">{}</span>', figures.rate_words(part, whole, low=low, high=high, digits=digits))


@register.simple_tag
def stars(value: float | None, n: int | None = None) -> SafeString:
    """One rating in stars with its words, or a mean of ``n`` ratings."""
    if value is None:
        return format_html('<span class="muted">{}</span>', _("尚未评价"))
    if n is None:
        word = looks.STAR_WORDS[int(value) - 1]
        drawn = html.stars_html(value, _("%(stars)d 星，%(word)s") % {"stars": int(value), "word": word})
        return format_html('<span class="rating">{} <span class="small">{}</span></span>', drawn, word)
    mean = figures.decimals_words(value, 1)
    drawn = html.stars_html(value, _("平均 %(mean)s 星") % {"mean": mean})
    count = _("%(n)s 人评价") % {"n": figures.count_words(n)}
    return format_html(
        '<span class="rating">{} <b class="figures">{}</b> <span class="muted small">{}</span></span>', drawn, mean, count
    )


@register.simple_tag
def stat(label: str, value: object, *, tone: str = "", href: str = "", note: str = "", icon: str = "") -> SafeString:
    """A figure with its word and what to know about it."""
    parts = [
        format_html('<span class="stat-label">{}{}</span>', html.icon_html(icon), label),
        format_html('<span class="stat-value figures">{}</span>', value),
        format_html('<span class="stat-note">{}</span>', note) if note else EMPTY,
    ]
    inner = format_html_join("", "{}", ((part,) for part in parts))
    classes = f"stat tone-{tone}" if tone else "stat"
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', classes, href, inner)
    return format_html('<div class="{}">{}</div>', classes, inner)


@register.simple_tag
def progress_steps(current: int, labels: Iterable[str] | None = None, ended: str = "") -> SafeString:
    """Steps of which the ``current``-th (from 1) is under way; one past the last = all done; ``ended`` says it stopped there."""
    names = list(labels or looks.STEPS)
    rows = []
    for number, name in enumerate(names, start=1):
        state = (
            "done" if number < current else "stopped" if ended and number == current else "current" if number == current else "next"
        )
        spoken = {"done": _("已完成"), "current": _("进行中"), "next": _("未开始"), "stopped": ended}[state]
        mark = html.icon_html({"done": "check", "stopped": "x"}.get(state, ""))
        current_mark = SafeString(' aria-current="step"') if state == "current" else EMPTY
        rows.append((state, current_mark, mark, name if state != "stopped" else ended, spoken))
    name = '<span class="step-name">{}<span class="visually-hidden"> {}</span></span>'
    items = format_html_join("", f'<li class="step step-{{}}"{{}}><span class="step-dot">{{}}</span>{name}</li>', rows)
    return format_html('<ol class="steps">{}</ol>', items)


@register.simple_tag
def legend(items: Iterable[dict[str, str]]) -> SafeString:
    """What the colours of a page mean: ``[{"tone": "late", "label": …}]``."""
    rows = ((item["tone"], html.icon_html(item.get("icon", "")), item["label"]) for item in items)
    return format_html(
        '<ul class="legend">{}</ul>', format_html_join("", '<li class="tone-{}"><i class="swatch"></i>{}{}</li>', rows)
    )
