"""A call comes up on the agent's screen: reported to one web process, shown by another."""

import time
import urllib.request

import pytest
from playwright.sync_api import expect

from linsheng.intake.models import Call
from linsheng.intake.tests.calling import a_line, signed
from tests.browser.company import free_port, now, serving

AT_MOST_S = 2.0
TRIES = 3

pytestmark = pytest.mark.slow


def reported_to(url, exchange, call_id):
    """The exchange's report, as it goes over the wire."""
    body = {"number": "10000000001", "line": "0755-8001", "call_id": call_id, "started_at": now().isoformat()}
    content, headers = signed(exchange, body, now=now())
    request = urllib.request.Request(f"{url}/api/v1/calls", content, {**headers, "Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # our own server
        assert answer.status == 201


def seconds_until_shown(page, url, exchange, call_id):
    began = time.monotonic()
    reported_to(url, exchange, call_id)
    expect(page.locator("[data-card]").first).to_contain_text("业主甲")
    return time.monotonic() - began


def test_a_call_reported_to_one_process_comes_up_on_a_page_of_another_within_two_seconds(stage, company, cast):
    exchange = a_line(cast).exchange
    with serving(company.home, free_port(), company.environment, log_name="second.log") as second:
        page = stage.desk("frontdesk", "/cases/")
        took = []
        for number in range(TRIES):
            took.append(seconds_until_shown(page, second, exchange, f"b-{number}"))
            page.get_by_role("button", name="收起").click()
            expect(page.locator("[data-card]")).to_have_count(0)
        # The best of three: other tests may keep the machine busy.
        assert min(took) < AT_MOST_S, took
        seconds_until_shown(page, second, exchange, "b-last")
        page.get_by_role("button", name="接听并登记").click()
        page.wait_for_url("**/calls/new/?call=*")
        expect(page.locator("[name=number]")).to_have_value("10000000001")
        assert Call.objects.get(call_id="b-last").answered_by == cast.frontdesk
        Call.objects.filter(line__exchange=exchange).update(outcome="none")
