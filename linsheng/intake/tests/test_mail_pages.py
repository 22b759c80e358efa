"""The pages of mail: what they show, hide and do."""

import pytest
from django.urls import reverse

from linsheng.accounts.actions import create_token
from linsheng.accounts.models import User
from linsheng.communities.erasure import erase_residents
from linsheng.communities.models import Resident
from linsheng.core import clock
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.letters import letters_of
from linsheng.feedback.models import Case
from linsheng.intake import rawmail
from linsheng.intake.actions.mail import store_mail
from linsheng.intake.models import Mail, Mailbox
from linsheng.intake.sealing import opened
from linsheng.intake.tasks import remove_old
from linsheng.intake.tests.mails_of_our_own import arrives, box, eml
from linsheng.jobs.models import Job
from linsheng.jobs.running import RunningJob

pytestmark = pytest.mark.django_db


def page(client, person: User, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"intake:{name}", args=args), query)


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def mailbox(cast):
    return box(cast)


class TestList:
    def test_without_mail_says_what_to_do(self, cast, client):
        assert "设置收件邮箱" in words(page(client, cast.administrator, "mail"))

    def test_finds_by_state_and_words(self, cast, client, mailbox, now):
        arrives(eml(subject="水管漏水"), now, mailbox)
        arrives(eml(subject="冒名").replace(b"From:", b"X-From:"), now, mailbox)
        assert "冒名" in words(page(client, cast.frontdesk, "mail", state="parked"))
        assert "水管漏水" not in words(page(client, cast.frontdesk, "mail", state="parked"))
        assert "水管漏水" in words(page(client, cast.frontdesk, "mail", q="漏水"))
        assert "没有符合条件" in words(page(client, cast.frontdesk, "mail", q="没有这个词"))

    def test_takes_the_same_number_of_questions_for_many(self, cast, client, mailbox, now, django_assert_max_num_queries):
        for n in range(12):
            arrives(eml(f"第{n}封"), now, mailbox)
        client.force_login(cast.frontdesk)
        with django_assert_max_num_queries(16):
            client.get(reverse("intake:mail"))


class TestOneMail:
    def test_shows_words_and_what_became_of_it(self, cast, client, mailbox, now):
        mail = arrives(eml("<script>alert(1)</script>电梯"), now, mailbox)
        shown = words(page(client, cast.frontdesk, "one_mail", mail.pk))
        assert "&lt;script&gt;" in shown and "<script>alert" not in shown
        assert mail.case.number in shown and "关联住户" in shown

    def test_html_is_a_page_that_can_do_nothing(self, cast, client, mailbox, now):
        raw = eml(html='<p onclick="x()">电梯<script>alert(1)</script><img src="https://track.example/x.gif"></p>')
        answer = page(client, cast.frontdesk, "mail_html", arrives(raw, now, mailbox).pk)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "sandbox" in policy and "allow-scripts" not in policy
        assert not any(word in words(answer) for word in ("script", "onclick", "track.example"))

    def test_leads_to_the_formatted_version_only_where_there_is_one(self, cast, client, mailbox, now):
        for raw, leads in ((eml("只有文字"), False), (eml(html="<p>电梯</p>"), True)):
            mail = arrives(raw, now, mailbox)
            shown = words(page(client, cast.frontdesk, "one_mail", mail.pk))
            assert (reverse("intake:mail_html", args=[mail.pk]) in shown) is leads

    def test_without_html_the_formatted_version_says_so_and_leads_back(self, cast, client, mailbox, now):
        mail = arrives(eml("只有文字"), now, mailbox)
        answer = page(client, cast.frontdesk, "mail_html", mail.pk)
        assert answer.status_code == 200 and "没有排版后的版本" in words(answer)
        assert reverse("intake:one_mail", args=[mail.pk]) in words(answer)

    def test_read_before_this_was_noted_still_leads_to_the_formatted_version(self, cast, client, mailbox, now):
        mail = arrives(eml(html="<p>电梯</p>"), now, mailbox)
        Mail.objects.update(has_html=None)
        assert reverse("intake:mail_html", args=[mail.pk]) in words(page(client, cast.frontdesk, "one_mail", mail.pk))

    def test_files_are_saved_and_never_opened(self, cast, client, mailbox, now):
        raw = eml(files=[('a"b.html', "text/html", b"<script>x</script>"), ("合同.pdf", "application/pdf", b"%PDF-1.4 x")])
        mail = arrives(raw, now, mailbox)
        assert page(client, cast.frontdesk, "mail_file", mail.pk, 0).status_code == 404
        answer = page(client, cast.frontdesk, "mail_file", mail.pk, 1)
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["X-Content-Type-Options"], b"".join(answer.streaming_content)) == ("nosniff", b"%PDF-1.4 x")

    def test_of_a_confidential_case_is_nobodys_business(self, cast, client, mailbox, now):
        report = actions.Report(
            community=cast.community, item=cast.item, text="保密", resident=cast.residents["owner"], confidential=True
        )
        case = actions.receive_case(report=report, by=Actor(user=cast.owner, reporter=True), now=now)
        mail = arrives(eml("补充", sender="owner@example.com", subject=f"[{case.number}]"), now, mailbox)
        assert mail.case == case
        for name in ("one_mail", "mail_raw", "mail_html"):
            assert page(client, cast.manager, name, mail.pk).status_code == 404
        assert "owner@example.com" not in words(page(client, cast.manager, "mail"))
        client.force_login(cast.manager)
        assert "owner@example.com" not in words(client.get(reverse("feedback:case", args=[case.pk])))

    def test_is_matched_to_a_resident_by_a_person(self, cast, client, mailbox, now):
        mail = arrives(eml(), now, mailbox)
        assert "业主甲" in words(page(client, cast.frontdesk, "mail_match", mail.pk, q="1201"))
        client.post(reverse("intake:mail_match", args=[mail.pk]), {"resident": cast.residents["owner"].pk})
        case = Case.objects.get(pk=mail.case.pk)
        assert (case.resident, case.home, case.contact_email) == (cast.residents["owner"], cast.home, "wang@example.org")

    def test_stands_in_the_story_of_its_case(self, cast, client, mailbox, now):
        mail = arrives(eml(files=[("合同.pdf", "application/pdf", b"%PDF-1.4 x")]), now, mailbox)
        client.force_login(cast.frontdesk)
        shown = words(client.get(reverse("feedback:case", args=[mail.case.pk])))
        assert "合同.pdf" in shown and reverse("intake:one_mail", args=[mail.pk]) in shown
        assert letters_of(mail.case, cast.auditor) == []


class TestMailboxes:
    def values(self, **changes):
        plain = {
            "address": "Service@cuihu.example", "community": "CH", "others": ["LY"], "reply_style": "plus", "host": "127.0.0.1",
            "port": "1", "security": "none", "username": "service", "secret": " geheim ", "folder": "INBOX", "active": "on",
        }  # fmt: skip
        return {**plain, **changes}

    def save(self, client, cast, pk=None, **changes):
        client.force_login(cast.administrator)
        where = reverse("intake:mailbox", args=[pk]) if pk else reverse("intake:new_mailbox")
        return client.post(where, self.values(**changes))

    def test_are_saved_and_their_secret_is_never_shown_again(self, cast, client):
        assert self.save(client, cast).status_code == 302
        mailbox = Mailbox.objects.get()
        assert (mailbox.address, opened(mailbox.secret)) == ("service@cuihu.example", " geheim ")
        assert "geheim" not in mailbox.secret
        assert "geheim" not in words(page(client, cast.administrator, "mailbox", mailbox.pk))
        self.save(client, cast, mailbox.pk, secret="", name="客服")
        mailbox.refresh_from_db()
        assert (mailbox.name, opened(mailbox.secret)) == ("客服", " geheim ")

    def test_say_in_words_why_they_do_not_answer(self, cast, client):
        self.save(client, cast)
        pk = Mailbox.objects.get().pk
        answer = client.post(reverse("intake:try_mailbox", args=[pk]), follow=True)
        assert "拒绝连接" in words(answer)
        client.post(reverse("intake:fetch_mailbox", args=[pk]))
        assert "上次收取出了问题" in words(page(client, cast.administrator, "mailbox", pk))

    def test_with_a_mistake_keep_what_was_typed(self, cast, client):
        answer = self.save(client, cast, username="")
        assert (answer.status_code, "请填写登录名" in words(answer)) == (422, True)
        assert "Service@cuihu.example" in words(answer)


class TestPrivacy:
    def test_a_person_who_is_forgotten_leaves_no_mail(self, cast, mailbox, now):
        mail = arrives(eml(sender="owner@example.com"), now, mailbox)
        erase_residents(Resident.objects.filter(pk=cast.residents["owner"].pk), now)
        name = mail.raw
        mail.refresh_from_db()
        assert (mail.raw, mail.from_address, mail.text, rawmail.path_of(name).exists()) == ("", "", "", False)

    def test_old_raw_mails_go_and_what_waits_stays(self, cast, mailbox, now, settings):
        settings.MAIL_KEEP_DAYS = settings.MAIL_KEEP_OTHER_DAYS = 0
        gone = arrives(eml(), now, mailbox)
        waits = arrives(eml().replace(b"From:", b"X-From:"), now, mailbox)
        later = now.replace(year=2027)
        remove_old(RunningJob(Job(), lease=None, clock=lambda: later))
        assert list(Mail.objects.exclude(raw="").values_list("pk", flat=True)) == [waits.pk]
        assert Mail.objects.get(pk=gone.pk).text


class TestApi:
    @pytest.fixture
    def api(self, cast, client, now, mailbox):
        secret = create_token(user=cast.frontdesk, name="t", by=None, now=clock.now()).secret
        return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def test_lists_what_waits_and_lets_it_out(self, api, client, mailbox, now):
        mail = arrives(eml(subject="冒名").replace(b"From:", b"X-From:"), now, mailbox)
        listed = client.get("/api/v1/mail?state=parked", **api).json()
        assert [item["id"] for item in listed["items"]] == [mail.pk]
        released = client.post(f"/api/v1/mail/{mail.pk}/retry", "{}", content_type="application/json", **api)
        assert (released.status_code, released.json()["state"]) == (200, "created")
        assert client.post(f"/api/v1/mail/{mail.pk}/release", "{}", content_type="application/json", **api).status_code == 409
        assert client.get("/api/v1/mail?state=nonsense", **api).status_code == 422


def test_what_is_stored_twice_at_once_is_kept_once(cast, mailbox, now):
    raw = eml()
    first, second = (store_mail(source=raw, mailbox=mailbox, now=now) for _time in range(2))
    assert (first.again, second.again, second.mail) == (False, True, first.mail)
