"""The default tree and promises: complete, in order, and quicker where more is promised or more is at stake."""

from datetime import datetime, timedelta

import pytest

from linsheng.standards.default_promises import GRADES, URGENCIES, WORKING_DAY, PromiseSpec, promise_for
from linsheng.standards.default_tree import DIMENSIONS, ITEMS

OFFICE = ((8 * 60 + 30, 12 * 60), (14 * 60, 18 * 60))
EVERY = [(item.code, grade, urgency) for item in ITEMS for grade in GRADES for urgency in URGENCIES]
STARTS = [datetime(2026, 6, 1) + timedelta(hours=hour) for hour in range(0, 7 * 24, 5)]  # noqa: DTZ001 - wall time


def due(start: datetime, minutes: int, calendar: str) -> datetime:
    """When the minutes are over, in plain weeks without holidays."""
    if calendar == "always":
        return start + timedelta(minutes=minutes)
    day = start.replace(hour=0, minute=0)
    at = start.hour * 60 + start.minute
    while True:
        for begin, end in OFFICE if day.weekday() < 5 else ():
            begin_now = max(begin, at)
            if end > begin_now:
                if minutes <= end - begin_now:
                    return day + timedelta(minutes=begin_now + minutes)
                minutes -= end - begin_now
        day, at = day + timedelta(days=1), 0


def both(spec: PromiseSpec) -> tuple[int, int]:
    return spec.response_minutes, spec.resolution_minutes


def test_the_tree_has_the_eleven_dimensions_in_the_order_of_the_domain():
    names = "客户服务 人员态度 投诉处理 设施维护 报修服务 安全秩序 停车管理 环境保洁与绿化 透明沟通 社区生活 价值与收费"
    assert [dimension.name for dimension in DIMENSIONS] == names.split()
    facility = next(dimension for dimension in DIMENSIONS if dimension.code == "facility")
    assert [item.name for item in facility.items] == ["电梯", "供水消防", "照明道路", "停机停水通知"]


def test_codes_are_unique_and_begin_with_their_dimension():
    codes = [item.code for item in ITEMS]
    assert len(set(codes)) == len(codes)
    for dimension in DIMENSIONS:
        assert all(item.code.startswith(f"{dimension.code}.") for item in dimension.items)


def test_every_entry_has_both_names_and_an_icon():
    for entry in (*DIMENSIONS, *ITEMS):
        assert entry.name
        assert entry.name_en.isascii()
        assert entry.icon


def test_there_is_a_promise_for_every_item_grade_and_urgency():
    assert len(EVERY) == len(ITEMS) * 9
    assert all(isinstance(promise_for(*key), PromiseSpec) for key in EVERY)


def test_an_item_of_the_companys_own_gets_a_promise_too():
    assert promise_for("own.item", "standard", "normal") == promise_for("service.desk", "standard", "normal")
    with pytest.raises(KeyError):
        promise_for("own.item", "luxury", "normal")


def test_the_result_is_never_promised_before_the_response():
    for key in EVERY:
        spec = promise_for(*key)
        assert 0 < spec.response_minutes <= spec.resolution_minutes, key
        assert spec.calendar in {"always", "office"}, key


def test_a_higher_grade_is_never_promised_less():
    for item in ITEMS:
        for urgency in URGENCIES:
            premium, standard, affordable = (promise_for(item.code, grade, urgency) for grade in GRADES)
            assert premium.calendar == standard.calendar == affordable.calendar
            for better, worse in ((premium, standard), (standard, affordable)):
                assert all(a <= b for a, b in zip(both(better), both(worse), strict=True)), item.code
            assert both(premium) != both(affordable), item.code


def test_what_is_more_urgent_is_never_due_later_whenever_it_comes_in():
    for item in ITEMS:
        for grade in GRADES:
            specs = [promise_for(item.code, grade, urgency) for urgency in URGENCIES]
            for start in STARTS:
                for which in (0, 1):
                    dates = [due(start, both(spec)[which], spec.calendar) for spec in specs]
                    assert dates == sorted(dates), (item.code, grade, start)


def test_dangers_run_day_and_night_and_paperwork_in_office_hours():
    for code in ("facility.lift", "facility.water_fire", "repair.home", "safety.gate"):
        assert {promise_for(code, "standard", urgency).calendar for urgency in ("emergency", "urgent")} == {"always"}
        assert promise_for(code, "standard", "normal").calendar == "office"
    for urgency in URGENCIES:
        assert promise_for("openness.accounts", "premium", urgency).calendar == "office"


def test_someone_trapped_in_a_lift_of_a_premium_community_is_answered_within_five_minutes():
    assert promise_for("facility.lift", "premium", "emergency") == PromiseSpec(5, 30, "always")
    assert promise_for("facility.lift", "standard", "normal") == PromiseSpec(240, 3 * WORKING_DAY, "office")
