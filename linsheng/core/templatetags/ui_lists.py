"""Tables, tabs, filters and pages of lists; part of the ``ui`` library."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linsheng.core.pagination import CursorPage
from linsheng.core.templatetags.ui_blocks import component
from linsheng.core.ui import html
from linsheng.core.ui.markup import EMPTY, markup

register = template.Library()


def address_with(context: Context, **changes: str | None) -> str:
    """The page's own query string with ``changes``; ``None`` takes a parameter out."""
    request = context.get("request")
    parameters = request.GET.copy() if request is not None else {}
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = value
    encoded = parameters.urlencode() if hasattr(parameters, "urlencode") else ""
    return f"?{encoded}"


@register.simple_block_tag
def tablewrap(content: str, label: str) -> SafeString:
    """Room for a table: scrolls where it must, becomes cards on a phone."""
    return format_html('<div class="table-wrap" role="region" aria-label="{}" tabindex="0">{}</div>', label, SafeString(content))


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, key: str, number: bool = False) -> SafeString:
    """A column head that sorts by ``?sort=key``, and the other way round when pressed again."""
    request = context.get("request")
    sorted_by = request.GET.get("sort", "") if request is not None else ""
    direction = {key: "ascending", f"-{key}": "descending"}.get(sorted_by, "none")
    link = address_with(context, sort=f"-{key}" if sorted_by == key else key, cursor=None, page=None)
    mark = html.icon_html({"ascending": "chevron-up", "descending": "chevron-down"}.get(direction, "arrows-sort"))
    return format_html(
        '<th scope="col"{} aria-sort="{}"><a class="sort" href="{}">{}{}</a></th>',
        html.attributes({"class": "number" if number else ""}),
        direction,
        link,
        label,
        mark,
    )


@register.simple_tag
def check(value: object, name: str = "ids", label: str = "") -> SafeString:
    """A row's checkbox for bulk actions."""
    spoken = label or _("选择 %(row)s") % {"row": value}
    return format_html(
        '<label class="check-cell"><input class="form-check-input" type="checkbox" name="{}" value="{}" aria-label="{}"></label>',
        name,
        value,
        spoken,
    )


@register.simple_tag
def check_all() -> SafeString:
    """Checks every row of the table; shown by JavaScript only."""
    return format_html(
        '<label class="check-cell"><input class="form-check-input" type="checkbox" data-check-all hidden aria-label="{}"></label>',
        _("全选"),
    )


@register.simple_block_tag
def bulkbar(content: str, label: str = "") -> SafeString:
    """What can be done with the checked rows; ``{n}`` in ``label`` becomes their number."""
    return component("bulkbar", {"label": label or _("已选 {n} 件"), "content": content})


@register.simple_block_tag
def tabs(content: str, label: str) -> SafeString:
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, SafeString(content))


@register.simple_tag
def tab(label: str, href: str, count: int | None = None, active: bool = False, tone: str = "", **attrs: object) -> SafeString:
    """One tab, a link; ``count`` stands beside its word."""
    painted = f" tone-{tone}" if tone and count else ""
    number = EMPTY if count is None else markup(' <span class="tab-count{}">{}</span>', painted, count)
    attrs = {"class": "tab", "aria_current": "page" if active else "", **attrs}
    return markup('<a href="{}"{}>{}{}</a>', href, html.attributes(attrs), label, number)


@register.simple_block_tag(takes_context=True)
def filterbar(context: Context, content: str, action: str = "", label: str = "", **attrs: object) -> SafeString:
    """A GET form of filters with 筛选 and, when something is chosen, 清除. Unknown parameters are kept."""
    request = context.get("request")
    chosen = (
        {name for name, value in request.GET.items() if value and name not in {"cursor", "page", "sort"}}
        if request is not None
        else set()
    )
    values = {"action": action, "label": label or _("筛选"), "content": content, "chosen": bool(chosen)}
    return component("filterbar", {**values, "path": getattr(request, "path", ""), "attributes": html.attributes(attrs)})


@register.simple_tag(takes_context=True)
def pagination(
    context: Context, page: Page[Any] | CursorPage[Any], shown: int | None = None, total: int | None = None
) -> SafeString:
    """Links to the pages around a ``CursorPage`` (``?cursor=``) or a Django ``Page`` (``?page=``)."""
    if isinstance(page, Page):
        back = address_with(context, page=str(page.previous_page_number())) if page.has_previous() else ""
        on = address_with(context, page=str(page.next_page_number())) if page.has_next() else ""
        number, pages, total = page.number, page.paginator.num_pages, page.paginator.count
        values = {"previous": back, "next": on, "number": number, "pages": pages, "total": total}
    else:
        request = context.get("request")
        begun = request is not None and bool(request.GET.get("cursor"))
        values = {
            "first": address_with(context, cursor=None) if begun else "",
            "next": address_with(context, cursor=page.next) if page.next else "",
            "shown": shown if shown is not None else len(page.items),
            "total": total,
        }
    return component("pagination", values)


@register.simple_tag
def empty_state(
    title: str, text: str = "", *, href: str = "", label: str = "", icon: str = "inbox", small: bool = False
) -> SafeString:
    """What will stand here, and how to begin."""
    return component("empty_state", {"title": title, "text": text, "href": href, "label": label, "icon": icon, "small": small})
