"""Calendars are called in the reader's language wherever they are shown."""

import importlib

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from linsheng.standards.forms import ItemForm
from linsheng.standards.models import ServiceCalendar

pytestmark = pytest.mark.django_db
BACKEND = "linsheng.accounts.backends.AccountBackend"


def office(cast):
    return ServiceCalendar.objects.get(organisation=cast.organisation, code="office")


@pytest.fixture
def reading(client):
    """A page as somebody reads it in a language."""

    def read(person, address, language="en"):
        client.force_login(person, backend=BACKEND)
        client.cookies["django_language"] = language
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def test_the_calendars_of_a_new_company_have_a_name_in_both_languages(cast):
    calendars = ServiceCalendar.objects.filter(organisation=cast.organisation)
    assert {(row.name, row.name_en) for row in calendars} == {("工作时间", "Working hours"), ("全天候", "Around the clock")}
    with translation.override("en"):
        assert str(office(cast)) == "Working hours"
    with translation.override("zh-hans"):
        assert str(office(cast)) == "工作时间"


def test_calendars_of_before_get_the_english_of_their_usual_names_and_keep_what_somebody_chose(cast):
    ServiceCalendar.objects.update(name_en="")
    ServiceCalendar.objects.filter(organisation=cast.organisation, code="always").update(name="值班")
    importlib.import_module("linsheng.standards.migrations.0002_calendar_name_en").fill(apps, None)
    found = ServiceCalendar.objects.filter(organisation=cast.organisation).values_list("name", "name_en")
    assert set(found) == {("工作时间", "Working hours"), ("值班", "")}


@pytest.mark.parametrize("name", ["calendars", "promises"])
def test_english_pages_name_calendars_in_english(cast, reading, name):
    page = reading(cast.director, reverse(f"standards:{name}"))
    assert "Working hours" in page and "工作时间" not in page and "全天候" not in page
    assert "工作时间" in reading(cast.director, reverse(f"standards:{name}"), "zh-hans")


def test_the_promises_of_an_item_offer_calendars_in_english(cast, reading):
    page = reading(cast.director, reverse("standards:promise", args=[cast.item.pk]))
    assert "Around the clock" in page and "全天候" not in page


def test_the_english_name_is_typed_beside_the_chinese_one(cast, client):
    client.force_login(cast.director, backend=BACKEND)
    address = reverse("standards:calendar", args=[office(cast).pk])
    assert 'value="Working hours"' in client.get(address).content.decode()
    client.post(address, {"name": "办公", "name_en": "Office hours", "day0": "8:30-12:00"})
    assert (office(cast).name, office(cast).name_en) == ("办公", "Office hours")


def test_a_new_item_asks_for_its_dimension_in_english(cast):
    with translation.override("en"):
        choice = ItemForm(organisation=cast.organisation).fields["dimension"]
        assert choice.empty_label == "Choose a service dimension"
