"""Fifty people at once before the same label, on both databases: each gets their case, none gets an accident."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conftest import make_cast
from linsheng.core import clock
from linsheng.feedback.models import Case
from linsheng.feedback.tests.racing import race, shareable
from linsheng.intake.actions.places import create_place
from linsheng.intake.stamps import fresh_stamp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
POSTERS = 50


@pytest.fixture
def place(tmp_path, settings):
    settings.TRUSTED_PROXIES = 1
    with shareable(tmp_path):
        cast = make_cast()
        yield create_place(community=cast.community, building=cast.building, spot="电梯", by=None, now=clock.now())


def poster(place, number, key=""):
    """Somebody with a browser and an address of their own."""
    key = key or fresh_stamp(place.code, clock.now() - timedelta(seconds=30))
    data = {"key": key, "item": "facility.lift", "text": f"第 {number} 个人说电梯停了", "urgency": "normal"}
    address = f"198.51.100.{number}"
    return lambda: Client().post(reverse("intake:public_form", args=[place.code]), data, HTTP_X_FORWARDED_FOR=address).status_code


def test_fifty_people_at_once_are_fifty_cases_with_numbers_of_their_own(place):
    outcomes = race(*[poster(place, number) for number in range(POSTERS)])
    assert outcomes == [302] * POSTERS
    assert len(set(Case.objects.values_list("number", flat=True))) == POSTERS


def test_one_form_sent_by_ten_impatient_taps_at_once_is_one_case(place):
    key = fresh_stamp(place.code, clock.now() - timedelta(seconds=30))
    outcomes = race(*[poster(place, 1, key) for _n in range(10)])
    assert set(outcomes) == {302}
    assert Case.objects.count() == 1
