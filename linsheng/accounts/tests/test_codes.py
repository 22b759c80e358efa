"""One-time codes."""

import stat
from datetime import timedelta

import pytest

from linsheng.accounts import actions
from linsheng.accounts.actions.codes import MAX_TRIES
from linsheng.accounts.models import Attempt, OneTimeCode
from linsheng.accounts.senders import ConsoleSender
from linsheng.core.errors import Conflict, Invalid, TooMany

pytestmark = pytest.mark.django_db
PHONE, IP = "10000000001", "192.0.2.1"


def send(now, phone=PHONE, ip=IP):
    return actions.send_code(phone=phone, ip=ip, now=now)


def check(code, now, phone=PHONE):
    return actions.check_code(phone=phone, code=code, ip=IP, now=now)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_proves_the_number_however_it_was_typed(outbox, now):
    sent = send(now, phone="+86 100-0000-0001")
    assert sent.phone == PHONE
    assert check(outbox.code(), now + timedelta(minutes=1)) == PHONE


def test_the_code_is_not_stored(outbox, now):
    send(now)
    row = OneTimeCode.objects.get()
    assert outbox.code() not in row.code_hash
    assert len(row.code_hash) == 64


def test_a_code_works_once(outbox, now):
    send(now)
    check(outbox.code(), now)
    with pytest.raises(Invalid, match="失效"):
        check(outbox.code(), now)


def test_a_code_ends_after_five_minutes(outbox, now):
    send(now)
    with pytest.raises(Invalid, match="失效"):
        check(outbox.code(), now + timedelta(minutes=5))


def test_a_newer_code_replaces_the_older(outbox, now):
    send(now)
    first = outbox.code()
    send(now + timedelta(seconds=61))
    if first != outbox.code():
        with pytest.raises(Invalid, match="不对"):
            check(first, now + timedelta(seconds=70))
    assert check(outbox.code(), now + timedelta(seconds=71)) == PHONE


def test_five_wrong_tries_end_the_code_even_for_the_right_one(outbox, now):
    send(now)
    for _try in range(MAX_TRIES):
        with pytest.raises(Invalid, match="不对"):
            check(wrong(outbox.code()), now)
    with pytest.raises(Invalid, match="次数过多"):
        check(outbox.code(), now)


def test_another_number_does_not_take_the_code(outbox, now):
    send(now)
    code = outbox.code()
    send(now, phone="10000000002")
    if outbox.code() != code:
        with pytest.raises(Invalid):
            check(code, now, phone="10000000002")


def test_another_code_can_be_had_after_a_minute_not_before(outbox, now):
    send(now)
    with pytest.raises(TooMany, match="30 秒"):
        send(now + timedelta(seconds=30))
    send(now + timedelta(seconds=60))
    assert len(outbox.sent) == 2


def test_a_refused_request_does_not_prolong_the_wait(outbox, now):
    send(now)
    with pytest.raises(TooMany):
        send(now + timedelta(seconds=59))
    send(now + timedelta(seconds=61))


def test_five_codes_an_hour_for_one_number(outbox, now):
    for n in range(5):
        send(now + timedelta(minutes=2 * n), ip=f"192.0.2.{n}")
    with pytest.raises(TooMany, match="分钟"):
        send(now + timedelta(minutes=12), ip="192.0.2.99")
    send(now + timedelta(minutes=61), ip="192.0.2.99")


def test_one_address_cannot_ask_for_many_numbers(outbox, now):
    for n in range(30):
        send(now, phone=f"100000{n:05d}")
    with pytest.raises(TooMany):
        send(now, phone="10000099999")
    assert len(outbox.sent) == 30


def test_guessing_over_many_numbers_is_limited_by_address(outbox, now):
    with pytest.raises(TooMany):
        for n in range(100):
            with pytest.raises(Invalid):
                check("123456", now, phone=f"100000{n:05d}")


@pytest.mark.parametrize("phone", ["", "12345", "0755-12345678", "abcdefghijk", "2000000001"])
def test_only_mobile_numbers_get_codes(outbox, now, phone):
    with pytest.raises(Invalid) as caught:
        send(now, phone=phone)
    assert "phone" in caught.value.fields
    assert outbox.sent == []


def test_full_width_digits_are_digits(outbox, now):
    assert send(now, phone="１００００００００１１".replace("１１", "０１")).phone == PHONE


def test_a_message_that_does_not_go_leaves_no_code(outbox, now):
    outbox.broken = True
    with pytest.raises(Conflict, match="没有发出去"):
        send(now)
    assert not OneTimeCode.objects.exists()


def test_attempts_hold_no_number_and_no_address(outbox, now):
    send(now)
    assert not Attempt.objects.filter(key__in=[PHONE, IP]).exists()
    assert Attempt.objects.filter(scope="code.ip").exists()


def test_the_console_sender_prints_and_keeps_a_private_log(settings, tmp_path, capsys):
    settings.HOME = tmp_path
    ConsoleSender().send(PHONE, "[邻声] 验证码 123456")
    ConsoleSender().send(PHONE, "[邻声] 验证码 654321")
    assert "[邻声] 验证码 123456" in capsys.readouterr().out
    log = tmp_path / "sms.log"
    assert log.read_text(encoding="utf-8").count("验证码") == 2
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
