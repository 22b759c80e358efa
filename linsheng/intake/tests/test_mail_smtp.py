"""A mailbox with an SMTP server of its own: that community's answers leave by it, and its errors are said in words."""

from datetime import timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from django.urls import reverse

from linsheng.feedback.models import Case
from linsheng.intake.actions.mail import process_next
from linsheng.intake.imap import MailboxFault
from linsheng.intake.models import Mail, Mailbox
from linsheng.intake.sealing import opened, sealed
from linsheng.intake.smtp import try_smtp
from linsheng.intake.tests.mails_of_our_own import arrives, box, eml
from linsheng.intake.tests.post_office import PASSWORD, Outbox
from linsheng.jobs.registry import Turn
from linsheng.messaging.deliveries import deliver_next
from linsheng.messaging.models import Delivery
from linsheng.messaging.tests.killing.house import MailServer

# On loopback there is nothing to encrypt for.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Requiring AUTH")]


class GuardedOutbox(Outbox):
    """Takes mail only from who signs in with the password."""

    def __init__(self) -> None:
        super().__init__()
        self.server.stop()
        options = {"authenticator": self.judged, "auth_required": True, "auth_require_tls": False}
        self.server = MailServer(self, hostname="127.0.0.1", port=0, **options)
        self.server.start()

    def judged(self, server, session, envelope, mechanism, data) -> AuthResult:
        # Not handled: the server itself says 535.
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@pytest.fixture
def house(settings):
    """The installation's own server."""
    made = Outbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.server.port
    yield made
    made.server.stop()


@pytest.fixture
def guarded():
    made = GuardedOutbox()
    yield made
    made.server.stop()


def own_server(guarded, **changes):
    given = {"smtp_host": "127.0.0.1", "smtp_port": guarded.server.port, "smtp_security": "none", "smtp_username": "desk"}
    return {**given, "smtp_secret": sealed(PASSWORD), **changes}


@pytest.fixture
def work_turn(now):
    return Turn("test", now, timedelta(seconds=60), lambda: now, lambda: 0.0)


def work(work_turn):
    while process_next(work_turn) or deliver_next(work_turn):
        pass


def test_answers_leave_by_the_mailboxs_own_server_and_those_of_others_do_not(cast, house, guarded, now, work_turn):
    box(cast, **own_server(guarded, smtp_from="noreply@cuihu.example"))
    other = box(cast, community=cast.other_community, address="other@cuihu.example")
    arrives(eml("电梯坏了"), now, Mailbox.objects.get(address="service@cuihu.example"))
    arrives(eml("门禁坏了", sender="li@example.org"), now, other)
    work(work_turn)
    assert [(mail["To"], mail["From"].addresses[0].addr_spec) for mail in guarded.mails] == [
        ("wang@example.org", "noreply@cuihu.example")
    ]
    assert [mail["To"] for mail in house.mails] == ["li@example.org"]
    assert guarded.mails[0]["Reply-To"].startswith("service+r")


def test_a_server_that_refuses_the_login_is_tried_again_and_its_words_stand_on_the_delivery(cast, house, guarded, now, work_turn):
    mailbox = box(cast, **own_server(guarded, smtp_secret=sealed("wrong")))
    arrives(eml(), now, mailbox)
    work(work_turn)
    delivery = Delivery.objects.get()
    assert (delivery.state, "535" in delivery.error) == ("queued", True)
    assert house.mails == guarded.mails == []


def test_what_went_out_by_it_is_known_when_it_comes_back(cast, guarded, now):
    mailbox = box(cast, **own_server(guarded, smtp_from="noreply@cuihu.example"))
    assert arrives(eml(sender="noreply@cuihu.example"), now, mailbox).reason == "own"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"smtp_secret": sealed("wrong")}, "拒绝登录.*535"),
        ({"smtp_port": 1}, "拒绝连接"),
        ({"smtp_security": "starttls"}, "不支持这种加密"),
        ({"smtp_security": "ssl"}, "加密连接失败|中断了连接"),
        ({"smtp_username": ""}, "要求登录.*530"),
    ],
)
def test_what_is_wrong_with_it_is_said_in_words(cast, guarded, changes, words):
    with pytest.raises(MailboxFault, match=words):
        try_smtp(box(cast, **own_server(guarded, **changes)))


def test_a_test_mail_reaches_the_mailbox_and_makes_no_case(cast, client, guarded, now):
    mailbox = box(cast, **own_server(guarded))
    client.force_login(cast.administrator)
    answer = client.post(reverse("intake:try_sending", args=[mailbox.pk]), follow=True)
    assert "发信成功" in answer.content.decode()
    assert guarded.mails[0]["To"] == mailbox.address
    arrives(guarded.raw[0], now, mailbox)
    assert (Mail.objects.get().reason, Case.objects.count()) == ("own", 0)


def test_without_a_login_of_its_own_it_signs_in_as_for_fetching(cast, guarded):
    login = {"username": "desk", "secret": sealed(PASSWORD)}
    try_smtp(box(cast, **own_server(guarded, smtp_username="", smtp_secret="", **login)))
    assert len(guarded.mails) == 1


def test_its_secret_is_kept_sealed_and_never_shown(cast, client):
    client.force_login(cast.administrator)
    values = {"address": "service@cuihu.example", "community": cast.community.code, "reply_style": "plus", "port": "993"}
    values |= {"security": "ssl", "folder": "INBOX", "smtp_host": "127.0.0.1", "smtp_port": "25", "smtp_security": "none"}
    answer = client.post(reverse("intake:new_mailbox"), {**values, "smtp_username": "desk"})
    assert "请填写密码或授权码" in answer.content.decode()
    client.post(reverse("intake:new_mailbox"), {**values, "smtp_username": "desk", "smtp_secret": "geheim"})
    mailbox = Mailbox.objects.get()
    assert (opened(mailbox.smtp_secret), "geheim" in mailbox.smtp_secret) == ("geheim", False)
    page = client.get(reverse("intake:mailbox", args=[mailbox.pk])).content.decode()
    assert "geheim" not in page
    assert "测试发信" in page
