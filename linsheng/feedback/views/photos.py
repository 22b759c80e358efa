"""Photos, served through a permission check: never by their file's address."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linsheng.accounts.people import signed_in
from linsheng.core.errors import NotVisible
from linsheng.feedback.models import Photo
from linsheng.feedback.queries.resident import photo_by_link, visible_photo

# One's own browser may keep it for an hour; nobody in between may.
HEADERS = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}


def _picture(request: HttpRequest, photo: Photo, *, small: bool) -> HttpResponse:
    """The picture itself: ours are JPEGs of at most 2000 px, small enough to be read at once."""
    size = "-s" if small else ""
    headers = {**HEADERS, "ETag": f'"{photo.digest[:32]}{size}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    try:
        with (photo.thumbnail if small else photo.file).open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise NotVisible(_("没有找到这张照片。")) from error
    headers["Content-Disposition"] = f'inline; filename="{photo.case_id}-{photo.pk}{size}.jpg"'
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


@login_required
@require_safe
def photo(request: HttpRequest, pk: int, small: bool = False) -> HttpResponse:
    """A photo for somebody signed in who may see its case."""
    return _picture(request, visible_photo(signed_in(request), pk), small=small)


@require_safe
def photo_by_case_link(request: HttpRequest, token: str, pk: int, small: bool = False) -> HttpResponse:
    """A photo for whoever holds the link of its case."""
    return _picture(request, photo_by_link(token, pk), small=small)
