"""The component gallery for developers: every component in every state, on made-up data. Off unless a setting asks for it."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from linsheng.core.http import now_of
from linsheng.core.pagination import CursorPage
from linsheng.web import gallery_samples as samples

SIDES = {
    "staff": (_("工作人员端"), "base_staff.html"),
    "resident": (_("业主端"), "base_resident.html"),
    "public": (_("公开页"), "base_public.html"),
}


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component; ``?side=resident`` or ``public`` shows them in that frame."""
    if not (settings.DEBUG or settings.COMPONENT_GALLERY):
        raise Http404
    now, side = now_of(request), request.GET.get("side", "")
    side = side if side in SIDES else "staff"
    context = {
        "now": now,
        "base": SIDES[side][1],
        "tabs": [{"label": label, "url": f"?side={name}", "active": name == side} for name, (label, _base) in SIDES.items()],
        "times": samples.times(now),
        "cases": samples.cases(now),
        "charts": samples.charts(),
        "photos": samples.photos(),
        "form": samples.GalleryForm(),
        "filters": samples.GalleryForm(auto_id="filter_%s"),
        "faulty": samples.faulty_form(),
        "icons": {code: picture for code, _name, picture in samples.ITEMS},
        "legend_items": samples.legend_items(),
        "cursor_page": CursorPage[Any]([1] * 50, "eyJ"),
        "numbered_page": Paginator(range(1234), 50).page(2),
    }
    return render(request, "web/gallery.html", context)
