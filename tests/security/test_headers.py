"""What every answer says to browsers and caches."""

import pytest
from django.test import Client
from django.urls import reverse

from linsheng.core import clock
from linsheng.core.testing import PermissionRow
from linsheng.feedback.models import Photo
from tests.test_permissions import rows

# Shown in a frame of our own page: how a questionnaire looks on a phone.
FRAMED = {"surveys:preview", "surveys:preview_publication"}
# Addresses that say nothing of anybody.
PUBLIC = {"api_schema", "api_docs", "accounts:privacy", "jobs:healthz", "messaging:push_worker"}


def readable() -> list[PermissionRow]:
    """Each page once, as somebody who may read it."""
    found = {row.name: row for row in rows() if row.method == "GET" and row.allowed}
    return list(found.values())


@pytest.mark.parametrize("row", readable(), ids=lambda row: row.name)
def test_no_cache_keeps_what_is_somebody_s_and_no_page_can_be_framed(row, cast):
    person = sorted(row.allowed)[0]
    client = Client()
    if person != "anonymous":
        client.force_login(getattr(cast, person), backend="linsheng.accounts.backends.AccountBackend")
    answer = client.get(reverse(row.name, kwargs=row.args(cast)) + row.query)
    frames, ancestors = ("SAMEORIGIN", "'self'") if row.name in FRAMED else ("DENY", "'none'")
    assert answer["X-Frame-Options"] == frames and answer["X-Content-Type-Options"] == "nosniff"
    assert f"frame-ancestors {ancestors}" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "unsafe" not in answer["Content-Security-Policy"]
    if person == "anonymous" or row.name in PUBLIC:
        return
    kept = answer["Cache-Control"]
    private_picture = answer["Content-Type"] == "image/jpeg" and "private" in kept
    assert "no-store" in kept or private_picture, kept


def test_an_error_page_is_kept_by_no_cache_either(cast):
    client = Client()
    client.force_login(cast.owner, backend="linsheng.accounts.backends.AccountBackend")
    for path in ("/cases/", "/my/cases/999/", "/nothing/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_a_case_s_own_page_is_known_to_no_cache_and_no_search_engine(own):
    answer = Client().get(reverse("feedback:track", args=[own.case.track_token]))
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]


def test_a_photo_is_given_only_to_those_who_see_its_case(cast, own, far):
    address = reverse("feedback:photo", args=[own.photo.pk])
    for person, status in {"owner": 200, "manager": 200, "neighbour": 404, "stranger": 404, "outsider": 404}.items():
        client = Client()
        client.force_login(cast.people[person], backend="linsheng.accounts.backends.AccountBackend")
        answer = client.get(address)
        assert answer.status_code == status, person
    assert Client().get(address).status_code == 302
    assert Client().get(f"/media/{own.photo.file.name}").status_code == 404
    Photo.objects.filter(pk=own.photo.pk).update(internal=True)
    link = reverse("feedback:track_photo", args=[own.case.track_token, own.photo.pk])
    assert Client().get(link).status_code == 404 and clock.now()
