"""What becomes of a mail, rule by rule."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from linsheng.core.errors import Forbidden
from linsheng.feedback import actions, telling
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, CaseEvent, CaseState, ResultNotice
from linsheng.intake import rawmail, replies
from linsheng.intake.actions.mail import discard_mail, process_mail, release_mail, retry_mail, store_mail
from linsheng.intake.actions.mail.mailboxes import FIELDS, save_mailbox
from linsheng.intake.models import Correspondent, Mail, Mailbox
from linsheng.intake.tests.mails_of_our_own import arrives, box, eml
from linsheng.jobs.models import LeaseState
from linsheng.messaging.adapters.email import compose
from linsheng.messaging.models import Delivery, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(cast):
    return box(cast)


def outcome(mail):
    return mail.outcome, mail.reason


def sent_about(case):
    return list(Delivery.objects.filter(notice__subject_type="feedback.case", notice__subject_id=case.pk).order_by("pk"))


def picture(side=400):
    data = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(data, "PNG")
    return data.getvalue()


def resolved(case, cast, now):
    """The case with its result told by mail."""
    staff = Actor.staff(cast.handler)
    case = actions.assign_case(case=case, handler=cast.handler, by=Actor.staff(cast.frontdesk), now=now)
    case = actions.start_case(case=case, by=staff, now=now)
    return actions.resolve_case(case=case, text="已更换按钮板。", by=staff, now=now)


def deliver(case, now):
    """The worker hands the case's mails over."""
    for delivery in sent_about(case):
        Delivery.objects.filter(pk=delivery.pk).update(state=LeaseState.DONE, sent_at=now)
        actions.mark_delivered(notice_id=delivery.notice_id, now=now)


class TestNewMail:
    def test_of_somebody_unknown_becomes_a_case_with_a_contact(self, mailbox, now):
        mail = arrives(eml(), now, mailbox)
        assert outcome(mail) == ("created", "unknown_sender")
        case = mail.case
        assert (case.channel, case.contact_email, case.contact_name, case.resident) == ("email", "wang@example.org", "王女士", None)
        assert case.text == "三号楼电梯又停了。" or case.text.startswith("电梯")

    def test_of_a_resident_belongs_to_the_resident_and_the_home(self, cast, mailbox, now):
        mail = arrives(eml(sender="OWNER@example.com"), now, mailbox)
        assert outcome(mail) == ("created", "new")
        assert (mail.case.resident, mail.case.home) == (cast.residents["owner"], cast.home)

    def test_of_an_address_that_two_residents_share_is_filed_as_a_contacts(self, cast, mailbox, now):
        cast.residents["neighbour"].email = "owner@example.com"
        cast.residents["neighbour"].save()
        assert arrives(eml(sender="owner@example.com"), now, mailbox).case.resident is None

    def test_sends_one_receipt_from_the_mailbox_with_a_signed_reply_address(self, mailbox, now):
        mail = arrives(eml(subject="电梯坏了", message_id="<first@example.org>"), now, mailbox)
        composed = compose(sent_about(mail.case)[0])
        message = composed.message()
        assert "service@cuihu.example" in message["From"]
        assert message["Reply-To"].startswith(f"service+r{mail.case.pk}-")
        assert (message["In-Reply-To"], message["References"]) == ("<first@example.org>",) * 2
        assert composed.subject == f"回复：电梯坏了 [{mail.case.number}]"

    def test_counts_from_when_it_reached_the_server(self, mailbox, now):
        earlier = now - timedelta(hours=5)
        assert arrives(eml(), now, mailbox, received_at=earlier).case.received_at == earlier

    def test_without_a_mailbox_goes_where_the_pipe_says(self, cast, now):
        assert arrives(eml(), now, community=cast.community).case.community == cast.community

    def test_finds_its_mailbox_by_the_recipient(self, cast, mailbox, now):
        mail = arrives(eml(), now)
        assert (mail.mailbox, mail.case.community) == (mailbox, cast.community)

    def test_to_nobody_we_know_is_parked_and_goes_on_once_the_mailbox_exists(self, cast, now):
        mail = arrives(eml(), now)
        assert outcome(mail) == ("parked", "no_mailbox")
        fresh = Mailbox(address="Service@cuihu.example")
        values = {name: getattr(fresh, name) for name in FIELDS}
        given = {"community": cast.community, "others": [], "secret": "", "by": cast.administrator, "now": now}
        save_mailbox(mailbox=Mailbox(), values=values, **given)
        assert process_mail(mail=mail, now=now).outcome == "created"


class TestReplies:
    @pytest.fixture
    def case(self, mailbox, now):
        return arrives(eml(message_id="<first@example.org>"), now, mailbox).case

    def reply_to(self, case):
        return compose(sent_about(case)[0]).reply_to[0]

    def test_to_the_signed_address_are_added_whatever_else_they_say(self, case, mailbox, now):
        mail = arrives(eml("还是不行", sender="wife@example.net", subject="x", to=self.reply_to(case)), now, mailbox)
        assert (outcome(mail), mail.case) == (("appended", "signed_reply"), case)
        added = CaseEvent.objects.get(case=case, action="add")
        assert (added.text, added.by_reporter, added.data) == ("还是不行", True, {"mail": mail.pk})

    def test_to_a_signed_address_made_for_somebody_else_are_new(self, case, mailbox, now):
        forged = f"service+r{case.pk}-{replies.mark_of(case.pk, 'other@example.net')}@cuihu.example"
        assert arrives(eml(sender="other@example.net", to=forged), now, mailbox).outcome == "created"

    def test_in_the_conversation_are_added_for_who_takes_part(self, case, mailbox, now):
        ours = sent_about(case)[0].message_id
        assert outcome(arrives(eml(In_Reply_To=ours), now, mailbox)) == ("appended", "conversation")
        assert outcome(arrives(eml(References="<first@example.org>"), now, mailbox)) == ("appended", "conversation")

    def test_of_strangers_who_know_the_number_or_a_message_are_new(self, case, mailbox, now):
        ours = sent_about(case)[0].message_id
        for raw in (eml(sender="x@example.net", In_Reply_To=ours), eml(sender="y@example.net", subject=f"Re: [{case.number}]")):
            assert outcome(arrives(raw, now, mailbox)) == ("created", "not_taking_part")

    def test_with_the_number_in_the_subject_are_added_for_who_takes_part(self, case, mailbox, now):
        assert outcome(arrives(eml(subject=f"回复: [{case.number}]"), now, mailbox)) == ("appended", "number")

    def test_after_the_end_are_added_and_flagged_and_open_nothing(self, cast, case, mailbox, now):
        done = resolved(case, cast, now)
        before = {name: getattr(done, name) for name in ("state", "cycle", "closed_at", "confirmed_at", "resident_id")}
        mails = [arrives(eml("没修好", to=self.reply_to(case)), now, mailbox) for _time in range(2)]
        assert [mail.after_end for mail in mails] == [True, True]
        done.refresh_from_db()
        assert {name: getattr(done, name) for name in before} == before
        # Offered to reopen it on their own page, once.
        assert Notice.objects.filter(key__contains="after-end").count() == 1

    def test_of_another_company_are_never_added(self, cast, case, now):
        foreign = box(cast, organisation=cast.foreign_organisation, community=cast.foreign_community, address="a@wairen.example")
        mail = arrives(eml(to=self.reply_to(case), subject=f"[{case.number}]"), now, foreign)
        assert (mail.outcome, mail.case.community) == ("created", cast.foreign_community)

    def test_to_a_confidential_case_say_nothing_of_their_sender(self, cast, mailbox, now):
        report = actions.Report(
            community=cast.community, item=cast.item, text="匿名", resident=cast.residents["owner"], confidential=True
        )
        case = actions.receive_case(report=report, by=Actor(user=cast.owner, reporter=True), now=now)
        mail = arrives(eml("补充", sender="owner@example.com", subject=f"[{case.number}]"), now, mailbox)
        assert mail.case == case
        assert not Delivery.objects.filter(notice__subject_id=case.pk).exists()


class TestMachines:
    def test_automatic_answers_are_recorded_and_answered_by_nothing(self, mailbox, now):
        case = arrives(eml(), now, mailbox).case
        before = Notice.objects.count(), CaseEvent.objects.count()
        raw = eml("我在休假", subject="自动回复: 电梯", Auto_Submitted="auto-replied", In_Reply_To=sent_about(case)[0].message_id)
        mail = arrives(raw, now, mailbox)
        assert (outcome(mail), mail.case) == (("recorded", "auto_reply"), case)
        assert (Notice.objects.count(), CaseEvent.objects.count()) == before

    def test_our_own_mails_that_come_back_are_recorded(self, mailbox, now):
        case = arrives(eml(), now, mailbox).case
        mail = arrives(compose(sent_about(case)[0]).message().as_bytes(), now, mailbox)
        assert outcome(mail) == ("recorded", "own")

    def test_the_same_mail_comes_in_once_and_the_same_bytes_are_kept_once(self, mailbox, now):
        raw = eml(message_id="<same@example.org>")
        first = arrives(raw, now, mailbox)
        assert store_mail(source=raw, mailbox=mailbox, now=now).again
        second = arrives(b"Received: by another way\r\n" + raw, now, mailbox)
        assert (outcome(second), second.case) == (("duplicate", "same_mail"), first.case)
        assert (Mail.objects.count(), Case.objects.count()) == (2, 1)

    def test_nobody_uses_up_anothers_message_id(self, mailbox, now):
        arrives(eml(sender="thief@example.net", message_id="<same@example.org>"), now, mailbox)
        assert arrives(eml(message_id="<same@example.org>"), now, mailbox).outcome == "created"

    def test_a_sender_who_writes_too_often_waits_for_a_person(self, cast, mailbox, now, settings):
        settings.MAIL_PER_SENDER_HOUR = 2
        mails = [arrives(eml(f"第{n}封"), now, mailbox) for n in range(3)]
        assert [mail.outcome for mail in mails] == ["created", "created", "quarantined"]
        assert release_mail(mail=mails[2], by=cast.frontdesk, now=now).outcome == "created"
        assert arrives(eml(), now + timedelta(minutes=61), mailbox).outcome == "created"

    def test_two_programmes_on_one_case_end(self, mailbox, now, settings):
        settings.MAIL_PER_CASE_DAY = 2
        case = arrives(eml(message_id="<a@example.org>"), now, mailbox).case
        mails = [arrives(eml(f"收到{n}", In_Reply_To="<a@example.org>"), now, mailbox) for n in range(3)]
        assert [mail.outcome for mail in mails] == ["appended", "appended", "quarantined"]
        assert len(sent_about(case)) == 1

    def test_one_that_is_too_large_is_kept_unread_and_its_sender_told_once(self, mailbox, now, settings):
        settings.MAIL_MAX_BYTES = 2000
        mails = [arrives(eml("x" * 4000 + str(n)), now, mailbox) for n in range(2)]
        assert {outcome(mail) for mail in mails} == {("recorded", "oversize")}
        assert rawmail.path_of(mails[0].raw).stat().st_size == mails[0].size
        assert [d.address for d in Delivery.objects.all()] == ["wang@example.org"]


class TestBounces:
    def bounce(self, delivery, status="5.1.1", action="failed"):
        return (
            "From: MAILER-DAEMON@mx.example.org\r\nTo: service@cuihu.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nMessage-ID: <b1@mx.example.org>\r\nReturn-Path: <>\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
            f"Final-Recipient: rfc822; {delivery.address}\r\nAction: {action}\r\nStatus: {status}\r\n"
            "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
            f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {delivery.message_id}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
        ).encode()

    def test_take_the_proof_back_and_mark_the_address(self, cast, mailbox, now):
        case = arrives(eml(sender="owner@example.com"), now, mailbox).case
        case.resident.user = None
        case.resident.save()
        done = resolved(case, cast, now)
        deliver(done, now)
        done.refresh_from_db()
        assert done.told_at is not None
        result = Delivery.objects.get(notice__key=f"case-{case.pk}-result-1")
        mail = arrives(self.bounce(result), now, mailbox)
        assert (outcome(mail), mail.case) == (("recorded", "bounce"), case)
        done.refresh_from_db()
        cast.residents["owner"].refresh_from_db()
        result.refresh_from_db()
        assert (done.told_at, done.contact_reachable, cast.residents["owner"].reachable) == (None, False, False)
        assert (result.state, "550 no such user" in result.error) == ("failed", True)
        assert ResultNotice.objects.get(case=done, method="email").reached is False
        assert telling.email_of(Case.objects.select_related("resident").get(pk=case.pk)) == ""
        assert Notice.objects.filter(user=cast.handler, key__contains="returned").count() == 1

    def test_of_messages_that_are_not_ours_change_nothing(self, cast, mailbox, now):
        arrives(eml(sender="owner@example.com"), now, mailbox)
        made_up = Delivery(address="owner@example.com", message_id="<guessed@localhost>")
        mail = arrives(self.bounce(made_up), now, mailbox)
        cast.residents["owner"].refresh_from_db()
        assert (outcome(mail), cast.residents["owner"].reachable) == (("recorded", "bounce_unknown"), True)

    def test_that_are_only_late_mark_nothing(self, cast, mailbox, now):
        case = arrives(eml(sender="owner@example.com"), now, mailbox).case
        deliver(case, now)
        mail = arrives(self.bounce(sent_about(case)[0], status="4.4.1", action="delayed"), now, mailbox)
        cast.residents["owner"].refresh_from_db()
        assert (outcome(mail), cast.residents["owner"].reachable) == (("recorded", "delayed"), True)


class TestQuarantine:
    def forged(self, **changes):
        return eml(Authentication_Results="mx.cuihu.example; dmarc=fail header.from=example.org", **changes)

    def test_holds_what_our_own_server_says_is_forged_until_somebody_lets_it_out(self, cast, mailbox, now):
        mailbox.trusted_server = "mx.cuihu.example"
        mailbox.save()
        mail = arrives(self.forged(), now, mailbox)
        assert (outcome(mail), mail.case) == (("quarantined", "forged"), None)
        released = release_mail(mail=mail, by=cast.frontdesk, now=now)
        assert outcome(released) == ("created", "released")

    def test_believes_no_server_that_was_not_named(self, mailbox, now):
        assert arrives(self.forged(), now, mailbox).outcome == "created"

    def test_holds_what_says_nothing_only_where_the_mailbox_wants_it(self, cast, now):
        strict = box(cast, require_authentication=True)
        assert outcome(arrives(eml(), now, strict)) == ("quarantined", "unverified")

    def test_parks_what_has_no_sender(self, mailbox, now):
        assert outcome(arrives(eml().replace(b"From:", b"X-From:"), now, mailbox)) == ("parked", "no_sender")

    def test_discarding_keeps_the_bytes(self, cast, mailbox, now):
        mail = arrives(eml().replace(b"From:", b"X-From:"), now, mailbox)
        discarded = discard_mail(mail=mail, by=cast.frontdesk, now=now)
        assert discarded.outcome == "discarded"
        assert rawmail.read(mail.raw)


class TestAttachments:
    def test_pictures_become_photos_and_the_rest_is_listed(self, mailbox, now):
        raw = eml(files=[("a.png", "image/png", picture()), ("合同.pdf", "application/pdf", b"%PDF-1.4 x")])
        mail = arrives(raw, now, mailbox)
        assert mail.case.photos.count() == 1
        assert [(row["name"], row["photo"]) for row in mail.attachments] == [("a.png", True), ("合同.pdf", False)]

    def test_what_only_says_that_it_is_a_picture_stays_an_attachment(self, mailbox, now):
        mail = arrives(eml(files=[("a.png", "image/png", b"\x89PNG\r\n\x1a\n broken")]), now, mailbox)
        assert (mail.outcome, mail.case.photos.count(), mail.attachments[0]["photo"]) == ("created", 0, False)


class TestFailure:
    def test_parks_the_mail_with_its_reason_and_it_can_be_tried_again(self, cast, mailbox, now, monkeypatch):
        def broken(*_args, **_kwargs):
            raise RuntimeError("kaput")

        monkeypatch.setattr("linsheng.intake.actions.mail.filing.open_case", broken)
        mail = arrives(eml(), now, mailbox)
        assert (outcome(mail), mail.subject, "kaput" in mail.note) == (("parked", "failed"), "电梯", True)
        monkeypatch.undo()
        assert retry_mail(mail=mail, by=cast.frontdesk, now=now).outcome == "created"

    def test_a_mail_whose_process_died_is_taken_up_when_its_lease_ends(self, mailbox, now):
        mail = store_mail(source=eml(), mailbox=mailbox, now=now).mail
        Mail.objects.filter(pk=mail.pk).update(state=LeaseState.RUNNING, worker="dead", attempts=1, lease_until=now)
        assert process_mail(mail=mail, now=now).outcome == "created"
        assert Correspondent.objects.count() == 1

    def test_a_resident_may_not_let_mails_out(self, cast, mailbox, now):
        mail = arrives(eml().replace(b"From:", b"X-From:"), now, mailbox)
        for person in (cast.owner, cast.handler, cast.outsider):
            with pytest.raises(Forbidden):
                release_mail(mail=mail, by=person, now=now)


def test_the_case_stays_the_residents_own(cast, now):
    mail = arrives(eml(sender="owner@example.com"), now, box(cast))
    assert CaseState(mail.case.state) == CaseState.RECEIVED
    assert actor_for(cast.owner, mail.case).reporter
