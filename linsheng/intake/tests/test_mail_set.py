"""Every mail of the set, alone in an empty mailbox: what becomes of it. Whatever the bytes: nothing is lost, nothing changed."""

import random

import pytest

from linsheng.communities.models import Resident
from linsheng.feedback.models import Case, Rating
from linsheng.intake import rawmail
from linsheng.intake.models import Mail, Outcome
from linsheng.intake.tests.mails_of_our_own import arrives, box
from linsheng.intake.tests.test_mail_fixtures import EXPECTED, MAILS

pytestmark = pytest.mark.django_db
QUICK, MANY = 100, 2000


@pytest.fixture
def mailbox(cast):
    return box(cast, address="service@ch.example.com", trusted_server="mx.ch.example.com")


@pytest.mark.parametrize("name", sorted(name for name, one in EXPECTED.items() if "outcome" in one))
def test_a_mail_of_the_set_becomes_what_is_expected(name, mailbox, now):
    raw = (MAILS / f"{name}.eml").read_bytes()
    mail = arrives(raw, now, mailbox)
    assert mail.outcome == EXPECTED[name]["outcome"], (mail.reason, mail.note)
    assert rawmail.read(mail.raw) == raw


def changed(raw: bytes, dice: random.Random) -> bytes:
    """A mail of the set with some of its bytes lost, doubled, moved or made up."""
    data = bytearray(raw[:20_000])
    for _change in range(dice.randrange(1, 12)):
        place, length = dice.randrange(len(data) + 1), dice.randrange(1, 60)
        kind = dice.randrange(5)
        if kind == 0:
            del data[place : place + length]
        elif kind == 1:
            data[place:place] = dice.randbytes(length)
        elif kind == 2:
            data[place:place] = data[max(0, place - length) : place]
        elif kind == 3 and data:
            data[place % len(data)] = dice.randrange(256)
        else:
            data[place:place] = dice.choice(
                [b"\r\n", b"\x00", b"--b\r\n", b"[CH2611-0001]", b"=?gb2312?B?", b"From: owner@example.com\r\n"]
            )
    return bytes(data)


def identities() -> list[tuple[object, ...]]:
    return list(Resident.objects.order_by("pk").values_list("pk", "name", "phone", "email", "user", "erased_at"))


def closures() -> list[tuple[object, ...]]:
    return list(Case.objects.order_by("pk").values_list("pk", "resident", "closed_at", "confirmed_at", "cycle"))


def fuzz(count: int, mailbox, now) -> None:
    seeds = [path.read_bytes() for path in sorted(MAILS.glob("*.eml"))]
    dice, people = random.Random(20261125), identities()
    for _number in range(count):
        raw, before = changed(dice.choice(seeds), dice), closures()
        mail = arrives(raw, now, mailbox)
        assert mail.outcome != Outcome.WAITING
        assert rawmail.read(mail.raw) == raw
        assert closures()[: len(before)] == before
    assert identities() == people
    assert not Rating.objects.exists()
    # One that cannot be read, or names no sender, waits for a person; what made us stumble has its words.
    stumbled = Mail.objects.filter(outcome=Outcome.PARKED).exclude(note="")
    assert not stumbled.exists(), [mail.note for mail in stumbled]


@pytest.fixture
def _no_caps(settings):
    settings.MAIL_PER_SENDER_HOUR = settings.MAIL_PER_CASE_DAY = 10_000


@pytest.mark.usefixtures("_no_caps")
def test_whatever_the_bytes_nothing_is_lost_and_nothing_changed(mailbox, now):
    fuzz(QUICK, mailbox, now)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.usefixtures("_no_caps")
def test_whatever_the_bytes_of_two_thousand_mails(mailbox, now):
    fuzz(MANY, mailbox, now)
