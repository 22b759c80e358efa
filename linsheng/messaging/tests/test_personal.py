"""Quiet hours and the daily digest: what waits is never lost, and nothing is told twice."""

from datetime import datetime, time, timedelta

import pytest
from django.utils.timezone import get_default_timezone

from linsheng.core.errors import Invalid
from linsheng.jobs.models import LeaseState
from linsheng.messaging import actions, digests, hours, queries
from linsheng.messaging.configuring import seal
from linsheng.messaging.deliveries import deliver_next
from linsheng.messaging.models import Channel, ChannelSetting, Delivery, Gathered, Notice, NoticeKind, NoticeTimes, WechatLink
from linsheng.messaging.timing import waits_until

pytestmark = pytest.mark.django_db


def at(hour, minute=0, day=23):
    return datetime(2026, 11, day, hour, minute, tzinfo=get_default_timezone())


@pytest.fixture
def texting(cast, now):
    given = {"on": True, "created_at": now, "changed_at": now, "secrets": seal({"secret": "s" * 16})}
    return ChannelSetting.objects.create(
        organisation_id=cast.organisation.pk, channel="sms", provider="http", kinds=["case_result", "escalation"], **given
    )


@pytest.fixture
def wish(cast, now):
    """``wish(digest_hour=18)``: the owner's hours."""

    def make(user=None, **said):
        given = {"quiet_on": True, "quiet_from": time(22), "quiet_until": time(8), "digest_hour": None, **said}
        user = user or cast.owner
        return actions.set_times(user=user, by=user, now=now, **given)

    return make


@pytest.fixture
def text(cast, tell, texting):
    """One text message to the owner."""

    def make(**more):
        tell(cast.owner, subject=cast.home, **more)
        return Delivery.objects.select_related("notice__user", "setting").get(channel=Channel.SMS)

    return make


@pytest.mark.parametrize(
    ("when", "until"),
    [
        (at(22), at(8, day=24)),
        (at(23, 59), at(8, day=24)),
        (at(3), at(8)),
        (at(7, 59), at(8)),
        (at(8), None),
        (at(12), None),
        (at(21, 59), None),
    ],
)
def test_between_ten_and_eight_no_telephone_rings(text, when, until):
    assert waits_until(text(), when) == until


def test_a_text_of_the_night_goes_out_in_the_morning_and_counts_no_attempt(text, turn, clock):
    text()
    clock.at = at(23)
    while deliver_next(turn()):
        pass
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.run_at, waiting.attempts) == (LeaseState.QUEUED, at(8, day=24), 0)


def test_what_is_urgent_wakes_people(text):
    assert waits_until(text(urgent=True), at(3)) is None


def test_a_person_has_hours_of_their_own_or_none(text, wish):
    delivery = text()
    wish(quiet_from=time(12), quiet_until=time(14))
    assert waits_until(delivery, at(13)) == at(14)
    assert waits_until(delivery, at(3)) is None
    wish(quiet_on=False)
    assert waits_until(delivery, at(23)) is None


def test_a_contact_without_an_account_sleeps_as_well(cast, tell, texting):
    tell(phone="13800000009", subject=cast.home)
    assert waits_until(Delivery.objects.get(), at(23)) == at(8, day=24)


def test_mail_waits_for_no_morning(cast, tell):
    tell(cast.owner, email="owner@example.com")
    assert waits_until(Delivery.objects.get(), at(3)) is None


def test_hours_that_begin_as_they_end_are_refused(wish):
    with pytest.raises(Invalid):
        wish(quiet_from=time(8), quiet_until=time(8))


def test_without_a_digest_nothing_is_gathered(cast, tell, wish):
    wish()
    tell(cast.owner, email="owner@example.com")
    assert not Gathered.objects.exists()
    assert Delivery.objects.count() == 1


def test_a_digest_gathers_what_would_have_gone_out_and_the_inbox_has_it_at_once(cast, tell, texting, wish):
    wish(digest_hour=18)
    tell(cast.owner, email="owner@example.com", subject=cast.home)
    assert not Delivery.objects.exists()
    assert queries.unread_count(cast.owner) == 1
    waiting = Gathered.objects.get()
    assert (waiting.due_at, waiting.channels, waiting.email) == (at(18), ["email"], "owner@example.com")


@pytest.mark.parametrize("more", [{"urgent": True}, {"kind": NoticeKind.ACCOUNT}, {"kind": NoticeKind.ESCALATION}])
def test_what_nobody_should_read_late_is_not_gathered(cast, tell, wish, more):
    wish(digest_hour=18)
    tell(cast.owner, email="owner@example.com", **more)
    assert not Gathered.objects.exists()
    assert Delivery.objects.count() == 1


def test_who_has_only_a_telephone_is_texted_as_before(cast, tell, texting, wish):
    wish(digest_hour=18)
    tell(cast.owner, subject=cast.home)
    assert Delivery.objects.get().channel == Channel.SMS


def test_who_came_by_mail_is_answered_by_mail_at_once(cast, tell, wish):
    wish(digest_hour=18)
    tell(cast.owner, email="owner@example.com", channels=[Channel.EMAIL])
    assert Delivery.objects.count() == 1


def gather(cast, tell, count):
    for number in range(count):
        tell(cast.owner, key=f"n{number}", title=f"第{number}件修好了", email="owner@example.com", subject=cast.home)


def test_each_notice_is_in_exactly_one_digest(cast, tell, wish):
    wish(digest_hour=18)
    gather(cast, tell, 3)
    assert actions.send_digests(now=at(17, 59)) == 0
    assert actions.send_digests(now=at(18)) == 1
    assert actions.send_digests(now=at(18, 5)) == 0
    tell(cast.owner, key="later", title="又一件", email="owner@example.com", subject=cast.home, now=at(19))
    assert actions.send_digests(now=at(18, day=24)) == 1
    first, second = Notice.objects.filter(kind=NoticeKind.DIGEST).order_by("pk")
    assert (first.title, first.body.count("修好了"), second.body) == ("今天有 3 条通知", 3, "1. 又一件")
    assert [delivery.address for delivery in Delivery.objects.order_by("pk")] == ["owner@example.com"] * 2
    assert not Gathered.objects.filter(sent_at=None).exists()


def test_another_worker_that_wrote_it_first_leaves_nothing_to_do(cast, tell, wish, monkeypatch):
    wish(digest_hour=18)
    gather(cast, tell, 2)
    first = Gathered.objects.order_by("pk").first()
    theirs = {"kind": NoticeKind.DIGEST, "title": "今天有 2 条通知", "body": "", "url": "", "now": at(18)}
    actions.notify(key=f"digest-{cast.owner.pk}-{first.pk}", user=cast.owner, channels=(), **theirs)
    assert actions.send_digests(now=at(18)) == 0
    assert not Delivery.objects.exists()


def test_the_digest_stands_in_no_inbox_for_its_parts_do(cast, tell, wish):
    wish(digest_hour=18)
    gather(cast, tell, 2)
    actions.send_digests(now=at(18))
    assert queries.inbox(cast.owner).count() == 2
    assert queries.unread_count(cast.owner) == 2


def test_of_what_is_private_a_digest_says_only_that_it_is_there(cast, tell, wish):
    wish(digest_hour=18)
    tell(cast.owner, title="王某反映噪音", email="owner@example.com", private=True)
    actions.send_digests(now=at(18))
    assert "王某" not in Notice.objects.get(kind=NoticeKind.DIGEST).body


def test_a_very_long_day_is_cut_but_counted(cast, tell, wish, monkeypatch):
    monkeypatch.setattr(digests, "LISTED", 2)
    wish(digest_hour=18)
    gather(cast, tell, 5)
    actions.send_digests(now=at(18))
    assert Notice.objects.get(kind=NoticeKind.DIGEST).body.endswith("还有 3 条，请打开查看。")


def test_who_gives_the_digest_up_gets_what_waits_now_and_another_hour_moves_it(cast, tell, wish, now):
    wish(digest_hour=18)
    gather(cast, tell, 1)
    wish(digest_hour=20)
    assert Gathered.objects.get().due_at == at(20)
    wish(digest_hour=None)
    assert actions.send_digests(now=now) == 1


def test_the_digest_goes_to_the_linked_wechat_as_well(cast, tell, wish, now):
    given = {"on": True, "created_at": now, "changed_at": now, "provider": "wechat", "channel": "wechat"}
    ChannelSetting.objects.create(organisation_id=cast.organisation.pk, **given)
    WechatLink.objects.create(user=cast.owner, organisation_id=cast.organisation.pk, openid="o-owner", linked_at=now)
    wish(digest_hour=18)
    gather(cast, tell, 2)
    actions.send_digests(now=at(18))
    assert set(Delivery.objects.values_list("channel", "address")) == {("email", "owner@example.com"), ("wechat", "o-owner")}


def test_the_next_hour_may_be_tomorrows(now):
    assert hours.next_digest(10, now) == at(10, day=24)
    assert hours.next_digest(11, now) == at(11)


def test_hours_are_set_on_the_page(client, cast):
    client.force_login(cast.owner)
    data = {"quiet_on": "on", "quiet_from": "21:30", "quiet_until": "07:00", "digest_on": "on", "digest_hour": "19"}
    assert client.post("/me/notices/times/", data).status_code == 302
    times = NoticeTimes.objects.get()
    assert (times.quiet_from, times.quiet_until, times.digest_hour) == (time(21, 30), time(7), 19)
    page = client.get("/me/notices/").content.decode()
    assert 'value="21:30"' in page
    assert 'value="19" selected' in page
    data.pop("digest_on")
    client.post("/me/notices/times/", data)
    assert NoticeTimes.objects.get().digest_hour is None


def test_wrong_hours_come_back_with_a_sentence(client, cast):
    client.force_login(cast.owner)
    data = {"quiet_on": "on", "quiet_from": "08:00", "quiet_until": "08:00", "digest_hour": "19"}
    response = client.post("/me/notices/times/", data)
    assert response.status_code == 422
    assert "同一时刻" in response.content.decode()


def test_a_closed_account_gets_no_digest(cast, tell, wish):
    wish(digest_hour=18)
    gather(cast, tell, 1)
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(is_active=False)
    actions.send_digests(now=at(18) + timedelta(days=1))
    assert not Delivery.objects.exists()
