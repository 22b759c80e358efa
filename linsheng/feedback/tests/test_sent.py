"""What was sent out about a case stands on it."""

import pytest
from django.urls import reverse

from linsheng.feedback.sent import sent_about, told_outside
from linsheng.feedback.tests import factories as make
from linsheng.jobs.models import LeaseState
from linsheng.messaging.models import ChannelSetting, Delivery, Gathered, Notice, NoticeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def texted(cast, now):
    """Resolved; its reporter left nothing but a mobile number, and the texts were taken."""
    given = {"on": True, "kinds": ["case_received", "case_result"], "created_at": now, "changed_at": now}
    ChannelSetting.objects.create(organisation_id=cast.organisation.pk, channel="sms", provider="http", **given)
    case = make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone="13800000042"))
    Delivery.objects.filter(channel="sms").update(state=LeaseState.DONE, sent_at=now)
    return case


def test_staff_see_to_whom_when_and_how_it_fared(client, cast, texted):
    Delivery.objects.filter(notice__kind=NoticeKind.CASE_RESULT).update(state="failed", error="13800000042 空号", arrived=False)
    client.force_login(cast.frontdesk)
    case_page = reverse("feedback:case", args=[texted.pk])
    # The list comes after the page; without JavaScript there is a link to the page with it.
    assert 'hx-get="?sent=1"' in client.get(case_page).content.decode()
    page = client.get(f"{case_page}?sent=1").content.decode()
    alone = client.get(f"{case_page}?sent=1", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in alone and "短信 → 反映人" in alone
    sent = page[page.index('id="sent"') :]
    assert "短信 → 反映人" in sent
    assert "***0042 空号" in sent
    assert "没有送达" in sent
    assert "对方已收下" in sent
    assert "13800000042" not in sent


def test_taken_is_not_arrived_until_a_receipt_says_so(texted):
    assert {row.state for row in sent_about(texted)} == {"对方已收下"}
    Delivery.objects.update(arrived=True)
    assert {row.state for row in sent_about(texted)} == {"已送达"}


def test_the_reporters_own_page_says_that_they_were_told_by_text(client, texted):
    page = client.get(reverse("feedback:track", args=[texted.track_token])).content.decode()
    assert "已通过短信告知 ***0042" in page


def test_what_failed_is_not_said_to_have_told_anybody(client, texted):
    Delivery.objects.update(state="failed")
    assert told_outside(texted) == []


def test_a_reporter_with_an_account_reads_it_on_their_own_page(client, cast, now):
    case = make.resolved(cast, now)
    Delivery.objects.update(state=LeaseState.DONE, sent_at=now)
    client.force_login(cast.owner)
    assert "已通过邮件告知 o***@example.com" in client.get(reverse("feedback:my_case", args=[case.pk])).content.decode()


def test_of_a_confidential_reporter_nothing_is_there(client, cast, now):
    case = make.resolved(cast, now, case=make.received(cast, now, confidential=True))
    assert [row for row in sent_about(case) if row.who == "反映人"] == []


def test_what_went_with_a_digest_is_there_too(cast, now):
    case = make.resolved(cast, now)
    notice = case_notice(case)
    part = Gathered.objects.create(notice=notice, user=cast.owner, due_at=now)
    assert "等待每日汇总" in [row.state for row in sent_about(case)]
    part.sent_at = now
    part.save()
    assert "已随汇总发出" in [row.state for row in sent_about(case)]


def case_notice(case):
    return Notice.objects.filter(subject_id=case.pk, subject_type="feedback.case", kind=NoticeKind.CASE_RESULT).first()


def test_it_costs_two_queries(texted, django_assert_num_queries):
    with django_assert_num_queries(2):
        sent_about(texted)
