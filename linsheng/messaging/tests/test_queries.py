"""Reading notices."""

from datetime import timedelta

import pytest

from linsheng.accounts.privacy import erasure, exports
from linsheng.messaging import actions, queries
from linsheng.messaging.models import Channel, Delivery, Notice, NoticeKind, Preference

pytestmark = pytest.mark.django_db


def test_the_inbox_finds_words_of_two_characters_in_title_and_body(cast, tell):
    tell(cast.owner, key="1", title="三号电梯修好了", body="")
    tell(cast.owner, key="2", title="停水通知", body="明天检修电梯井。")
    tell(cast.owner, key="3", title="停水通知", body="")
    assert {n.key for n in queries.inbox(cast.owner, words="电梯")} == {"1", "2"}
    assert {n.key for n in queries.inbox(cast.owner, words="停水 电梯")} == {"2"}


def test_the_inbox_can_be_narrowed_to_the_unread_of_one_kind(cast, tell, now):
    tell(cast.owner, key="1")
    tell(cast.owner, key="2", kind=NoticeKind.ACCOUNT)
    actions.mark_read(notice=tell(cast.owner, key="3"), by=cast.owner, now=now)
    assert {n.key for n in queries.inbox(cast.owner, unread=True, kind=NoticeKind.CASE_RESULT)} == {"1"}


def test_only_kinds_that_were_received_are_offered(cast, tell):
    tell(cast.owner, kind=NoticeKind.ACCOUNT)
    assert queries.kinds_received(cast.owner) == [NoticeKind.ACCOUNT]


def test_the_table_of_preferences_shows_defaults_choices_and_what_is_fixed(cast):
    Preference.objects.create(user=cast.owner, kind=NoticeKind.CASE_RESULT, channel=Channel.EMAIL, on=False)
    table = {kind: {channel: (on, fixed) for channel, on, fixed in row} for kind, row in queries.preference_table(cast.owner)}
    assert table[NoticeKind.CASE_RESULT] == {Channel.INBOX: (True, True), Channel.EMAIL: (False, False)}
    assert table[NoticeKind.CASE_RECEIVED][Channel.EMAIL] == (True, False)
    assert table[NoticeKind.CASE_WORK][Channel.EMAIL] == (False, False)
    assert table[NoticeKind.ACCOUNT][Channel.EMAIL] == (True, True)


def test_each_company_sees_its_own_deliveries(cast, tell):
    tell(cast.owner, key="ours", subject=cast.home, email="a@example.com")
    tell(cast.stranger, key="theirs", subject=cast.residents["stranger"], email="b@example.com")
    found = queries.deliveries_of(frozenset({cast.organisation.pk}))
    assert [delivery.notice.key for delivery in found] == ["ours"]


def test_a_persons_notices_are_in_their_data(cast, tell):
    tell(cast.owner)
    data = exports.everything_about(cast.owner)
    assert data["notices"][0]["title"] == "电梯修好了"
    assert data["notice_preferences"] == []


def test_one_company_forgets_only_its_own_notices(cast, tell, now):
    tell(cast.owner, key="ours", organisation_id=1, email="a@example.com")
    tell(cast.owner, key="theirs", organisation_id=2)
    tell(cast.neighbour, key="another", organisation_id=1)
    erasure.erase_everywhere(cast.owner, 1, now)
    assert set(Notice.objects.values_list("key", flat=True)) == {"theirs", "another"}
    assert not Delivery.objects.exists()


def test_forgetting_a_person_leaves_no_notice_and_no_preference(cast, tell, now):
    tell(cast.owner)
    Preference.objects.create(user=cast.owner, kind=NoticeKind.ACCOUNT, channel=Channel.EMAIL, on=True)
    erasure.erase_everywhere(cast.owner, None, now + timedelta(days=1))
    assert not Notice.objects.exists()
    assert not Preference.objects.exists()
