"""Printed letters with the code that connects an account to a home."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities import actions, queries
from linsheng.communities.models import Home
from linsheng.communities.views.common import must, one
from linsheng.core.http import now_of, render_page


def _sheet(request: HttpRequest, homes: Sequence[Home]) -> HttpResponse:
    """The answer itself is the sheet: codes are stored as hashes and can be shown this once only."""
    letters = actions.print_claim_codes(homes=homes, by=signed_in(request), now=now_of(request))
    address = settings.SITE_URL + reverse("communities:claim")
    shown = [(letter, _qr(f"{address}?{urlencode({'code': letter.code})}")) for letter in letters]
    return render_page(request, "communities/letters.html", {"letters": shown, "address": address})


def _qr(address: str) -> str:
    import segno

    return segno.make(address, error="m").svg_data_uri(scale=4, border=2)


@never_cache
@login_required
@require_POST
def home_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of one home."""
    must(request, Permission.EDIT_ROSTER)
    home = one(queries.homes_visible_to(signed_in(request), Permission.EDIT_ROSTER), pk=pk, retired_at=None)
    return _sheet(request, [home])


@never_cache
@login_required
@require_POST
def building_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of a whole building."""
    must(request, Permission.EDIT_ROSTER)
    building = one(queries.buildings_visible_to(signed_in(request), Permission.EDIT_ROSTER), pk=pk)
    homes = Home.objects.filter(building=building, retired_at=None).select_related("community", "building")
    return _sheet(request, list(queries.in_walking_order(homes)))
