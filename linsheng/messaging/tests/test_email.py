"""Mail as it leaves the house."""

import smtplib

import pytest
from django.core import mail
from django.utils.translation import override

from linsheng.messaging import registry
from linsheng.messaging.actions import mark_bounced
from linsheng.messaging.adapters import email
from linsheng.messaging.adapters.base import PermanentError, TemporaryError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://cuihu.example"
    settings.DEFAULT_FROM_EMAIL = "翠湖物业 <notice@cuihu.example>"


@pytest.fixture
def delivery(cast, tell):
    def make(user=None, **changes):
        return tell(user or cast.owner, email=changes.pop("email", "owner@example.com"), **changes).deliveries.get()

    return make


def sent(delivery):
    email.EmailAdapter().send(delivery)
    return mail.outbox[-1]


def html_of(message) -> str:
    return message.alternatives[0].content


def test_it_says_the_same_in_plain_text_and_html(delivery):
    message = sent(delivery())
    assert (message.subject, message.to, message.from_email) == (
        "电梯修好了",
        ["owner@example.com"],
        "翠湖物业 <notice@cuihu.example>",
    )
    for body in (message.body, html_of(message)):
        assert "已更换按钮板。" in body
        assert "https://cuihu.example/cases/1/" in body
        assert "https://cuihu.example/me/notices/" in body


def test_the_message_id_is_the_deliverys_own_over_retries(delivery):
    row = delivery()
    assert [sent(row).message()["Message-ID"] for _try in range(2)] == [row.message_id] * 2
    assert row.message_id.endswith("@cuihu.example>")


def test_it_says_that_a_machine_wrote_it(delivery):
    assert sent(delivery()).message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_links_lead_to_our_own_site_alone(delivery, url):
    message = sent(delivery(url=url))
    assert "evil" not in message.body + html_of(message)
    assert "javascript" not in message.body + html_of(message)
    assert "查看详情" not in message.body + html_of(message)


def test_a_line_break_in_a_title_makes_no_header(delivery):
    row = delivery()
    row.notice.title = "电梯\r\nBcc: everybody@example.com"
    message = sent(row)
    assert message.subject == "电梯 Bcc: everybody@example.com"
    assert message.message()["Bcc"] is None


def test_markup_in_a_residents_words_stays_text(delivery):
    message = sent(delivery(title="<b>5</b> > 3", body="<script>x</script> & 'quoted'"))
    assert "<script>x</script> & 'quoted'" in message.body
    assert "<script>" not in html_of(message)
    assert "&lt;script&gt;" in html_of(message)


def test_it_speaks_the_recipients_language(cast, delivery):
    cast.owner.language = "en"
    with override("zh-hans"):
        message = sent(delivery())
    assert "See details" in message.body


def test_a_contact_without_an_account_is_offered_no_preferences(tell):
    message = sent(tell(email="guest@example.com").deliveries.get())
    assert "/me/notices/" not in message.body


def test_what_is_no_address_is_refused_for_good(delivery):
    with pytest.raises(PermanentError, match="not an e-mail address"):
        sent(delivery(email="not an address"))


@pytest.mark.parametrize(
    ("raised", "expected", "words"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), PermanentError, "550 no such user"),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"greylisted")}), TemporaryError, "451 greylisted"),
        (smtplib.SMTPDataError(554, b"spam"), PermanentError, "554 spam"),
        (smtplib.SMTPSenderRefused(452, b"full", "me"), TemporaryError, "452 full"),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), TemporaryError, "535 bad password"),
        (smtplib.SMTPServerDisconnected("closed"), TemporaryError, "closed"),
        (ConnectionRefusedError("refused"), TemporaryError, "refused"),
        (TimeoutError("timed out"), TemporaryError, "timed out"),
    ],
)
def test_errors_are_judged_and_keep_the_providers_words(delivery, monkeypatch, raised, expected, words):
    def fail(self, messages):
        raise raised

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    with pytest.raises(expected) as caught:
        sent(delivery())
    assert words in str(caught.value)


def test_a_higher_layer_gives_a_mail_its_letterhead(delivery, monkeypatch):
    head = registry.Letterhead(
        sender="客服 <desk@cuihu.example>",
        reply_to="desk+x@cuihu.example",
        subject="回复：\r\n电梯 [CH2611-0001]",
        in_reply_to="<a@b>",
        references=("<0@b>", "<a@b>"),
        headers={"X-Own": "1"},
        hint="直接回复即可补充。",
    )
    monkeypatch.setattr(registry, "_headings", [lambda _delivery: None, lambda _delivery: head])
    message = sent(delivery())
    written = message.message()
    assert (message.from_email, message.reply_to, message.subject) == (head.sender, [head.reply_to], "回复： 电梯 [CH2611-0001]")
    assert [written[name] for name in ("In-Reply-To", "References", "X-Own")] == ["<a@b>", "<0@b> <a@b>", "1"]
    assert "直接回复即可补充。" in message.body
    assert "直接回复即可补充。" in html_of(message)


def test_a_mail_that_came_back_has_failed_once(delivery, now):
    row = delivery()
    assert not mark_bounced(delivery=row, reason="550 gone")
    row.sent_at = now
    row.save()
    assert [mark_bounced(delivery=row, reason="550 gone") for _time in range(2)] == [True, False]
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "550 gone")
