"""Labels to hang up: A6, four on an A4 with marks to cut along, or one a page for a label printer."""

from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from linsheng.core.documents import qr_svg, render_pdf
from linsheng.intake.models import Place

SHEETS: Final = ("a4", "a6")
MOST_LABELS: Final = 800


def address_of(place: Place) -> str:
    """The address behind the code, as a browser wants it."""
    return settings.SITE_URL + reverse("intake:public_form", args=[place.code])


def address_in_words(place: Place) -> str:
    """The same for somebody who types it from the label: without the scheme where browsers find it themselves."""
    return address_of(place).removeprefix("https://")


def _label(place: Place) -> dict[str, Any]:
    return {
        "community": place.community.name,
        "within": place.within,
        "qr": qr_svg(address_of(place)),
        "address": address_in_words(place),
        "code": place.spaced_code,
        "phone": place.community.phone,
        "company": place.community.organisation.name,
    }


def labels_pdf(places: Iterable[Place], sheet: str = "a4") -> bytes:
    """The labels in the order given; ``sheet`` is one of ``SHEETS``."""
    return render_pdf("intake/documents/labels.typ", {"sheet": sheet, "labels": [_label(place) for place in places]})
