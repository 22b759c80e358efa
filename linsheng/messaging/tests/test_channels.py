"""What goes through the channels that a company set up, and when."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from linsheng.accounts import senders
from linsheng.jobs.models import LeaseState
from linsheng.messaging.adapters.base import PermanentError, TemporaryError
from linsheng.messaging.adapters.registry import provider_of
from linsheng.messaging.configuring import seal
from linsheng.messaging.deliveries import deliver_next
from linsheng.messaging.models import Channel, ChannelSetting, Delivery, Notice, NoticeKind, Preference
from linsheng.messaging.senders import ChannelSender

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(cast, now):
    """``company(channel, provider, kinds)`` switches a channel on."""

    def make(channel=Channel.SMS, provider="http", kinds=(NoticeKind.CASE_RESULT, NoticeKind.ESCALATION), **more):
        given = {"on": True, "created_at": now, "changed_at": now, "secrets": seal({"key": "k", "secret": "s"})}
        given |= {"organisation_id": cast.organisation.pk, "config": {"url": "https://sms.example/"}, **more}
        return ChannelSetting.objects.create(channel=channel, provider=provider, kinds=list(kinds), **given)

    return make


@pytest.fixture
def carried(monkeypatch):
    """What the providers were given; ``answers`` are raised first."""
    sent, answers = [], []

    def send(self, message, config):
        answer = answers.pop(0) if answers else None
        if answer:
            raise answer
        sent.append(message)
        return "number-1"

    for key in ("http", "wecom", "aliyun"):
        monkeypatch.setattr(type(provider_of(key)), "send", send)
    return SimpleNamespace(sent=sent, answers=answers)


def run(turn):
    while deliver_next(turn()):
        pass


def texts():
    return list(Delivery.objects.filter(channel=Channel.SMS).values_list("address", flat=True))


def test_nothing_goes_by_text_message_until_the_company_switches_it_on(cast, company, tell):
    tell(cast.owner, key="1", subject=cast.home)
    company(on=False)
    tell(cast.owner, key="2", subject=cast.home)
    assert texts() == []


def test_the_result_goes_by_text_message_and_what_matters_less_does_not(cast, company, tell):
    company()
    tell(cast.owner, key="1", subject=cast.home)
    tell(cast.owner, key="2", subject=cast.home, kind=NoticeKind.CASE_PROGRESS)
    tell(cast.stranger, key="3", subject=cast.residents["stranger"])
    assert texts() == [cast.owner.phone]


def test_a_person_can_decline_text_messages_and_ask_for_more_only_of_what_the_company_pays_for(cast, company, tell):
    company()
    Preference.objects.create(user=cast.owner, kind=NoticeKind.CASE_RESULT, channel=Channel.SMS, on=False)
    Preference.objects.create(user=cast.owner, kind=NoticeKind.CASE_PROGRESS, channel=Channel.SMS, on=True)
    tell(cast.owner, key="1", subject=cast.home)
    tell(cast.owner, key="2", subject=cast.home, kind=NoticeKind.CASE_PROGRESS)
    assert texts() == []


def test_somebody_without_an_account_is_reached_by_a_mobile_number_only(cast, company, tell):
    company()
    tell(key="1", phone="138 0000 0001", subject=cast.home)
    tell(key="2", phone="0755-10000000", subject=cast.home)
    assert texts() == ["13800000001"]


def test_who_asked_to_stay_unknown_is_reached_by_nothing_outside(cast, company, tell):
    company()
    tell(cast.owner, subject=cast.home, channels=())
    assert not Delivery.objects.exists()


def test_a_text_message_carries_title_link_and_the_providers_number(cast, company, carried, tell, turn):
    company()
    tell(cast.owner, subject=cast.home)
    run(turn)
    (message,) = carried.sent
    delivery = Delivery.objects.get()
    assert (message.to, message.title, message.identity) == (cast.owner.phone, "电梯修好了", delivery.message_id)
    assert message.link.endswith("/cases/1/")
    assert (delivery.state, delivery.provider_id) == (LeaseState.DONE, "number-1")


def test_of_what_is_private_nothing_is_said(cast, company, carried, tell, turn):
    company(Channel.WECOM, "wecom", [NoticeKind.CASE_WORK])
    tell(cast.handler, subject=cast.home, kind=NoticeKind.CASE_WORK, title="王某反映噪音", body="3-2-1201", private=True)
    run(turn)
    assert (carried.sent[0].title, carried.sent[0].body) == ("有一条新的通知，请打开查看", "")


def test_a_group_hears_of_an_event_once_without_numbers_in_it(cast, company, carried, tell, turn):
    company(Channel.WECOM, "wecom", [NoticeKind.ESCALATION], name="工程群")
    for person in (cast.supervisor, cast.manager, cast.director):
        tell(person, key=person.username, subject=cast.home, kind=NoticeKind.ESCALATION, title="超时：请回电 13800000001")
    run(turn)
    assert [message.title for message in carried.sent] == ["超时：请回电 〔电话〕"]
    assert Delivery.objects.get(channel=Channel.WECOM).address == "工程群"


def test_a_group_of_one_community_hears_nothing_of_another(cast, company, carried, tell, turn):
    company(Channel.WECOM, "wecom", [NoticeKind.ESCALATION], community_id=cast.other_community.pk)
    tell(cast.supervisor, subject=cast.home, kind=NoticeKind.ESCALATION)
    run(turn)
    assert carried.sent == []


def test_residents_notices_are_no_business_of_a_group(cast, company, tell):
    company(Channel.WECOM, "wecom", [NoticeKind.ESCALATION])
    tell(cast.owner, subject=cast.home)
    assert not Delivery.objects.exists()


def test_a_switched_off_channel_fails_what_waits_for_it(cast, company, tell, turn):
    setting = company()
    tell(cast.owner, subject=cast.home)
    ChannelSetting.objects.filter(pk=setting.pk).update(on=False)
    run(turn)
    assert (Delivery.objects.get().state, Delivery.objects.get().error) == (LeaseState.FAILED, "这个渠道已停用。")


def test_a_provider_that_wants_to_be_left_alone_is(cast, company, carried, tell, turn, now):
    company()
    tell(cast.owner, subject=cast.home)
    carried.answers.append(TemporaryError("限流", after=timedelta(hours=1)))
    run(turn)
    assert Delivery.objects.get().run_at == now + timedelta(hours=1)


def test_what_began_and_has_no_known_end_is_not_sent_again_by_itself(cast, company, carried, tell, turn, now):
    company(provider="aliyun")
    tell(cast.owner, subject=cast.home)
    Delivery.objects.update(begun_at=now)
    run(turn)
    assert carried.sent == []
    assert "不能确定" in Delivery.objects.get().error


def test_a_gateway_that_knows_a_repeat_is_asked_again(cast, company, carried, tell, turn, now):
    company()
    tell(cast.owner, subject=cast.home)
    Delivery.objects.update(begun_at=now)
    run(turn)
    assert len(carried.sent) == 1


def test_a_refusal_is_a_known_end(cast, company, carried, tell, turn, clock):
    company(provider="aliyun")
    tell(cast.owner, subject=cast.home)
    carried.answers.append(TemporaryError("忙"))
    run(turn)
    assert Delivery.objects.get().begun_at is None
    clock.move(minutes=1)
    run(turn)
    assert Delivery.objects.get().state == LeaseState.DONE


def test_a_robot_is_given_twenty_a_minute_and_the_rest_a_minute_later(cast, company, carried, tell, turn, clock, now):
    company(Channel.WECOM, "wecom", [NoticeKind.ESCALATION])
    for number in range(25):
        tell(cast.supervisor, key=str(number), subject=cast.home, kind=NoticeKind.ESCALATION, title=f"第{number}件")
    run(turn)
    assert len(carried.sent) == 20
    waiting = Delivery.objects.filter(state=LeaseState.QUEUED)
    assert {(row.run_at, row.attempts) for row in waiting} == {(now + timedelta(minutes=1), 0)}
    clock.move(minutes=1, seconds=1)
    run(turn)
    assert len(carried.sent) == 25


def test_a_mail_is_unmoved_by_all_this(cast, company, tell):
    company()
    tell(cast.owner, subject=cast.home, email="owner@example.com")
    assert set(Delivery.objects.values_list("channel", flat=True)) == {Channel.EMAIL, Channel.SMS}


def test_codes_go_through_the_companys_provider_and_without_one_to_the_console(cast, company, carried, settings, capsys):
    settings.SMS_CODES_COMPANY = cast.organisation.code
    ChannelSender().send_code("13800000001", "123456", "验证码 123456")
    assert "123456" in capsys.readouterr().out
    company()
    ChannelSender().send_code("13800000001", "123456", "验证码 123456")
    assert (carried.sent[0].to, carried.sent[0].code) == ("13800000001", "123456")
    carried.answers.append(PermanentError("余额不足"))
    with pytest.raises(senders.SendingError, match="余额"):
        ChannelSender().send_code("13800000001", "123456", "验证码 123456")


def test_among_several_companies_none_carries_codes_unless_it_is_named(cast, company, carried, capsys):
    assert cast.foreign_organisation
    company()
    ChannelSender().send_code("13800000001", "123456", "验证码 123456")
    assert carried.sent == []


def test_a_group_message_is_no_notice_of_anybodys(cast, company, tell):
    company(Channel.WECOM, "wecom", [NoticeKind.ESCALATION])
    tell(cast.supervisor, subject=cast.home, kind=NoticeKind.ESCALATION)
    assert Notice.objects.filter(user=None).count() == 1
