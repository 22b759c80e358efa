"""Components that hold a part of the page between two tags; part of the ``ui`` library."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linsheng.core import clock
from linsheng.core.ui import chart as charts
from linsheng.core.ui import html, moments
from linsheng.core.ui.markup import EMPTY

register = template.Library()


def component(name: str, context: dict[str, Any]) -> SafeString:
    """A component's template, rendered with exactly ``context``."""
    return render_to_string(f"_components/{name}.html", context)


def trimmed(content: str) -> SafeString:
    """What a block tag holds, which is already rendered, without the space around it."""
    return SafeString(content.strip())


@register.simple_block_tag
def page_header(content: str, title: str, subtitle: str = "", back: str = "", back_label: str = "") -> SafeString:
    """The page's heading; its content are the buttons at its right."""
    return component(
        "page_header", {"title": title, "subtitle": subtitle, "back": back, "back_label": back_label, "actions": trimmed(content)}
    )


@register.simple_block_tag
def card(
    content: str, title: str = "", *, tone: str = "", id: str = "", href: str = "", link: str = "", icon: str = ""
) -> SafeString:
    """A separate thing."""
    values = {"title": title, "tone": tone, "id": id, "href": href, "link": link, "icon": icon}
    return component("card", {**values, "content": content})


@register.simple_block_tag
def notice(content: str, title: str = "", tone: str = "waiting", icon: str = "") -> SafeString:
    """A banner inside the page."""
    usual = {"late": "alert-triangle", "soon": "alert-circle", "done": "circle-check", "praise": "heart"}
    return component("notice", {"title": title, "tone": tone, "icon": icon or usual.get(tone, "info-circle"), "content": content})


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One line of ``<dl class="facts">``."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, trimmed(content) or "—")


@register.simple_block_tag
def timeline(content: str, label: str = "") -> SafeString:
    """The story of a thing, in time order."""
    return format_html('<ol class="timeline"{}>{}</ol>', html.attributes({"aria_label": label}), SafeString(content))


@register.simple_block_tag(takes_context=True)
def entry(
    context: Context,
    content: str,
    *,
    who: object = "",
    what: str = "",
    when: datetime | None = None,
    icon: str = "",
    tone: str = "",
    internal: bool = False,
) -> SafeString:
    """One entry of a timeline; an ``internal`` note looks and reads differently, so that nobody mistakes it for an answer."""
    now = context.get("now") or clock.now()
    said = html.time_html(when, moments.moment_words(when, now, with_time=True)) if when else EMPTY
    values = {"who": who, "what": what, "time": said, "tone": tone, "internal": internal}
    return component("entry", {**values, "icon": "lock" if internal and not icon else icon, "content": trimmed(content)})


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> SafeString:
    """A native dialog, opened by ``{% dialog_button %}``."""
    return component("dialog", {"id": id, "title": title, "wide": wide, "content": content})


@register.simple_tag
def dialog_button(
    label: str, dialog: str, *, href: str, kind: str = "plain", icon: str = "", size: str = "", key: str = "", **attrs: object
) -> SafeString:
    """Opens the dialog; without JavaScript it is a link to the plain page ``href``."""
    options = {"kind": kind, "href": href, "icon": icon, "size": size, "wide": False, "type": "button", "key": key}
    return html.button_html(str(label), options, {"data_dialog_open": dialog, "aria_haspopup": "dialog", **attrs})


@register.simple_block_tag
def menu(
    content: str, label: str = "", *, icon: str = "", kind: str = "plain", size: str = "", end: bool = False, name: str = ""
) -> SafeString:
    """A dropdown; ``name`` is what screen readers hear where only an icon shows."""
    return component(
        "menu", {"label": label, "icon": icon, "kind": kind, "size": size, "end": end, "name": name, "content": content}
    )


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    label: str,
    url: str,
    *,
    kind: str = "plain",
    icon: str = "",
    size: str = "",
    key: str = "",
    confirm: str = "",
    name: str = "",
    value: str = "",
    **attrs: object,
) -> SafeString:
    """A form of one button."""
    options = {"kind": kind, "href": "", "icon": icon, "size": size, "wide": False, "type": "submit", "key": key}
    pressed = html.button_html(str(label), options, {"name": name, "value": value, **attrs})
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token", ""))
    extra = html.attributes({"data_confirm": confirm})
    return format_html('<form method="post" action="{}" class="inline"{}>{}{}</form>', url, extra, token, pressed)


@register.simple_tag
def photos(pictures: Iterable[Any], label: str = "") -> SafeString:
    """Thumbnails that open large."""
    return component("photos", {"photos": pictures, "label": label or _("照片")})


@register.simple_tag
def job_progress(url: str = "", done: int = 0, total: int = 0, label: str = "", note: str = "") -> SafeString:
    """A job's progress, asked again from ``url`` every second as long as one is given."""
    percent = 100 * done // total if total else 0
    values = {"url": url, "done": done, "total": total, "label": label or _("处理中"), "note": note, "percent": percent}
    return component("job_progress", values)


@register.simple_tag
def chart(data: dict[str, Any] | charts.Chart) -> SafeString:
    """A chart with its message, its drawing, its basis and the table behind it."""
    return component("chart", charts.prepared(data))


@register.simple_tag(takes_context=True)
def print_header(context: Context, title: str, subtitle: str = "") -> SafeString:
    """The letterhead, on paper only."""
    now = context.get("now") or clock.now()
    return component("print_header", {"title": title, "subtitle": subtitle, "now": now, "shell": context.get("shell")})


@register.simple_tag
def toast(text: str, tone: str = "done") -> SafeString:
    """A toast in an htmx answer, put among the others out of band."""
    return component("toast_oob", {"text": text, "tone": tone})


class SameForAllNode(template.Node):
    """What depends on nothing but the language: rendered once a process for each."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes
        self.kept: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self.kept:
            self.kept[language] = self.nodes.render(context)
        return self.kept[language]


@register.tag
def sameforall(parser: template.base.Parser, token: template.base.Token) -> SameForAllNode:
    """``{% sameforall %}…{% endsameforall %}``: fixed words only, nothing of a request."""
    nodes = parser.parse(("endsameforall",))
    parser.delete_first_token()
    return SameForAllNode(nodes)
