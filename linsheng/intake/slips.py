"""Blank slips to print: two on an A4 to be cut, with the same questions that the public form asks."""

from typing import Any

from linsheng.communities.models import Community
from linsheng.core.documents import qr_svg, render_pdf
from linsheng.intake.labels import address_in_words, address_of
from linsheng.intake.models import Place
from linsheng.standards.models import ServiceItem


def _entry(community: Community) -> dict[str, Any]:
    place = Place.objects.filter(community=community, building=None, spot="", retired_at=None).select_related("community").first()
    if place is None:
        return {"qr": "", "address": ""}
    return {"qr": qr_svg(address_of(place)), "address": address_in_words(place)}


def slips_pdf(community: Community) -> bytes:
    """The sheet of one community; without a code for its general entry, the QR is left out."""
    items = ServiceItem.objects.filter(organisation=community.organisation_id, retired_at=None, common=True).order_by("pk")
    facts = {"community": community.name, "company": community.organisation.name, "phone": community.phone}
    names = [item.name for item in items[:9]]
    return render_pdf("intake/documents/slips.typ", {**facts, **_entry(community), "items": names})
