"""Rules of reading that a single mail does not show."""

from datetime import UTC, datetime

import pytest

from linsheng.intake.mail import Fault, html_with_images, read_mail
from linsheng.intake.mail.authentication import aligned
from linsheng.intake.mail.explaining import FAULTS, SIGNS
from linsheng.intake.mail.model import AutoSign
from linsheng.intake.mail.subjects import core
from linsheng.intake.mail.transfer import decoded, decoded_size


def test_every_fault_and_sign_has_words():
    assert set(FAULTS) == set(Fault)
    assert set(SIGNS) == set(AutoSign)


@pytest.mark.parametrize(
    ("subject", "left"),
    [
        ("Re: Re[2]: 回复：电梯", "电梯"),
        ("答复: 【外部】转发：水管", "水管"),
        ("RE：FW: fwd: x", "x"),
        ("Refund please", "Refund please"),
        ("回复慢：没人管", "回复慢：没人管"),
        ("", ""),
    ],
)
def test_only_what_programmes_put_in_front_of_a_subject_goes(subject, left):
    assert core(subject) == left


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mail.example.com", "example.com", True),
        ("example.com.cn", "other.com.cn", False),
        ("a.example.com.cn", "example.com.cn", True),
        ("", "", False),
    ],
)
def test_domains_are_aligned_under_one_registered_name(one, other, same):
    assert aligned(one, other) is same


def test_no_authentication_counts_where_no_server_is_named():
    raw = b"Authentication-Results: mx; dmarc=pass header.from=example.com\r\nFrom: a@example.com\r\n\r\nx"
    assert read_mail(raw).authentication.verdict == "none"
    assert read_mail(raw, trusted_servers=["MX"]).authentication.verdict == "pass"


def test_our_own_address_makes_a_mail_our_own():
    raw = b"From: Service@ch.example.com\r\n\r\nx"
    assert read_mail(raw).kind == "person"
    assert read_mail(raw, own_addresses=["service@ch.example.com"]).kind == "own"


def test_a_group_address_of_ours_is_no_list():
    raw = b"From: owner@example.com\r\nList-Id: <service.ch.example.com>\r\n\r\nx"
    assert read_mail(raw).kind == "list"
    assert read_mail(raw, own_addresses=["service@ch.example.com"]).kind == "person"


def test_a_date_ahead_of_now_is_no_date():
    raw = b"Date: Wed, 25 Nov 2026 10:00:00 +0800\r\n\r\nx"
    assert read_mail(raw, now=datetime(2026, 11, 25, tzinfo=UTC)).date == datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert read_mail(raw, now=datetime(2026, 11, 1, tzinfo=UTC)).date is None


def test_pictures_get_their_addresses_or_go():
    markup = '<p><img src="cid:0" alt="a"><img src="cid:1"></p>'
    assert html_with_images(markup, {0: '/file/1?a="b"&c'}) == '<p><img src="/file/1?a=&quot;b&quot;&amp;c" alt="a"></p>'


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", ""])
def test_decoding_in_pieces_is_decoding_at_once(encoding, monkeypatch):
    raw = {"base64": b"5LiK5rW3\r\n5rmW", "quoted-printable": b"=E4=B8=8A=\r\n=E6=B5=B7 x =\r\n", "": b"plain bytes"}[encoding]
    whole = decoded(memoryview(raw), encoding, 10_000)
    for chunk in range(3, 9):
        monkeypatch.setattr("linsheng.intake.mail.transfer.CHUNK", chunk)
        assert decoded(memoryview(raw), encoding, 10_000) == whole
        assert decoded_size(memoryview(raw), encoding) == len(whole)


def test_a_reply_by_a_person_can_be_answered_and_others_cannot():
    assert read_mail(b"From: owner@example.com\r\n\r\nx").answerable
    for more in (b"Auto-Submitted: auto-replied", b"X-Auto-Response-Suppress: All", b"List-Id: <x>"):
        assert not read_mail(b"From: owner@example.com\r\n" + more + b"\r\n\r\nx").answerable
    assert not read_mail(b"From: noreply@example.com\r\n\r\nx").answerable
    assert not read_mail(b"Subject: x\r\n\r\nx").answerable
