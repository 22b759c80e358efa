"""The health of the house, and the page of a job."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from linsheng import __version__
from linsheng.core import clock
from linsheng.jobs import queries
from linsheng.jobs.actions import enqueue
from linsheng.jobs.models import Heartbeat, Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)


def heard(now, seconds):
    at = now - timedelta(seconds=seconds)
    return Heartbeat.objects.create(worker=f"w{seconds}", started_at=at, at=at)


def test_all_is_well_with_a_recent_heartbeat(client, now, django_assert_max_num_queries):
    heard(now, 59)
    with django_assert_max_num_queries(2):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "worker": "ok",
        "version": __version__,
        "worker_seen": (now - timedelta(seconds=59)).isoformat(),
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("seconds", [None, 61])
def test_without_a_worker_it_is_unavailable(client, now, seconds):
    if seconds:
        heard(now, seconds)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["worker"], response.json()["status"]) == ("ok", "down", "down")


def test_the_liveliest_of_several_workers_counts(client, now):
    heard(now, 600)
    heard(now, 5)
    assert client.get("/healthz").status_code == 200


def test_a_worker_deep_in_one_long_piece_of_work_counts_as_alive(client, now):
    heard(now, 300)
    Job.objects.create(kind="x", state="running", run_at=now, created_at=now, lease_until=now + timedelta(minutes=5))
    assert client.get("/healthz").status_code == 200


def test_without_a_database_it_is_unavailable(client, monkeypatch):
    def gone(now):
        raise OperationalError("gone")

    monkeypatch.setattr(queries, "worker_health", gone)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["worker"]) == ("down", "unknown")


def test_the_health_can_only_be_read(client):
    assert client.post("/healthz").status_code == 405


def page(client, job, **headers):
    return client.get(reverse("jobs:progress", args=[job.pk]), headers=headers)


@pytest.fixture
def job(cast, client, now):
    client.force_login(cast.frontdesk)
    return enqueue(kind="x", payload={}, now=now, by_id=cast.frontdesk.pk, total=40)


def test_a_running_job_shows_how_far_it_is_and_asks_again(client, job):
    Job.objects.update(state="running", progress=10, message="第 10 户")
    response = page(client, job)
    text = response.content.decode()
    assert "10 / 40 · 25%" in text
    assert "第 10 户" in text
    assert f'hx-get="{reverse("jobs:progress", args=[job.pk])}"' in text
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in text


def test_htmx_gets_only_the_bar(client, job):
    text = page(client, job, hx_request="true").content.decode()
    assert "<html" not in text
    assert "hx-get" in text


def test_a_finished_job_links_its_result_and_asks_no_more(client, job):
    Job.objects.update(state="done", progress=40, result={"url": "/there/", "label": "看名册", "message": "导入 40 户。"})
    text = page(client, job).content.decode()
    assert 'href="/there/"' in text
    assert "看名册" in text
    assert "导入 40 户。" in text
    assert "hx-get" not in text
    assert "http-equiv" not in text


def test_a_refused_job_says_why(client, job):
    Job.objects.update(state="failed", error="第 3 行没有房号。", message="第 3 行没有房号。")
    assert "第 3 行没有房号。" in page(client, job).content.decode()


def test_a_broken_job_hides_the_machine_words(client, job):
    Job.objects.update(state="failed", error="OSError: /secret/path")
    text = page(client, job).content.decode()
    assert "没有完成" in text
    assert "/secret/path" not in text


@pytest.mark.parametrize("who", ["supervisor", "administrator", "outsider", "owner"])
def test_another_persons_job_is_not_there(client, cast, job, who):
    client.force_login(getattr(cast, who))
    assert page(client, job).status_code == 404


def test_it_needs_a_sign_in(client, job):
    client.logout()
    response = page(client, job)
    assert response.status_code == 302


def test_the_page_costs_a_fixed_number_of_queries(client, job, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        page(client, job)
