"""Telling people things."""

from datetime import timedelta

import pytest
from django.db import transaction

from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, NotVisible
from linsheng.jobs.models import LeaseState
from linsheng.messaging import actions, queries
from linsheng.messaging.models import Channel, Delivery, Notice, NoticeKind, Preference

pytestmark = pytest.mark.django_db
EMAIL = Channel.EMAIL


def test_a_person_finds_the_notice_in_the_inbox(cast, tell, now):
    notice = tell(cast.owner)
    assert queries.inbox(cast.owner).get() == notice
    assert (notice.title, notice.read_at, notice.created_at) == ("电梯修好了", None, now)
    assert queries.unread_count(cast.owner) == 1
    assert queries.unread_count(cast.neighbour) == 0


def test_the_same_key_tells_once(cast, tell):
    first = tell(cast.owner, email="a@example.com")
    assert tell(cast.owner, email="a@example.com", title="again") == first
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_repeated_key_leaves_the_callers_transaction_usable(cast, tell):
    with transaction.atomic():
        tell(cast.owner)
        tell(cast.owner)
        tell(cast.owner, key="other")
    assert Notice.objects.count() == 2


def test_a_notice_of_a_transaction_that_fails_never_was(cast, tell):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(cast.owner, email="a@example.com")
        raise RuntimeError
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_without_an_address_nothing_is_sent(cast, tell):
    tell(cast.owner)
    assert not Delivery.objects.exists()


def test_a_result_also_goes_by_mail_when_there_is_an_address(cast, tell, now):
    delivery = tell(cast.owner, email="owner@example.com").deliveries.get()
    assert (delivery.channel, delivery.address, delivery.state) == (EMAIL, "owner@example.com", LeaseState.QUEUED)
    assert delivery.run_at == now


def test_the_accounts_own_address_is_used_when_none_is_given(cast, tell):
    cast.owner.email = "own@example.com"
    assert tell(cast.owner).deliveries.get().address == "own@example.com"


def test_a_contact_without_an_account_always_gets_the_mail(cast, tell):
    notice = tell(email="guest@example.com", kind=NoticeKind.CASE_PROGRESS)
    assert notice.user is None
    assert notice.deliveries.get().address == "guest@example.com"


@pytest.mark.parametrize(("kind", "mails"), [(NoticeKind.CASE_RESULT, 1), (NoticeKind.CASE_WORK, 0), (NoticeKind.CASE_PROGRESS, 0)])
def test_by_default_mail_is_for_what_one_waits_for(cast, tell, kind, mails):
    assert tell(cast.owner, kind=kind, email="a@example.com").deliveries.count() == mails


def test_preferences_decide(cast, tell, now):
    wanted = {(NoticeKind.CASE_RESULT, EMAIL): False, (NoticeKind.CASE_WORK, EMAIL): True}
    actions.set_preferences(user=cast.owner, wanted=wanted, by=cast.owner, now=now)
    assert not tell(cast.owner, email="a@example.com").deliveries.exists()
    assert tell(cast.owner, key="w", kind=NoticeKind.CASE_WORK, email="a@example.com").deliveries.exists()


def test_channels_of_the_caller_override_preferences(cast, tell):
    assert not tell(cast.owner, key="1", email="a@example.com", channels=[Channel.INBOX]).deliveries.exists()
    sent = tell(cast.owner, key="2", email="a@example.com", kind=NoticeKind.CASE_WORK, channels=[EMAIL])
    assert sent.deliveries.exists()


def test_a_closed_account_gets_no_mail(cast, tell):
    cast.owner.is_active = False
    assert not tell(cast.owner, email="a@example.com", kind=NoticeKind.ACCOUNT).deliveries.exists()


def test_what_it_is_about_and_whose_it_is_are_kept(cast, tell):
    notice = tell(cast.owner, subject=cast.home)
    assert (notice.subject_type, notice.subject_id) == ("communities.home", cast.home.pk)
    assert notice.organisation_id == cast.organisation.pk
    assert tell(cast.owner, key="2", organisation_id=5).organisation_id == 5
    assert tell(cast.owner, key="3").organisation_id is None


def test_a_long_title_is_cut_and_kept_on_one_line(cast, tell):
    notice = tell(cast.owner, title="很长\n的" + "标题" * 100)
    assert len(notice.title) == actions.TITLE_LENGTH
    assert notice.title.startswith("很长 的标题")
    assert notice.title.endswith("…")


def test_the_same_notice_to_the_same_address_has_the_same_message_id_for_ever(cast, tell):
    first = tell(cast.owner, email="a@example.com").deliveries.get().message_id
    Notice.objects.all().delete()
    assert tell(cast.owner, email="a@example.com").deliveries.get().message_id == first
    assert tell(cast.owner, key="other", email="a@example.com").deliveries.get().message_id != first


def test_telling_a_person_without_an_address_costs_one_query(cast, tell, django_assert_num_queries):
    with django_assert_num_queries(1):
        tell(cast.owner)


def test_telling_with_a_mail_costs_four_queries(cast, tell, django_assert_num_queries):
    with django_assert_num_queries(4):
        tell(cast.owner, email="a@example.com")


def test_reading_is_noted_once(cast, tell, now):
    notice = tell(cast.owner)
    actions.mark_read(notice=notice, by=cast.owner, now=now)
    actions.mark_read(notice=Notice.objects.get(), by=cast.owner, now=now + timedelta(hours=1))
    assert Notice.objects.get().read_at == now
    assert queries.unread_count(cast.owner) == 0


def test_nobody_reads_for_another(cast, tell, now):
    with pytest.raises(NotVisible):
        actions.mark_read(notice=tell(cast.owner), by=cast.neighbour, now=now)


def test_all_of_ones_own_are_marked_read_and_no_others(cast, tell, now):
    for key in "ab":
        tell(cast.owner, key=key)
    tell(cast.neighbour, key="n")
    assert actions.mark_all_read(by=cast.owner, now=now) == 2
    assert queries.unread_count(cast.neighbour) == 1


def test_what_cannot_be_switched_off_stays_on(cast, now):
    wanted = {(NoticeKind.ACCOUNT, EMAIL): False, (NoticeKind.CASE_RESULT, Channel.INBOX): False, ("nonsense", EMAIL): False}
    actions.set_preferences(user=cast.owner, wanted=wanted, by=cast.owner, now=now)
    assert not Preference.objects.exists()


def test_changing_ones_mind_changes_the_same_row_and_is_in_the_record(cast, now):
    for on in (False, True):
        actions.set_preferences(user=cast.owner, wanted={(NoticeKind.CASE_RESULT, EMAIL): on}, by=cast.owner, now=now)
    assert Preference.objects.get().on is True
    assert AuditEntry.objects.filter(action="messaging.set_preferences").count() == 2


def test_a_failed_delivery_can_be_sent_again(cast, tell, now):
    delivery = tell(cast.owner, email="a@example.com", subject=cast.home).deliveries.get()
    Delivery.objects.update(state=LeaseState.FAILED, attempts=16, error="550 no such user")
    delivery = actions.retry_delivery(delivery=delivery, by=cast.administrator, now=now)
    assert (delivery.state, delivery.attempts, delivery.error) == (LeaseState.QUEUED, 0, "")
    entry = AuditEntry.objects.get(action="messaging.retry_delivery")
    assert (entry.actor, entry.subject_id) == (cast.administrator, delivery.pk)


@pytest.mark.parametrize("state", [LeaseState.QUEUED, LeaseState.RUNNING, LeaseState.DONE])
def test_only_what_failed_is_sent_again(cast, tell, now, state):
    delivery = tell(cast.owner, email="a@example.com").deliveries.get()
    Delivery.objects.update(state=state)
    with pytest.raises(Conflict):
        actions.retry_delivery(delivery=delivery, by=None, now=now)
