"""The loop without a browser: the same story by the pages' plain forms and by the API leaves the same case behind."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import localtime

from linsheng.accounts.actions import create_token
from linsheng.audit.models import AuditEntry
from linsheng.core import clock
from linsheng.feedback.models import Case
from linsheng.messaging.models import Notice

TEXT = "三号电梯按钮失灵"


@dataclass
class ByPages:
    """Everybody uses the pages, without a script."""

    cast: Any
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        if who not in self.clients:
            self.clients[who] = Client()
            self.clients[who].force_login(getattr(self.cast, who), backend="linsheng.accounts.backends.AccountBackend")
        return self.clients[who]

    def post(self, who: str, address: str, **data: Any) -> None:
        answer = self.client(who).post(address, data)
        assert answer.status_code == 302, answer.content.decode()[-3000:]

    def report(self, text: str) -> Case:
        self.post(
            "owner", "/report/", item="facility.lift", place="lift", text=text, urgency="normal", kind="repair", key="k", seen=""
        )
        return Case.objects.get(text=text)

    def staff(self, who: str, case: Case, action: str, **data: Any) -> None:
        self.post(who, f"/cases/{case.pk}/{action}/", **data)

    def contact(self, who: str, case: Case, text: str) -> None:
        self.staff(who, case, "contact", method="phone", reached="yes", text=text)

    def tell(self, who: str, case: Case) -> None:
        self.staff(who, case, "tell", method="phone", reached="yes")

    def rate(self, case: Case, stars: int) -> None:
        self.post("owner", f"/my/cases/{case.pk}/rate/", stars=str(stars))

    def reopen(self, case: Case, reason: str) -> None:
        self.post("owner", f"/my/cases/{case.pk}/reopen/", reason=reason)

    def callback(self, who: str, case: Case) -> None:
        answers = {"outcome": "answered", "contacted": "yes", "solved": "yes", "satisfied": "satisfied"}
        self.staff(who, case, "callback", method="phone", **answers)


@dataclass
class ByApi:
    """Everybody has a programme with a token."""

    cast: Any
    secrets: dict[str, str] = field(default_factory=dict)

    def post(self, who: str, path: str, expected: int = 200, **body: Any) -> dict[str, Any]:
        if who not in self.secrets:
            self.secrets[who] = create_token(user=getattr(self.cast, who), name="journey", by=None, now=clock.now()).secret
        answer = Client().post(
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {self.secrets[who]}"},
        )
        assert answer.status_code == expected, answer.content.decode()
        return dict(answer.json())

    def report(self, text: str) -> Case:
        plain = {"community": "CH", "item": "facility.lift", "urgency": "normal", "kind": "repair", "location": "本楼电梯"}
        return Case.objects.get(pk=self.post("owner", "cases", 201, text=text, **plain)["id"])

    def staff(self, who: str, case: Case, action: str, **data: Any) -> None:
        self.post(who, f"cases/{case.pk}/{action}", **data)

    def contact(self, who: str, case: Case, text: str) -> None:
        self.staff(who, case, "contact", method="phone", reached=True, text=text)

    def tell(self, who: str, case: Case) -> None:
        self.staff(who, case, "tell", method="phone", reached=True)

    def rate(self, case: Case, stars: int) -> None:
        self.staff("owner", case, "rate", stars=stars)

    def reopen(self, case: Case, reason: str) -> None:
        self.staff("owner", case, "reopen", reason=reason)

    def callback(self, who: str, case: Case) -> None:
        answers = {"outcome": "answered", "contacted": True, "solved": True, "satisfied": "satisfied"}
        self.staff(who, case, "callback", method="phone", **answers)


def live_through(way: ByPages | ByApi) -> Case:
    """Reported, handled, told, rated badly, reopened, handled better, asked back, closed, rated well."""
    case = way.report(TEXT)
    way.staff("frontdesk", case, "assign", handler="handler")
    way.contact("handler", case, "约好上午去看")
    way.staff("handler", case, "start")
    way.staff("handler", case, "wait", **{"for": "parts", "reason": "等按钮板"})
    way.staff("handler", case, "resume")
    way.staff("handler", case, "resolve", text="已更换按钮板。")
    way.tell("frontdesk", case)
    way.rate(case, 2)
    way.reopen(case, "今天又按不动了")
    way.staff("handler", case, "resolve", text="更换了整块控制板。")
    way.tell("frontdesk", case)
    way.callback("colleague", case)
    way.staff("frontdesk", case, "close")
    way.rate(case, 5)
    return Case.objects.get(pk=case.pk)


def story(case: Case) -> list[tuple[str, str, str, int]]:
    steps = case.events.order_by("pk").values_list("action", "from_state", "to_state", "cycle")
    # What the system does by itself (a notice that was delivered) is the same either way.
    return [step for step in steps if step[0] not in {"message", "deliver"}]


@pytest.fixture(params=[ByPages, ByApi], ids=["pages", "API"])
def lived(request, cast):
    return live_through(request.param(cast))


def test_the_loop_ends_closed_told_and_rated_twice(lived, cast):
    assert (lived.state, lived.cycle) == ("closed", 2)
    assert lived.told_at is not None
    assert [(rating.cycle, rating.stars) for rating in lived.ratings.order_by("cycle")] == [(1, 2), (2, 5)]
    assert lived.callbacks.get().asked_by == cast.colleague
    assert lived.handler == cast.handler


def test_each_step_stands_in_the_trail_and_the_chain_holds(lived):
    changes = AuditEntry.objects.filter(subject_type="feedback.case", subject_id=str(lived.pk))
    assert {entry.data["event"] for entry in changes if "event" in entry.data} == set(lived.events.values_list("pk", flat=True))
    call_command("verify_audit")


def test_the_reporter_has_heard_of_both_results(lived, cast):
    titles = list(Notice.objects.filter(user=cast.owner).values_list("title", flat=True))
    assert sum("结果" in title for title in titles) >= 2, titles


def test_pages_and_api_tell_the_same_story(cast):
    by_pages = live_through(ByPages(cast))
    Case.objects.filter(pk=by_pages.pk).update(text="早先的一件")
    by_api = live_through(ByApi(cast))
    assert story(by_pages) == story(by_api)
    same = ("state", "cycle", "kind", "urgency", "item_id", "home_id", "resident_id", "handler_id", "channel", "location")
    assert [getattr(by_pages, name) for name in same] == [getattr(by_api, name) for name in same]


def test_the_manager_finds_it_in_the_months_figures(lived, cast, capsys):
    month = localtime(lived.received_at).strftime("%Y-%m")
    call_command("monthly", community="CH", month=month, json=True)
    figures = json.loads(capsys.readouterr().out)
    assert figures
    page = ByPages(cast).client("manager").get(f"/figures/monthly/?month={month}")
    assert page.status_code == 200
    assert "收到 1 件" in page.content.decode()
