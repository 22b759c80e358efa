"""Somebody puts the other company's numbers and codes wherever one of their own may stand: nothing is seen, nothing changes."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from linsheng.accounts.actions import create_token
from linsheng.core import clock
from tests.security import addresses
from tests.security.watching import crossings, difference, everything
from tests.security.worlds import body_of, marks_in

# Everybody who has more rights than others somewhere.
PEOPLE = ("owner", "frontdesk", "handler", "manager", "director", "auditor", "administrator")
REFUSED = {403, 404}


@pytest.fixture
def clients(cast, own, far) -> dict[str, Client]:
    """The people, signed in, in a world where both companies have everything."""
    made = {}
    for person in PEOPLE:
        made[person] = Client()
        made[person].force_login(cast.people[person], backend="linsheng.accounts.backends.AccountBackend")
    return made


def pages() -> list[str]:
    """Addresses of pages whose arguments name something."""
    named = [name for name, kinds in addresses.KINDS.items() if any(not kind.startswith("=") for kind in kinds.values())]
    return [name for name in named if not name.startswith("api:")]


def swapped(name: str, own, far):
    """The address with each of its arguments in turn being the other company's, and with all of them."""
    kinds = addresses.KINDS[name]
    objects = [argument for argument, kind in kinds.items() if not kind.startswith("=")]
    for foreign in [{argument} for argument in objects] + ([set(objects)] if len(objects) > 1 else []):
        yield {a: addresses.value(kind, far if a in foreign else own) for a, kind in kinds.items()}


def refused(client: Client, address: str, data: dict[str, str]) -> None:
    """Reading and writing are refused alike, and the refusal names nothing."""
    answers = [client.get(address), client.post(address, data)]
    statuses = {answer.status_code for answer in answers} - {405}
    assert statuses and statuses <= REFUSED, f"{address}: {[answer.status_code for answer in answers]}"
    assert not [mark for answer in answers for mark in marks_in(answer.content)], address


def test_every_address_with_an_object_is_known_here():
    assert addresses.with_arguments() == {name: list(kinds) for name, kinds in addresses.KINDS.items()}


def test_the_other_company_s_objects_are_not_there(clients, own, far):
    before = everything()
    for client in clients.values():
        for name in pages():
            for arguments in swapped(name, own, far):
                refused(client, reverse(name, kwargs=arguments), {"active": "1", "skip_bad": "1"})
    assert difference(before, everything()) == {}


def test_no_action_reaches_the_other_company_s_cases(clients, far):
    before = everything()
    data = {"handler": "handler", "text": "x", "reason": "x", "method": "phone", "reached": "yes", "stars": "5"}
    for case in (far.case, far.resolved):
        for person in ("manager", "handler"):
            for action in addresses.STAFF_ACTIONS:
                refused(clients[person], reverse("feedback:step", kwargs={"pk": case.pk, "action": action}), data)
        for step in addresses.RESIDENT_STEPS:
            refused(clients["owner"], reverse("feedback:my_step", kwargs={"pk": case.pk, "step": step}), data)
    assert difference(before, everything()) == {}


# Names under which something of a company may be asked for, or be sent.
def foreign_values(far) -> dict[str, object]:
    home, building = far.home, far.home.building_id
    return {
        "community": far.community.code,
        "switch_community": far.community.code,
        "home": home.pk,
        "building": building,
        "handler": far.staff.username,
        "item": far.item.code,
        "dimension": far.dimension.pk,
        "who": f"{far.resident.pk}:{home.pk}",
        "number": far.resident.phone,
        "place": f"community-{far.community.pk}",
        "organisation": far.organisation.pk,
        "into": far.case.number,
        "ids": [far.case.pk, far.resolved.pk],
        "q": "外人",
        "cursor": "",
    }


def plain_pages() -> list[str]:
    """Addresses without arguments."""
    return [name for name, found in addresses.patterns() if not found.pattern.converters and not name.startswith("api")]


# Asked for together; a page that is picky about one of them is asked for it alone.
TOGETHER = (("community",), ("switch_community",), ("q",), ("number",), ("home", "building", "handler", "item", "dimension", "who"))
SILENT = {"jobs:healthz", "accounts:sign_out", "web:home"}


def test_no_parameter_shows_anything_of_the_other_company(clients, far):
    values = foreign_values(far)
    for name in sorted(set(plain_pages()) - SILENT):
        for person in ("manager", "administrator", "owner"):
            for group in TOGETHER:
                asked = {parameter: values[parameter] for parameter in group}
                found = marks_in(body_of(clients[person].get(reverse(name), asked)))
                # What was typed is shown again in its field.
                assert not [mark for mark in found if mark not in str(asked)], f"{person} {name} {group}: {found}"


def whole_forms(own) -> dict[str, dict[str, object]]:
    """Forms filled in rightly with one's own; each field in turn gets the other company's value."""
    call = {"key": "k", "channel": "phone", "number": "10000000001", "community": "CH", "item": "facility.lift", "text": "灯坏了"}
    call |= {"urgency": "normal", "then": "assign", "handler": "handler", "home": "3-2-1201"}
    return {
        "feedback:call": {**call, "who": f"{own.resident.pk}:{own.home.pk}"},
        "feedback:bulk": {"action": "assign", "handler": "handler", "ids": [own.case.pk]},
        "communities:new_home": {"building": own.home.building_id, "number": "9-9", "tenure": "owner"},
        "communities:new_staff": {"name": "新人", "username": "new", "role": "handler", "place": f"community-{own.community.pk}"},
        "communities:new_community": {"organisation": own.organisation.pk, "code": "NEW", "name": "新小区", "grade": "standard"},
        "standards:item_add": {
            "dimension": own.dimension.pk,
            "code": "facility.new",
            "name": "新",
            "team": "service",
            "order": "1",
        },
        "feedback:report": {"key": "k", "item": "facility.lift", "place": "home", "home": own.home.pk, "text": "坏了"},
    }


def test_no_field_ties_something_to_the_other_company(clients, own, far):
    before, foreign = everything(), foreign_values(far)
    for name, form in whole_forms(own).items():
        for person in ("manager", "administrator", "owner"):
            for field in set(form) & set(foreign):
                data = {**form, "key": f"{person}{field}", field: foreign[field]}
                found = marks_in(clients[person].post(reverse(name), data, follow=True).content)
                assert not [mark for mark in found if mark not in str(foreign[field])], f"{person} {name} {field}: {found}"
    assert crossings() == []
    changed = difference(before, everything())
    assert not [row for row in changed.get("feedback.Case", []) if row[0] in {far.case.pk, far.resolved.pk}]


@pytest.fixture
def token(cast):
    return {name: create_token(user=cast.people[name], name="swap", by=None, now=clock.now()).secret for name in PEOPLE}


def call(secret: str, method: str, path: str, body: object = None):
    headers = {"authorization": f"Bearer {secret}"}
    client = Client()
    if method == "GET":
        return client.get(f"/api/v1/{path}", headers=headers)
    return client.generic(method, f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


BODIES = {
    "assign": {"handler": "handler"}, "wait": {"for": "parts", "reason": "x"}, "resolve": {"text": "x"}, "reopen": {"reason": "x"},
    "refer": {"reason": "x"}, "decline": {"reason": "x"}, "merge": {"into": 1}, "rate": {"stars": 5}, "note": {"text": "x"},
    "add": {"text": "x"}, "callback": {"contacted": True, "solved": True, "satisfied": "satisfied"},
}  # fmt: skip


def test_the_api_knows_no_object_of_the_other_company(token, own, far):
    before = everything()
    actions = [name.removeprefix("api:") for name, kinds in addresses.KINDS.items() if kinds == {"case_id": "case"}]
    for person, secret in token.items():
        for action in actions:
            for case in (far.case, far.resolved):
                path = f"cases/{case.pk}" if action == "get_case" else f"cases/{case.pk}/{action}"
                answer = call(secret, "GET" if action == "get_case" else "POST", path, BODIES.get(action, {}))
                assert answer.status_code == 404 and not marks_in(answer.content), f"{person} {action}: {answer.status_code}"
        for path in ("communities/WR/monthly/2026-11", "service-items?community=WR"):
            answer = call(secret, "GET", path)
            assert answer.status_code in REFUSED and not marks_in(answer.content)
    after = everything()
    # Using a token is noted on it.
    del before["accounts.ApiToken"], after["accounts.ApiToken"]
    assert difference(before, after) == {}


def test_the_api_knows_no_survey_and_no_webhook_of_the_other_company(token, own, far):
    before = everything()
    others = [
        name for name, kinds in addresses.KINDS.items() if name.startswith("api:") and {"wave", "webhook"} & set(kinds.values())
    ]
    assert len(others) >= 15
    for person, secret in token.items():
        for name in others:
            for arguments in swapped(name, own, far):
                path = reverse(name, kwargs=arguments).removeprefix("/api/v1/")
                answers = [call(secret, method, path, {}) for method in ("GET", "POST", "PATCH", "DELETE")]
                statuses = {answer.status_code for answer in answers} - {405}
                assert statuses and statuses <= {403, 404, 422}, f"{person} {path}: {statuses}"
                assert not [mark for answer in answers for mark in marks_in(answer.content)], f"{person} {path}"
    after = everything()
    del before["accounts.ApiToken"], after["accounts.ApiToken"]
    assert difference(before, after) == {}


def test_no_body_of_the_api_names_something_of_the_other_company(token, own, far):
    case = {"community": "CH", "kind": "repair", "item": "facility.lift", "text": "坏了"}
    foreign = {"community": "WR", "item": "facility.wairen", "home": "1-101"}
    for person in ("owner", "manager"):
        for field, value in foreign.items():
            answer = call(token[person], "POST", "cases", case | {field: value})
            assert answer.status_code == 422 and not marks_in(answer.content.replace(b"facility.wairen", b"")), f"{person} {field}"
        answer = call(token[person], "POST", "cases", case | {"contact": {"phone": far.resident.phone, "name": ""}})
        assert answer.status_code == 201 and "外区" not in answer.content.decode()
    for body, action in (
        ({"handler": "wairen_desk"}, "assign"),
        ({"into": far.case.pk}, "merge"),
        ({"item": "facility.wairen"}, "reclassify"),
    ):
        answer = call(token["manager"], "POST", f"cases/{own.case.pk}/{action}", body)
        assert answer.status_code == 422, (action, answer.content)
        assert not [mark for mark in marks_in(answer.content) if mark not in str(body)], answer.content
    for query in ("community=WR", "handler=wairen_desk", "item=facility.wairen", "q=外人"):
        answer = call(token["manager"], "GET", f"cases?{query}")
        assert answer.status_code == 422 or answer.json()["items"] == []
    assert crossings() == []
