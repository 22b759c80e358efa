"""Whether anything changed, and whether anything of one company points at another's."""

from typing import Any

from django.apps import apps
from django.db.models import F

from linsheng.communities.models import Home, Post, Residency
from linsheng.feedback.models import Case, Rating

# What a request may always write, refused or not.
UNWATCHED = {"sessions.session", "accounts.attempt", "axes.accesslog", "axes.accessattempt", "axes.accessfailurelog"}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    watched = [model for model in apps.get_models() if model._meta.label_lower not in UNWATCHED]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in watched}


def difference(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The rows that came, went or changed, by table."""
    return {
        name: [row for row in (*before[name], *after[name]) if (row in before[name]) != (row in after[name])]
        for name in after
        if before[name] != after[name]
    }


def crossings() -> list[str]:
    """Rows that tie two companies together."""
    company = F("community__organisation")
    strange = {
        "a case's item": Case.objects.exclude(item__organisation=company),
        "a case's home": Case.objects.exclude(home=None).exclude(home__community=F("community")),
        "a case's resident": Case.objects.exclude(resident=None).exclude(resident__organisation=company),
        "a case's parent": Case.objects.exclude(parent=None).exclude(parent__community=F("community")),
        "a case's handler": Case.objects.exclude(handler=None).exclude(handler__posts__organisation=company),
        "a rating": Rating.objects.exclude(case__community=F("community")),
        "a residency": Residency.objects.exclude(resident__organisation=F("home__community__organisation")),
        "a home's building": Home.objects.exclude(building__community=F("community")),
        "a post": Post.objects.exclude(community=None).exclude(community__organisation=F("organisation")),
    }
    return [name for name, rows in strange.items() if rows.exists()]
