"""The pages of standards: editing, errors that keep what was typed, exports."""

import pytest
from django.urls import reverse

from linsheng.audit.models import AuditEntry
from linsheng.standards.models import CalendarOverride, Promise, ServiceCalendar, ServiceItem, StandardVersion, Urgency
from linsheng.standards.queries import promise_in_force


@pytest.fixture
def director(client, cast):
    client.force_login(cast.director, backend="linsheng.accounts.backends.AccountBackend")
    return client


def office(cast):
    return ServiceCalendar.objects.get(organisation=cast.organisation, code="office")


def test_the_tree_is_listed_and_filtered(director, cast):
    page = director.get(reverse("standards:items")).content.decode()
    assert "电梯" in page and "facility.lift" in page
    page = director.get(reverse("standards:items"), {"q": "停车"}).content.decode()
    assert "facility.lift" not in page and "parking" in page


def test_an_empty_result_says_what_to_do(director):
    assert "没有符合条件的服务项目" in director.get(reverse("standards:items"), {"q": "不存在的"}).content.decode()


def test_a_new_item_leads_to_its_promises(director, cast):
    dimension = cast.item.dimension
    data = {"dimension": dimension.pk, "code": "facility.gym", "name": "健身房", "team": "engineering"}
    answer = director.post(reverse("standards:item_add"), data)
    item = ServiceItem.objects.get(code="facility.gym", organisation=cast.organisation)
    assert answer.url == reverse("standards:promise", args=[item.pk])


@pytest.mark.parametrize(("code", "sentence"), [("facility.lift", "代码已被使用"), ("电梯", "小写英文")])
def test_a_bad_code_is_named_beside_its_field_and_nothing_is_lost(director, cast, code, sentence):
    data = {"dimension": cast.item.dimension.pk, "code": code, "name": "健身房专用名", "team": "engineering"}
    answer = director.post(reverse("standards:item_add"), data)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and "健身房专用名" in page


def test_a_changed_name_keeps_the_old_wording(director, cast):
    data = {"name": "升降机", "name_en": "Lifts", "team": "engineering", "order": 3}
    director.post(reverse("standards:item", args=[cast.item.pk]), data)
    assert [w.name for w in cast.item.wordings.all()] == ["电梯"]
    assert "电梯" in director.get(reverse("standards:item", args=[cast.item.pk])).content.decode()


def test_a_retired_item_can_be_restored(director, cast):
    director.post(reverse("standards:item_retire", args=[cast.item.pk]))
    cast.item.refresh_from_db()
    assert cast.item.retired_at
    director.post(reverse("standards:item_restore", args=[cast.item.pk]))
    cast.item.refresh_from_db()
    assert cast.item.retired_at is None


def promise_data(cast, **changes):
    office_pk = office(cast).pk
    data = {}
    for grade in ("premium", "standard", "affordable"):
        for urgency in Urgency.values:
            data |= {
                f"{grade}-{urgency}-response_minutes": 10,
                f"{grade}-{urgency}-resolution_minutes": 100,
                f"{grade}-{urgency}-calendar": office_pk,
            }
    return data | changes


def test_changed_promises_make_a_new_edition_and_leave_the_old_one(director, cast, now):
    old = promise_in_force(community=cast.community, item=cast.item, urgency="normal", at=now)
    answer = director.post(reverse("standards:promise", args=[cast.item.pk]), promise_data(cast))
    assert answer.status_code == 302
    assert StandardVersion.objects.filter(organisation=cast.organisation).count() == 2
    assert Promise.objects.get(pk=old.pk).response_minutes == old.response_minutes
    assert AuditEntry.objects.filter(action="standards.publish_promises").count() == 1
    newest = StandardVersion.objects.get(organisation=cast.organisation, number=2)
    assert newest.promises.count() == Promise.objects.filter(version__number=1, version__organisation=cast.organisation).count()


def test_responding_later_than_resolving_is_refused_beside_the_field(director, cast):
    answer = director.post(
        reverse("standards:promise", args=[cast.item.pk]), promise_data(cast, **{"standard-normal-response_minutes": 999})
    )
    assert answer.status_code == 422 and "响应时限须不超过解决时限" in answer.content.decode()
    assert StandardVersion.objects.filter(organisation=cast.organisation).count() == 1


def test_hours_are_typed_as_people_write_them(director, cast):
    data = {"name": "工作时间", "observes_holidays": "on", "day0": "8:30-12:00，14:00-18:00", "day5": "9:00-12:00"}
    assert director.post(reverse("standards:calendar", args=[office(cast).pk]), data).status_code == 302
    assert office(cast).weekly[0] == [["08:30", "12:00"], ["14:00", "18:00"]] and office(cast).weekly[5] == [["09:00", "12:00"]]


@pytest.mark.parametrize("hours", ["早上九点", "12:00-09:00", "09:00-12:00, 11:00-13:00", "25:00-26:00"])
def test_hours_that_make_no_sense_are_refused_and_kept(director, cast, hours):
    answer = director.post(reverse("standards:calendar", args=[office(cast).pk]), {"name": "工作时间", "day0": hours})
    assert answer.status_code == 422 and hours in answer.content.decode()
    assert office(cast).weekly[0] == [["08:30", "12:00"], ["14:00", "18:00"]]


def test_a_week_without_any_hours_is_refused(director, cast):
    assert director.post(reverse("standards:calendar", args=[office(cast).pk]), {"name": "工作时间"}).status_code == 422


def test_a_date_can_be_closed_and_opened_again(director, cast):
    director.post(reverse("standards:override", args=[office(cast).pk]), {"date": "2026-12-24", "hours": "", "note": "停电检修"})
    row = CalendarOverride.objects.get(calendar=office(cast))
    assert row.intervals == []
    director.post(reverse("standards:override_remove", args=[office(cast).pk, row.pk]))
    assert not CalendarOverride.objects.exists()


def test_the_calendar_page_says_when_a_year_is_not_published(director):
    assert "2027" in director.get(reverse("standards:calendars")).content.decode()


def test_lists_are_exported(director):
    answer = director.get(reverse("standards:items_export"), {"format": "csv"})
    assert "facility.lift" in b"".join(answer.streaming_content).decode("utf-8-sig")
    answer = director.get(reverse("standards:promises_export"), {"format": "xlsx"})
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_another_company_s_item_is_not_there(director, cast):
    foreign = ServiceItem.objects.filter(organisation=cast.foreign_organisation).first()
    assert director.get(reverse("standards:item", args=[foreign.pk])).status_code == 404


def test_the_list_costs_a_fixed_number_of_queries(director, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        director.get(reverse("standards:promises"))
