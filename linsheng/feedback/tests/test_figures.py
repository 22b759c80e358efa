"""Monthly figures against a month counted by hand."""

import json

import pytest

from linsheng.core.errors import Invalid
from linsheng.feedback import actions, figures
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import FeedbackSettings
from linsheng.feedback.tests.november import at, make_november, receive, resolve, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def november(cast):
    return make_november(cast)


@pytest.fixture
def running(cast, november, now):
    """The month as it stands on Monday 23 November, 10:00."""
    return figures.monthly([cast.community.pk], "2026-11", now=now)


@pytest.fixture
def finished(cast, november):
    """The same month seen from December."""
    return figures.monthly([cast.community.pk], "2026-11", now=at("12-05 09:00"))


def pair(share):
    return share.count, share.n


def test_received_counts_every_voice_and_handled_every_case_with_a_result_once(running):
    total = running.total
    assert total.received == 6  # A B C E F G; D came in October, H elsewhere
    assert total.handled == 5  # A B D F G
    assert total.open_at_end == 1  # C
    assert (total.urges, total.urged_cases) == (2, 1)


def test_in_time_counts_the_cases_whose_deadline_fell_into_the_month(running):
    # Due so far: A, B, D, G. F is merged, E was taken back, C is not due yet.
    assert pair(running.total.answered_in_time) == (3, 4)
    assert pair(running.total.resolved_in_time) == (3, 4)


def test_a_late_case_that_is_still_open_counts_as_late(finished):
    assert pair(finished.total.answered_in_time) == (4, 5)
    assert pair(finished.total.resolved_in_time) == (3, 5)
    assert finished.total.open_at_end == 1


def test_results_taken_back_and_told_are_shares_of_the_results(running):
    assert pair(running.total.reopened) == (1, 6)  # D's first one
    assert pair(running.total.told) == (5, 6)  # all but G


def test_ratings_keep_mean_rate_and_index_apart(running):
    ratings = running.total.ratings
    assert (ratings.n, ratings.mean, ratings.index) == (4, 4.0, 75.0)
    assert pair(ratings.satisfied) == (3, 4)
    assert ratings.distribution == (0, 1, 0, 1, 2)
    assert ratings.low < 4.0 < ratings.high <= 5


def test_three_rates_have_their_denominator_and_beside_it_who_did_not_enter(running):
    callbacks = running.total.callbacks
    assert callbacks.valid == 3
    assert (callbacks.non_response, callbacks.excluded, callbacks.no_word) == (1, 1, 1)  # G, F, D's first result
    assert pair(callbacks.contacted) == (2, 3)
    assert pair(callbacks.solved) == (2, 3)
    assert pair(callbacks.satisfied) == (1.9, 3)
    assert (callbacks.satisfied_fully, callbacks.satisfied_basically, callbacks.dissatisfied) == (1, 1, 1)
    assert callbacks.index.value == pytest.approx(10 * 2 / 3 + 50 * 2 / 3 + 40 * 1.9 / 3)


def test_the_company_s_own_weights_are_used(cast, november, now):
    rules = FeedbackSettings.objects.filter(organisation=cast.organisation)
    rules.update(basically_weight="1.00", weight_contacted=0, weight_solved=1, weight_satisfied=1)
    callbacks = figures.monthly([cast.community.pk], "2026-11", now=now).total.callbacks
    assert pair(callbacks.satisfied) == (2, 3)
    assert callbacks.index.value == pytest.approx(100 * 2 / 3)


def test_weights_that_are_all_nought_give_no_index(cast, november, now):
    rules = FeedbackSettings.objects.filter(organisation=cast.organisation)
    rules.update(weight_contacted=0, weight_solved=0, weight_satisfied=0)
    assert figures.monthly([cast.community.pk], "2026-11", now=now).total.callbacks.index.value is None


def test_the_handler_s_clock_leaves_out_pauses_and_censors_what_is_open(running):
    time = running.total.handler_minutes
    # 30 (E, left), 180 (G), 210 (C, open), 450 (A), 1860 (B): share still open 1, 3/4, then 3/4·1/2 at 450.
    assert (time.n, time.ended, time.open, time.unmeasured) == (5, 3, 2, 1)  # F runs on A's clock
    assert time.median == 450


def test_the_resident_s_clock_runs_until_it_is_confirmed(running):
    time = running.total.resident_minutes
    # Confirmed after 26 hours: A and F. E, G, C and B are censored at 30, 300, 3960 and 20220 minutes.
    assert (time.n, time.ended, time.open) == (6, 2, 4)
    assert time.median == 26 * 60


def test_a_past_month_is_told_as_it_was(cast, november, now):
    october = figures.monthly([cast.community.pk], "2026-10", now=now).total
    assert (october.received, october.handled, october.open_at_end) == (1, 0, 1)  # D, resolved, reopened and resolved since
    assert pair(october.resolved_in_time) == (0, 0)
    assert (october.handler_minutes.open, october.handler_minutes.median) == (1, None)


def test_a_case_resolved_later_and_never_reopened_was_open_then(cast):
    case = take(cast, receive(cast, "10-30 16:00"), "10-30 16:10")
    resolve(cast, case, "11-03 10:00")
    seen = figures.monthly([cast.community.pk], "2026-10", now=at("11-20 09:00")).total
    assert (seen.open_at_end, seen.handled) == (1, 0)
    assert figures.monthly([cast.community.pk], "2026-11", now=at("11-20 09:00")).total.open_at_end == 0


def test_a_case_that_was_resolved_at_the_cut_and_reopened_later_was_not_open_then(cast):
    case = take(cast, receive(cast, "10-28 09:00"), "10-28 09:10")
    resolve(cast, case, "10-30 10:00")
    actions.reopen_case(case=case, reason="又坏了", by=Actor.by_link(), now=at("11-02 09:00"))
    seen = figures.monthly([cast.community.pk], "2026-10", now=at("11-20 09:00")).total
    assert (seen.open_at_end, seen.handled) == (0, 1)
    assert pair(seen.reopened) == (1, 1)
    assert seen.handler_minutes.ended == 1
    assert figures.monthly([cast.community.pk], "2026-11", now=at("11-20 09:00")).total.open_at_end == 1


def test_a_clock_that_stands_still_before_its_deadline_is_not_late(cast):
    case = take(cast, receive(cast, "11-02 10:00"), "11-02 10:30")
    actions.wait_case(case=case, waiting_for="parts", reason="等配件", by=Actor.staff(cast.handler), now=at("11-03 09:00"))
    assert pair(figures.monthly([cast.community.pk], "2026-11", now=at("11-20 09:00")).total.resolved_in_time) == (0, 0)


def test_a_clock_stopped_after_its_deadline_is_late(cast):
    case = take(cast, receive(cast, "11-02 10:00"), "11-02 10:30")
    actions.wait_case(case=case, waiting_for="parts", reason="等配件", by=Actor.staff(cast.handler), now=at("11-10 09:00"))
    assert pair(figures.monthly([cast.community.pk], "2026-11", now=at("11-20 09:00")).total.resolved_in_time) == (0, 1)


def test_groups_add_up_to_the_whole_and_hide_the_ratings_of_few(cast, november, now):
    found = figures.monthly([cast.community.pk], "2026-11", "kind", now=now)
    assert {group.key: group.figures.received for group in found.groups} == {"repair": 5, "complaint": 1}
    repairs = found.groups[0].figures
    assert repairs.ratings.hidden and repairs.ratings.n == 4 and repairs.ratings.mean is None
    assert repairs.callbacks.hidden and repairs.callbacks.solved.share is None
    assert pair(repairs.resolved_in_time) == (3, 4)
    assert found.total.ratings.hidden is False


@pytest.mark.parametrize("by", list(figures.By))
def test_every_breakdown_has_the_same_total(cast, november, now, by):
    ids = [cast.community.pk, cast.other_community.pk]
    found = figures.monthly(ids, "2026-11", by, now=now)
    assert sum(group.figures.received for group in found.groups) == found.total.received == 7
    assert sum(group.figures.handled for group in found.groups) == found.total.handled == 5
    assert sum(group.figures.open_at_end for group in found.groups) == found.total.open_at_end == 2
    assert all(group.key or by == "building" for group in found.groups)


def test_communities_stand_side_by_side_by_grade(cast, november, now):
    found = figures.glances([cast.community.pk, cast.other_community.pk], now)
    assert [(glance.code, glance.grade, glance.received, glance.open) for glance in found] == [
        ("LY", "premium", 1, 1),
        ("CH", "standard", 6, 1),
    ]
    assert [glance.late for glance in found] == [1, 0]
    assert pair(found[1].resolved_in_time) == (3, 4) and pair(found[1].solved) == (2, 3)


def test_kept_figures_come_back_the_same(cast, november, now):
    for by in (None, "item"):
        found = figures.monthly([cast.community.pk], "2026-11", by, now=now)
        assert figures.restored(json.loads(json.dumps(found.as_dict()))) == found


def test_whoever_waits_hears_of_every_step(cast, november, now):
    heard = []
    figures.monthly([cast.community.pk], "2026-11", now=now, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(step, 5) for step in range(1, 6)]


def test_nothing_to_compare_with_is_said_and_not_guessed(running):
    change = running.change("satisfied")
    assert (change.before.n, change.difference, change.verdict) == (0, None, "no_evidence")


def test_an_empty_month_has_no_figures_and_no_error(cast, now):
    empty = figures.monthly([cast.community.pk], "2026-03", "item", now=now)
    assert (empty.total.received, empty.groups, empty.topics.words) == (0, (), ())
    assert empty.total.ratings.mean is None
    assert all(trend.last is None for trend in empty.trends)


def test_a_month_ahead_is_empty(cast, november, now):
    assert figures.monthly([cast.community.pk], "2027-05", now=now).total.received == 0


def test_two_companies_are_never_added_up(cast, now):
    with pytest.raises(ValueError, match="two companies"):
        figures.monthly([cast.community.pk, cast.foreign_community.pk], "2026-11", now=now)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "11", "2026-11-01", "1999-01", ""])
def test_what_is_no_month_is_refused(cast, now, text):
    with pytest.raises(Invalid):
        figures.monthly([cast.community.pk], text, now=now)


def test_months_begin_at_midnight_in_shanghai():
    month = figures.Month.parse("2026-01")
    assert month.start.isoformat() == "2025-12-31T16:00:00+00:00"
    assert (str(month.shifted(-1)), str(month.shifted(12))) == ("2025-12", "2027-01")
    assert figures.Month.of(at("01-01 00:00")) == month


def test_figures_become_json(cast, november, now):
    found = figures.monthly([cast.community.pk], "2026-11", "item", now=now)
    data = json.loads(json.dumps(found.as_dict()))
    assert data["month"] == "2026-11" and data["finished"] is False
    assert data["figures"]["ratings"]["satisfied"]["count"] == 3
    assert data["groups"][0]["key"] == "facility.lift"
    assert set(data) == {
        "month", "from", "to", "finished", "communities", "by", "figures", "changes", "trends", "topics", "weak", "groups"
    }  # fmt: skip


def test_the_number_of_queries_does_not_grow_with_the_cases(cast, november, now, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        figures.monthly([cast.community.pk], "2026-11", "item", now=now)
