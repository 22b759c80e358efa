"""Searching cases: two Chinese characters suffice, one too; the same on both databases; and personal data stays personal."""

from datetime import timedelta

import pytest

from linsheng.accounts.permissions import Role
from linsheng.communities.models import Post, Team
from linsheng.feedback import actions, search
from linsheng.feedback.models import Case
from linsheng.feedback.privacy import forget_residents
from linsheng.feedback.queries import BoardFilter, board
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter

DAY = timedelta(days=1)


def found(user, words, now, **filters):
    return set(board(user, BoardFilter(q=words, **filters), now).values_list("pk", flat=True))


@pytest.fixture
def lift(cast, now):
    return make.received(cast, now, text="三号电梯按钮失灵，ＬＣＤ屏不亮", location="3栋大堂")


@pytest.fixture
def leak(cast, now):
    return make.by_phone(cast, now, text="厨房漏水", item=make.item(cast, "repair.home"))


class TestWords:
    @pytest.mark.parametrize(
        "words",
        [
            "电梯",
            "按钮",
            "失灵",
            "三号电梯",
            "电梯 失灵",
            "失灵 电梯",
            "lcd",
            "LCD",
            "大堂",
            "CH2611-0001",
            "ch26110001",
            "电",
            "灵",
            "亮",
            "堂",
        ],
    )
    def test_find_the_case_that_holds_them_all(self, cast, now, lift, leak, words):
        assert found(cast.frontdesk, words, now) == {lift.pk}

    @pytest.mark.parametrize("words", ["漏电", "钮失 水", "电梯 漏水", "梯电", "zz", "按钮失灵了吗", "中"])
    def test_find_nothing_where_one_is_missing(self, cast, now, lift, leak, words):
        assert found(cast.frontdesk, words, now) == set()

    @pytest.mark.parametrize(
        "words",
        [
            '"',
            "'",
            "电梯' OR '1'='1",
            '电梯" OR "',
            "*",
            "()",
            "&|!",
            "电梯 AND 漏水",
            "NOT 漏水",
            "\x00",
            "%s",
            ";--",
            "：：",
            "   ",
        ],
    )
    def test_are_only_words_whatever_signs_they_hold(self, cast, now, lift, leak, words):
        assert found(cast.frontdesk, words, now) in (set(), {lift.pk}, {lift.pk, leak.pk})

    def test_without_a_word_nothing_is_found_and_blanks_restrict_nothing(self, cast, now, lift):
        assert found(cast.frontdesk, "！？", now) == set()
        assert found(cast.frontdesk, "  ", now) == {lift.pk}

    def test_of_the_item_find_it_too(self, cast, now, lift, leak):
        assert lift.pk in found(cast.frontdesk, str(lift.item.name), now)


class TestWhatIsAddedLater:
    def test_the_result(self, cast, now, lift):
        make.resolved(cast, now, case=lift)
        assert found(cast.frontdesk, "更换", now) == {lift.pk}

    def test_the_reason_of_an_end(self, cast, now, lift):
        make.declined(cast, now, case=lift)
        assert found(cast.frontdesk, "服务范围", now) == {lift.pk}

    def test_the_reporters_further_words_but_no_notes_among_staff(self, cast, now, lift):
        actions.add_words(case=lift, text="轮椅进不去", by=reporter(lift, cast), now=now)
        actions.add_note(case=lift, text="厂家报价八千", by=STAFF(cast.frontdesk), now=now)
        assert found(cast.frontdesk, "轮椅", now) == {lift.pk} and found(cast.frontdesk, "报价", now) == set()
        make.resolved(cast, now, case=lift)
        assert found(cast.frontdesk, "轮椅", now) == found(cast.frontdesk, "更换", now) == {lift.pk}

    def test_another_item(self, cast, now, lift):
        gate = make.item(cast, "safety.gate")
        actions.reclassify_case(case=lift, item=gate, by=STAFF(cast.supervisor), now=now)
        assert found(cast.frontdesk, str(gate.name), now) == {lift.pk}

    def test_that_it_has_ended_and_is_open_again(self, cast, now, lift):
        assert found(cast.frontdesk, "电梯", now, view="open") == {lift.pk}
        case = make.resolved(cast, now, case=lift)
        assert found(cast.frontdesk, "电梯", now, view="open") == set() and found(cast.frontdesk, "电梯", now, view="ended") == {
            lift.pk
        }
        actions.reopen_case(case=case, reason="没好", by=reporter(case, cast), now=now)
        assert found(cast.frontdesk, "电梯", now, view="open") == {lift.pk}


class TestPeople:
    @pytest.mark.parametrize("words", ["业主甲", "业主", "10000000001", "0001 业主甲", "3-2-1201"])
    def test_are_found_by_who_may_see_them(self, cast, now, lift, words):
        assert found(cast.frontdesk, words, now) == {lift.pk}

    @pytest.mark.parametrize("words", ["业主甲", "10000000001", "甲", "ж10000000001", "zz10000000001", "Ж业主"])
    def test_are_not_found_by_who_may_not(self, cast, now, lift, words):
        assert found(cast.auditor, words, now) == set()

    def test_of_the_matter_the_auditor_finds_it(self, cast, now, lift):
        assert found(cast.auditor, "电梯", now) == {lift.pk}

    @pytest.mark.parametrize("words", ["周女士", "10000000021", "0021"])
    def test_without_a_record_are_found_by_their_contact(self, cast, now, leak, words):
        assert found(cast.frontdesk, words, now) == {leak.pk}

    def test_are_not_found_by_an_auditor_who_works_with_people_elsewhere(self, cast, now, lift):
        Post.objects.create(
            user=cast.auditor, organisation=cast.organisation, community=cast.other_community, role=Role.FRONTDESK, started_at=now
        )
        cast.auditor.__dict__.pop("_grants", None)
        assert found(cast.auditor, "业主甲", now) == set() and found(cast.auditor, "电梯", now) == {lift.pk}

    def test_who_were_forgotten_are_not_found(self, cast, now, lift, leak):
        forget_residents([cast.residents["owner"].pk])
        assert found(cast.frontdesk, "业主甲", now) == set() and found(cast.frontdesk, "电梯", now) == {lift.pk}
        assert found(cast.frontdesk, "周女士", now) == {leak.pk}


class TestScope:
    def test_nobody_finds_what_they_do_not_see(self, cast, now, lift):
        for person in ("cleaner", "outsider", "administrator"):
            assert found(cast.people[person], "电梯", now) == set()

    def test_a_handler_finds_the_teams_and_their_own(self, cast, now, lift, leak):
        assert found(cast.handler, "电梯", now) == {lift.pk}
        actions.assign_case(case=leak, handler=cast.cleaner, by=STAFF(cast.frontdesk), now=now)
        assert found(cast.cleaner, "漏水", now) == {leak.pk}

    def test_a_handler_of_the_whole_company_finds_the_teams_everywhere(self, cast, now, lift):
        Post.objects.filter(user=cast.cleaner).update(community=None, team=Team.ENGINEERING)
        cast.cleaner.__dict__.pop("_grants", None)
        assert found(cast.cleaner, "电梯", now) == {lift.pk}

    def test_the_director_finds_in_every_community_of_the_company_and_in_no_other(self, cast, now, lift):
        from linsheng.feedback.actor import Actor
        from linsheng.standards.models import ServiceItem

        report = actions.Report(community=cast.other_community, item=cast.item, text="电梯异响")
        other = actions.receive_case(report=report, by=Actor.clockwork(), now=now)
        item = ServiceItem.objects.get(organisation=cast.foreign_organisation, code="facility.lift")
        far = actions.Report(community=cast.foreign_community, item=item, text="电梯坏")
        actions.receive_case(report=far, by=Actor.clockwork(), now=now)
        assert found(cast.director, "电梯", now) == {lift.pk, other.pk}
        assert found(cast.director, "电梯", now, community=cast.other_community.pk) == {other.pk}


def test_among_ended_cases_the_newest_are_found_and_among_open_ones_all(cast, now, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    ended = [make.declined(cast, now + n * DAY).pk for n in range(3)]
    opened = [make.received(cast, now).pk for _n in range(3)]
    assert found(cast.frontdesk, "电梯", now, view="open") == set(opened)
    assert found(cast.frontdesk, "电梯", now) == set(opened[1:])
    assert len(ended) == 3


def test_the_index_has_one_entry_a_case_and_goes_with_it(cast, now, lift):
    make.resolved(cast, now, case=lift)
    from django.db import connection

    def entries():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {search.TABLE}")  # noqa: S608  # a constant
            return cursor.fetchone()[0]

    assert entries() == 1
    Case.objects.filter(pk=lift.pk).update(parent=None)
    # As a demonstration company is removed: the whole case, with everything of it.
    for related in (lift.events, lift.resolutions, lift.result_notices, lift.escalations):
        related.all().delete()
    Case.objects.filter(pk=lift.pk).delete()
    assert entries() == 0


def test_searching_takes_no_more_queries_than_listing(cast, now, lift, django_assert_num_queries):
    cast.frontdesk.__dict__.pop("_grants", None)
    with django_assert_num_queries(2):
        list(board(cast.frontdesk, BoardFilter(q="电梯"), now))
