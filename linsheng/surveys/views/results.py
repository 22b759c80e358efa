"""``/surveys/ID/results/``: what a closed wave found, a part a page; waited for while it is reckoned."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.core.http import now_of, render_page
from linsheng.jobs.models import LeaseState
from linsheng.surveys import actions
from linsheng.surveys.models import Wave
from linsheng.surveys.permissions import waves_visible_to
from linsheng.surveys.results import ItemResult, WaveResult, by_words
from linsheng.surveys.results.words import known_words
from linsheng.surveys.showing import charts, overview, rows
from linsheng.surveys.views.common import staff_page
from linsheng.surveys.views.waves import one_seen

SEE, RUN = Permission.SEE_FIGURES, Permission.RUN_SURVEYS
PARTS: Final[Mapping[str, Promise]] = {
    "overview": _("总览"),
    "items": _("各题"),
    "groups": _("分组"),
    "change": _("变化"),
    "map": _("重要性图"),
    "low": _("偏低的方面"),
    "comments": _("意见"),
}


@staff_page(SEE, RUN)
@require_safe
def page(request: HttpRequest, pk: int, part: str = "overview") -> HttpResponseBase:
    """One part of the result; refused with the reason before closing."""
    if part not in PARTS:
        raise Http404
    wave = one_seen(request, pk)
    found = actions.result_now(wave=wave, now=now_of(request))
    context: dict[str, Any] = {
        "wave": wave,
        "part": part,
        "parts": [(name, label, name == part) for name, label in PARTS.items()],
        "title": PARTS[part],
    }
    if found is None:
        return _waiting(request, wave, context)
    context["may_export"] = waves_visible_to(signed_in(request), Permission.EXPORT).filter(pk=pk).exists()
    context |= {"found": found, "notes": overview.notes(found), "communities": wave.communities.all()}
    return render_page(request, "surveys/results/page.html", context | _SHOWN[part](request, found))


def _waiting(request: HttpRequest, wave: Wave, context: dict[str, Any]) -> HttpResponse:
    job = actions.request_result(wave=wave, now=now_of(request))
    context |= {"job": job, "failed": job.state == LeaseState.FAILED}
    return render_page(request, "surveys/results/waiting.html", context)


def _overview(_request: HttpRequest, found: WaveResult) -> dict[str, Any]:
    overall = found.overall
    items = overview.lows(found)
    return {
        "sentence": overview.sentence(found),
        "facts": overview.response_facts(found),
        "spread": charts.spread_chart(overall) if overall else None,
        "figures": overview.figures(found),
        "lows": items,
        "low_groups": sum(bool(low.by) for low in found.low_areas),
        "first": [row for row in rows.driver_rows(found) if row.tone == "late"][:3],
    }


def _items(_request: HttpRequest, found: WaveResult) -> dict[str, Any]:
    own = [charts.spread_chart(item) for item in found.items if item.asked.role == "outcome"]
    return {
        "chart": charts.items_chart(found),
        "distribution": charts.distribution_chart(found),
        "item_heads": rows.item_heads(),
        "item_rows": rows.item_rows(found.items),
        "own": [chart for chart in own if chart is not None],
        "choice_heads": [gettext("选的份数"), gettext("比例（95% 区间）")],
        "choices": [(choice, rows.choice_rows(choice)) for choice in found.choices],
    }


def _groups(request: HttpRequest, found: WaveResult) -> dict[str, Any]:
    """Divisions and items are chosen out of the same result: no choice shows more than the whole of it."""
    table = found.table(request.GET.get("by", "")) or next(iter(found.tables), None)
    item = _chosen(found, request.GET.get("item", ""))
    if table is None or item is None:
        return {"table": None}
    heads, cells = rows.matrix(table, found.items)
    return {
        "table": table,
        "by_name": by_words(table.by),
        "known": known_words(table, found),
        "divisions": [(each.by, by_words(each.by), each.by == table.by) for each in found.tables],
        "item": item,
        "items": [(each.asked.key, each.asked.short, each is item) for each in found.items],
        "chart": charts.group_chart(found, table, item),
        "group_heads": rows.group_heads(),
        "group_rows": rows.group_rows(table, item),
        "matrix_heads": heads,
        "matrix_rows": cells,
    }


def _chosen(found: WaveResult, key: str) -> ItemResult | None:
    return found.by_key.get(key) or found.overall or next(iter(found.items), None)


def _change(_request: HttpRequest, found: WaveResult) -> dict[str, Any]:
    return {
        "chart": charts.change_chart(found),
        "change_heads": rows.change_heads(),
        "change_rows": rows.change_rows(found),
        "group_change_heads": rows.group_change_heads(),
        "group_change_rows": rows.group_change_rows(found),
    }


def _map(_request: HttpRequest, found: WaveResult) -> dict[str, Any]:
    left = [found.by_key[key].asked.short for key in found.drivers.left_out] if found.drivers else []
    return {
        "chart": charts.map_chart(found),
        "driver_heads": rows.driver_heads(),
        "driver_rows": rows.driver_rows(found),
        "left_out": gettext("、").join(left),
    }


def _low(_request: HttpRequest, found: WaveResult) -> dict[str, Any]:
    groups = rows.group_low_rows(found)
    total = sum(bool(low.by) for low in found.low_areas)
    return {
        "low_heads": rows.low_heads(),
        "low_rows": rows.low_rows(found),
        "group_low_rows": groups,
        "group_lows": total if total > len(groups) else 0,
    }


def _comments(_request: HttpRequest, _found: WaveResult) -> dict[str, Any]:
    return {}


_SHOWN: Final[Mapping[str, Callable[[HttpRequest, WaveResult], dict[str, Any]]]] = {
    "overview": _overview,
    "items": _items,
    "groups": _groups,
    "change": _change,
    "map": _map,
    "low": _low,
    "comments": _comments,
}
