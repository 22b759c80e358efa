"""后台任务: what an administrator sees of the machinery."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linsheng.audit.models import AuditEntry
from linsheng.jobs.actions import enqueue
from linsheng.jobs.models import Job, Schedule
from linsheng.messaging.actions import notify
from linsheng.messaging.models import Delivery, NoticeKind

pytestmark = pytest.mark.django_db
PAGE = "/settings/jobs/"


@pytest.fixture
def job(cast, now):
    def make(organisation=None, by=None, state="failed", **changes):
        organisation = organisation or cast.organisation
        made = enqueue(kind="名册", payload={}, now=now, organisation_id=organisation.pk, by_id=by.pk if by else None)
        Job.objects.filter(pk=made.pk).update(state=state, **{"error": "OSError: disk full", **changes})
        return made

    return make


@pytest.fixture
def delivery(cast, now):
    def make(organisation=None, state="failed", key="k", address="owner@example.com"):
        organisation = organisation or cast.organisation
        given = {"kind": NoticeKind.CASE_RESULT, "title": "保密的标题", "body": "", "url": "", "now": now}
        made = notify(key=key, email=address, organisation_id=organisation.pk, **given).deliveries.get()
        Delivery.objects.filter(pk=made.pk).update(state=state, error=f"550 <{address}> no such user", attempts=1)
        return made

    return make


def page(client, user, query="") -> str:
    client.force_login(user)
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_administrator_sees_the_companys_jobs_with_their_errors(client, cast, job):
    job(by=cast.supervisor)
    text = page(client, cast.administrator)
    assert "OSError: disk full" in text
    assert "王主管" in text
    assert "重试" in text


def test_another_companys_jobs_are_not_there(client, cast, job):
    theirs = job(organisation=cast.foreign_organisation, error="their error")
    assert "their error" not in page(client, cast.administrator)
    assert client.post(reverse("web:retry_job", args=[theirs.pk])).status_code == 404


def test_a_manager_of_one_community_sees_what_they_started_and_no_deliveries(client, cast, job, delivery):
    job(by=cast.manager, error="my own")
    others = job(by=cast.administrator, error="another's")
    sent = delivery()
    text = page(client, cast.manager)
    assert "my own" in text
    assert "another&#x27;s" not in text
    assert "550" not in page(client, cast.manager, "?show=deliveries")
    assert client.post(reverse("web:retry_job", args=[others.pk])).status_code == 404
    assert client.post(reverse("web:retry_delivery", args=[sent.pk])).status_code == 404


def test_jobs_are_filtered_by_state(client, cast, job):
    job(error="went wrong")
    job(state="done", error="", message="went well")
    text = page(client, cast.administrator, "?state=done")
    assert "went well" in text
    assert "went wrong" not in text
    assert "没有这种状态的任务" in page(client, cast.administrator, "?state=running")


def test_a_failed_job_is_tried_again_on_the_record(client, cast, job):
    failed = job(by=cast.supervisor)
    client.force_login(cast.administrator)
    assert client.post(reverse("web:retry_job", args=[failed.pk])).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("queued", 0)
    entry = AuditEntry.objects.get(action="jobs.retry_job")
    assert (entry.actor, entry.subject_id) == (cast.administrator, failed.pk)


def test_a_job_that_did_not_fail_has_no_button_and_is_refused(client, cast, job):
    done = job(state="done")
    assert reverse("web:retry_job", args=[done.pk]) not in page(client, cast.administrator)
    assert client.post(reverse("web:retry_job", args=[done.pk])).status_code == 409


def test_a_delivery_tells_neither_the_address_nor_the_title(client, cast, delivery):
    delivery()
    text = page(client, cast.administrator, "?show=deliveries")
    assert "o***@example.com" in text
    assert "550 &lt;o***@example.com&gt; no such user" in text
    assert "owner@example.com" not in text
    assert "保密的标题" not in text


def test_another_companys_deliveries_are_not_there(client, cast, delivery):
    theirs = delivery(organisation=cast.foreign_organisation, address="zoe@example.org")
    assert "example.org" not in page(client, cast.administrator, "?show=deliveries")
    assert client.post(reverse("web:retry_delivery", args=[theirs.pk])).status_code == 404


def test_a_failed_delivery_is_sent_again_on_the_record(client, cast, delivery):
    failed = delivery()
    client.force_login(cast.administrator)
    assert client.post(reverse("web:retry_delivery", args=[failed.pk]))["Location"] == f"{PAGE}?show=deliveries"
    failed.refresh_from_db()
    assert failed.state == "queued"
    assert AuditEntry.objects.filter(action="messaging.retry_delivery", subject_id=failed.pk).exists()


def test_schedules_say_how_they_fared_without_the_machine_words(client, cast, now):
    Schedule.objects.create(name="jobs.retention", next_run_at=now + timedelta(hours=3), last_error="their secret")
    Schedule.objects.create(name="messaging.retention", next_run_at=now, last_run_at=now)
    Schedule.objects.create(name="removed.from.the.code", next_run_at=now)
    text = page(client, cast.administrator, "?show=schedules")
    assert "清理旧的后台任务" in text
    assert "上次失败" in text
    assert "their secret" not in text
    assert "正常" in text
    assert "removed.from" not in text


@pytest.mark.parametrize("show", ["jobs", "deliveries", "schedules"])
def test_empty_pages_say_what_will_stand_here(client, cast, show):
    assert "empty-state" in page(client, cast.administrator, f"?show={show}")


def test_a_nonsense_state_shows_all(client, cast, job):
    job()
    assert "OSError" in page(client, cast.administrator, "?state=nonsense")


@pytest.mark.parametrize("show", ["jobs", "deliveries"])
def test_long_lists_have_pages_and_a_fixed_number_of_queries(client, cast, job, delivery, show, django_assert_max_num_queries):
    for number in range(55):
        job(by=cast.supervisor)
        delivery(key=str(number), address=f"a{number}@example.com")
    client.force_login(cast.administrator)
    with django_assert_max_num_queries(10):
        text = client.get(PAGE, {"show": show}).content.decode()
    assert "cursor=" in text
    assert text.count("<tr>") == 51


def test_deliveries_are_found_by_what_is_known_of_them(client, cast, delivery):
    delivery(key="1", address="owner@example.com")
    delivery(key="2", address="wife@example.org", state="done")
    for query in ("q=example.org", "state=done", "q=wife"):
        text = page(client, cast.administrator, f"?show=deliveries&{query}")
        assert "w***@example.org" in text
        assert "o***@example.com" not in text
    assert "没有符合条件的发送记录" in page(client, cast.administrator, "?show=deliveries&channel=sms")
    assert "没有符合条件的发送记录" in page(client, cast.administrator, "?show=deliveries&until=2020-01-01")


def test_the_found_ones_are_taken_away_as_a_table_on_the_record(client, cast, delivery):
    delivery(key="1", address="owner@example.com")
    delivery(key="2", address="wife@example.org", state="done")
    client.force_login(cast.administrator)
    response = client.get("/settings/deliveries/export/?format=csv&state=failed&q=owner")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "o***@example.com" in text
    assert "owner@example.com" not in text
    assert "wife" not in text
    entry = AuditEntry.objects.latest("pk")
    assert entry.data["count"] == 1
    assert "owner" not in str(entry.data)
    assert client.get("/settings/deliveries/export/?format=xlsx").status_code == 200
