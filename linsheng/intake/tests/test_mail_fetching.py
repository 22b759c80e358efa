"""Mail by real IMAP: brought, stored, then marked; and the whole conversation of one case."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command

from linsheng.core import clock
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, Rating
from linsheng.intake.actions.mail import fetching, process_next
from linsheng.intake.actions.mail.mailboxes import try_mailbox
from linsheng.intake.imap import MailboxFault
from linsheng.intake.models import Mail, Mailbox
from linsheng.intake.tests.mails_of_our_own import eml
from linsheng.intake.tests.post_office import Outbox, fetched_box, start_dovecot
from linsheng.jobs.registry import Turn
from linsheng.messaging.deliveries import deliver_next

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def dovecot():
    server = start_dovecot()
    yield server
    server.close()


@pytest.fixture
def user():
    return f"u{uuid.uuid4().hex[:10]}"


@pytest.fixture
def mailbox(cast, dovecot, user):
    return fetched_box(cast, dovecot, user)


def fetch(mailbox, now):
    found = fetching.fetch_mailbox(mailbox=Mailbox.objects.get(pk=mailbox.pk), clock=lambda: now)
    mailbox.refresh_from_db()
    return found


def work(now):
    turn = Turn("test", now, timedelta(seconds=60), lambda: now, lambda: 0.0)
    while process_next(turn) or deliver_next(turn):
        pass


def test_brings_what_is_new_marks_it_and_never_brings_it_again(dovecot, user, mailbox, now):
    dovecot.put(user, eml("一"))
    dovecot.put(user, eml("二"))
    assert fetch(mailbox, now).stored == 2
    assert all("\\Seen" in flags for flags in dovecot.flags(user))
    assert (fetch(mailbox, now).stored, Mail.objects.count()) == (0, 2)
    dovecot.put(user, eml("三"))
    found = fetch(mailbox, now)
    assert (found.stored, found.again, mailbox.error, mailbox.fetched_at) == (1, 0, "", now)


def test_moves_what_it_brought_where_the_mailbox_says_so(dovecot, user, mailbox, now):
    with dovecot.client(user) as client:
        client.folder.create("Done")
    Mailbox.objects.filter(pk=mailbox.pk).update(done_folder="Done")
    dovecot.put(user, eml())
    assert fetch(mailbox, now).stored == 1
    with dovecot.client(user) as client:
        assert client.folder.status("INBOX")["MESSAGES"] == 0
        assert client.folder.status("Done")["MESSAGES"] == 1


def test_a_server_that_counts_anew_makes_no_second_mail(dovecot, user, mailbox, now):
    dovecot.put(user, eml())
    fetch(mailbox, now)
    Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=mailbox.uid_validity - 1)
    found = fetch(mailbox, now)
    assert (found.stored, found.again, Mail.objects.count()) == (0, 1, 1)


def test_of_a_mailbox_that_was_in_use_it_takes_what_nobody_has_read(dovecot, user, mailbox, now):
    dovecot.put(user, eml("旧"))
    with dovecot.client(user) as client:
        client.flag([message.uid for message in client.fetch()], "\\Seen", True)
    dovecot.put(user, eml("新"))
    assert fetch(mailbox, now).stored == 1


def test_a_large_mail_is_brought_in_pieces(dovecot, user, mailbox, now):
    dovecot.put(user, eml(files=[("a.bin", "application/octet-stream", b"\x00\xff" * 900_000)]))
    assert fetch(mailbox, now).stored == 1
    work(now)
    assert Case.objects.get().mails.get().attachments[0]["size"] == 1_800_000


@pytest.mark.parametrize(
    ("changes", "words"), [({"username": ""}, "拒绝登录"), ({"port": 1}, "拒绝连接"), ({"folder": "没有"}, "收件文件夹")]
)
def test_what_is_wrong_with_a_mailbox_is_said_in_words_and_stops_no_other(cast, dovecot, user, mailbox, now, changes, words):
    bad = fetched_box(cast, dovecot, f"bad{user}", **changes)
    if "username" in changes:
        Mailbox.objects.filter(pk=bad.pk).update(secret="")
    dovecot.put(user, eml())
    with pytest.raises(MailboxFault, match=words):
        try_mailbox(Mailbox.objects.get(pk=bad.pk))
    assert words in fetch(bad, now).error
    assert words in bad.error
    assert fetch(mailbox, now).stored == 1


def test_the_command_looks_once_into_every_mailbox(dovecot, user, mailbox, capsys):
    dovecot.put(user, eml())
    call_command("fetch_mail", "--once")
    assert f"{mailbox.address}: 1 new" in capsys.readouterr().out


class TestRoundTrip:
    @pytest.fixture
    def outbox(self, settings):
        made = Outbox()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.server.port
        settings.SITE_URL = "https://cuihu.example"
        yield made
        made.server.stop()

    def test_mail_in_answer_out_reply_in_result_out_rating(self, cast, client, dovecot, user, mailbox, outbox, monkeypatch):
        now = clock.now()
        monkeypatch.setattr("linsheng.core.clock.now", lambda: now)
        dovecot.put(user, eml("三号楼电梯又停了。", subject="电梯", to=mailbox.address, message_id="<q1@qq.example>"))
        fetch(mailbox, now)
        work(now)
        case = Case.objects.get()
        actions.assign_case(case=case, handler=cast.handler, by=Actor.staff(cast.frontdesk), now=now)
        actions.contact_reporter(case=case, method="message", text="师傅下午三点到。", by=Actor.staff(cast.handler), now=now)
        work(now)
        answer = outbox.mails[-1]
        assert "师傅下午三点到。" in answer.get_body(("plain",)).get_content()
        assert (answer["In-Reply-To"], case.number in answer["Subject"]) == ("<q1@qq.example>", True)
        # From another client, with its way of quoting.
        text = "好的，请先打电话。\n\n------------------ 原始邮件 ------------------\n发件人: 翠湖苑客服\n师傅下午三点到。"
        raw = eml(text, subject=f"回复：{answer['Subject']}", to=answer["Reply-To"], In_Reply_To=answer["Message-ID"])
        dovecot.put(user, raw)
        fetch(mailbox, now)
        work(now)
        reply = Mail.objects.latest("pk")
        assert (reply.outcome, reply.case, reply.text.split("\n")[0]) == ("appended", case, "好的，请先打电话。")
        actions.start_case(case=case, by=Actor.staff(cast.handler), now=now)
        actions.resolve_case(case=case, text="已更换按钮板。", by=Actor.staff(cast.handler), now=now)
        work(now)
        case.refresh_from_db()
        assert (case.state, case.told_at is not None) == ("resolved", True)
        result = outbox.mails[-1].get_body(("plain",)).get_content()
        link = re.search(r"https://cuihu\.example(/\S+)", result)[1]
        assert client.get(link).status_code == 200
        assert client.post(f"{link}rate/", {"stars": "5"}).status_code in {200, 302}
        assert Rating.objects.get().stars == 5
        assert [mail["To"] for mail in outbox.mails] == ["wang@example.org"] * 3

    def test_a_bounce_an_absence_and_two_programmes_end_with_one_case_and_at_most_two_mails(
        self, dovecot, user, mailbox, outbox, now
    ):
        dovecot.put(user, eml("电梯坏了", to=mailbox.address))
        fetch(mailbox, now)
        work(now)
        for turn in range(6):
            last = outbox.mails[-1]
            about = {"to": last["Reply-To"], "In_Reply_To": last["Message-ID"]}
            dovecot.put(user, eml(f"您的来信已收到，编号 {turn}。", subject=f"Re: {last['Subject']}", **about))
            dovecot.put(user, eml("我在休假", subject="自动回复", Auto_Submitted="auto-replied", **about))
            daemon = {"sender": "MAILER-DAEMON@example.org", "subject": "Undelivered Mail Returned to Sender"}
            dovecot.put(user, eml("无法投递", Return_Path="<>", **daemon))
            fetch(mailbox, now)
            work(now)
        assert Case.objects.count() == 1
        assert len(outbox.mails) <= 2
