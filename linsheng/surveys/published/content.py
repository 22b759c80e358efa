"""From a result and what was chosen of it to the plain data that is published."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from linsheng.surveys.analysis import Change, Estimate
from linsheng.surveys.models import Publication
from linsheng.surveys.results import BUILDING, COMMUNITY, OUTCOME, OVERALL, SERVICE, GroupTable, ItemResult, WaveResult

FORMAT: Final = 1


def choosable(result: WaveResult) -> list[ItemResult]:
    """The questions of which anything may be shown: judgements that at least five gave."""
    roles = {OVERALL, SERVICE, OUTCOME}
    return [item for item in result.items if item.asked.role in roles and not item.estimate.hidden and item.estimate.n]


def quotable_of(result: WaveResult) -> list[dict[str, str]]:
    """The comments that may be chosen: masked, and only of questions that at least ten wrote to."""
    return [
        {"question": found.asked.key, "text": text}
        for found in result.comments
        if not found.hidden
        for topic in found.topics
        for text in topic.quotes
    ]


def content_of(result: WaveResult, chosen: Publication, strata: dict[str, str]) -> dict[str, Any]:
    """What residents will see. ``strata``: the community (code) of each building's label."""
    items = [item for item in choosable(result) if item.asked.key in set(chosen.questions)]
    keys = [item.asked.key for item in items]
    compared = result.comparison if chosen.changes else None
    return {
        "format": FORMAT,
        "answers": result.answers,
        "homes": result.response.homes,
        "asked": result.response.asked,
        "anonymous": result.anonymous,
        "foreword": chosen.foreword,
        "foreword_en": chosen.foreword_en,
        "items": [_item(item, compared.items.get(item.asked.key) if compared else None) for item in items],
        "places": list(_places(result, keys, strata, buildings=chosen.buildings)),
        "quotes": [quote for quote in chosen.quotes if quote in quotable_of(result)],
        "before": {"title": compared.title, "title_en": compared.title_en} if compared else None,
    }


def _item(item: ItemResult, change: Change | None) -> dict[str, Any]:
    asked, given = item.asked, item.estimate.distribution or {}
    return {
        "key": asked.key,
        "kind": asked.kind,
        "role": asked.role,
        "text": asked.text,
        "text_en": asked.text_en,
        "name": asked.name,
        "name_en": asked.name_en,
        **_figures(item.estimate),
        "options": [
            {"value": each.value, "label": each.label, "label_en": each.label_en, "n": given.get(each.value, 0) if given else None}
            for each in asked.options
        ],
        "change": _change(change),
    }


def _figures(cell: Estimate) -> dict[str, Any]:
    return {
        "n": cell.n,
        "mean": cell.mean,
        "low": cell.low,
        "high": cell.high,
        "share": cell.satisfied.share,
        "share_low": cell.satisfied.low,
        "share_high": cell.satisfied.high,
    }


def _change(change: Change | None) -> dict[str, Any] | None:
    if change is None or change.difference is None:
        return None
    return {"difference": change.difference, "low": change.low, "high": change.high, "verdict": change.verdict}


def _places(result: WaveResult, keys: Collection[str], strata: dict[str, str], *, buildings: bool) -> Iterator[dict[str, Any]]:
    """Each community of a wave in several, and if wanted each building; a hidden cell stays hidden."""
    for by in (COMMUNITY, *((BUILDING,) if buildings else ())):
        table = result.table(by)
        for level in table.levels if table else ():
            community = level.value if by == COMMUNITY else strata.get(level.value, "")
            yield {"by": by, "label": level.label, "community": community, "cells": _cells(table, level.value, keys)}


def _cells(table: GroupTable | None, level: str, keys: Collection[str]) -> dict[str, Any]:
    cells = {key: table.cell(level, key) if table else None for key in keys}
    return {key: None if cell is None else _figures(cell) for key, cell in cells.items()}
