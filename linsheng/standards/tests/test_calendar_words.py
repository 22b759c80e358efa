"""What a calendar says of itself."""

import pytest

from linsheng.standards.models import ServiceCalendar

OFFICE_DAY = [["08:30", "12:00"], ["14:00", "18:00"]]


@pytest.mark.parametrize(
    ("weekly", "minutes"),
    [
        ([OFFICE_DAY] * 5 + [[], []], 450),
        ([[["00:00", "24:00"]]] * 7, None),
        ([OFFICE_DAY] * 5 + [[["09:00", "12:00"]], []], None),
        ([[]] * 7, None),
    ],
    ids=["office", "always", "a shorter Saturday", "never"],
)
def test_a_working_day_has_a_length_only_where_all_are_alike(weekly, minutes):
    assert ServiceCalendar(weekly=weekly).day_minutes == minutes
