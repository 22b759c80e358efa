"""Who asked to stay unknown stays unknown: to every member of staff, on every page, in every file and list, before and after."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linsheng.accounts.actions import create_token
from linsheng.core import clock
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case
from linsheng.feedback.search import index_case
from tests.security.addresses import STAFF_ACTIONS, patterns
from tests.security.worlds import body_of, picture

STAFF = ("frontdesk", "colleague", "handler", "supervisor", "manager", "director", "auditor", "administrator")
SECRETS = ("暗访者", "10000000066", "whisper@", "7-7-777", "7栋", "whisperer")
QUIET = {"accounts:sign_out", "jobs:healthz"}


@pytest.fixture
def whisper(cast) -> Case:
    """A confidential case of a resident with every trace that a person can leave, all the way to its rating."""
    from linsheng.communities.models import Building, Home, Residency, Resident

    now = clock.now()
    from tests.security.worlds import User

    user = User.objects.create(username="whisperer", name="暗访者", phone="10000000066", email="whisper@example.com", password="!")
    building = Building.objects.create(community=cast.community, name="7栋", order=7)
    home = Home.objects.create(community=cast.community, building=building, number="7-7-777")
    resident = Resident.objects.create(
        organisation=cast.organisation, name="暗访者", phone="10000000066", email="whisper@example.com", user=user
    )
    Residency.objects.create(home=home, resident=resident)
    by = Actor(user=user, reporter=True)
    report = actions.Report(
        community=cast.community,
        item=cast.item,
        text="张师傅收小费",
        kind="complaint",
        home=home,
        resident=resident,
        contact_name="暗访者",
        contact_phone="10000000066",
        contact_email="whisper@example.com",
        confidential=True,
    )
    case = actions.receive_case(report=report, by=by, now=now)
    actions.add_photo(case=case, upload=picture(), size=900, by=by, now=now)
    actions.add_words(case=case, text="又收了一次", by=by, now=now)
    actions.urge_case(case=case, text="快查", by=by, now=now)
    for action, values, who in (
        (actions.assign_case, {"handler": cast.handler}, cast.frontdesk),
        (actions.start_case, {}, cast.handler),
        (actions.resolve_case, {"text": "已核实并处理"}, cast.handler),
    ):
        case = action(case=case, **values, by=Actor.staff(who), now=now)
    later = now + timedelta(seconds=1)
    case = actions.rate_case(case=case, stars=2, reasons=["attitude"], text="还行", by=actor_for(user, case), now=later)
    case = actions.reopen_case(case=case, reason="又来了", by=actor_for(user, case), now=later)
    index_case(case)
    return case


def leaks(content: bytes) -> list[str]:
    text = content.decode(errors="replace")
    return [secret for secret in SECRETS if secret in text]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="linsheng.accounts.backends.AccountBackend")
    return client


# The roster itself knows who lives where; it must not know what they said.
ROSTER = {"communities:homes", "communities:residents", "communities:export_residents", "communities:communities"}
# Forms that list buildings; that is no word about who reported.
LISTS_BUILDINGS = {"communities:new_home", "intake:new_place"}


# What a page may be asked besides: all of its lists, groups and forms.
ASKED = {
    "feedback:board": ({}, {"view": "all"}, {"view": "open"}),
    "feedback:export": ({"view": "all", "format": "csv"}, {"view": "all", "format": "xlsx"}),
    "web:operations": ({}, {"show": "deliveries"}, {"show": "schedules"}),
    "reports:monthly": ({}, {"by": "building"}, {"by": "item"}),
    "reports:export": ({"by": "building", "format": "csv"}, {"by": "building", "format": "xlsx"}),
}


@pytest.mark.parametrize("person", ["frontdesk", "handler", "manager", "director", "auditor", "administrator"])
def test_no_page_or_file_of_the_staff_names_them(person, cast, whisper):
    names = {name for name, found in patterns() if not found.pattern.converters and not name.startswith("api")}
    client = signed_in(cast.people[person])
    for name in sorted(names - ROSTER - QUIET):
        for query in ASKED.get(name, ({},)):
            found = leaks(body_of(client.get(reverse(name), query)))
            assert not set(found) - ({"7栋"} if name in LISTS_BUILDINGS else set()), f"{person} {name} {query}: {found}"


def test_neither_the_case_nor_any_step_of_it_names_them(cast, whisper):
    for person in STAFF:
        client = signed_in(cast.people[person])
        addresses = [reverse("feedback:case", args=[whisper.pk])]
        addresses += [reverse("feedback:step", args=[whisper.pk, action]) for action in STAFF_ACTIONS]
        for address in (*addresses, reverse("feedback:track", args=[whisper.track_token])):
            assert not leaks(client.get(address).content), f"{person} {address}"


def test_no_search_leads_to_them(cast, whisper):
    for person in ("frontdesk", "manager", "director"):
        client = signed_in(cast.people[person])
        for words in ("暗访者", "10000000066", "0066", "7-7-777", "777", "7栋", "whisper"):
            answer = client.get("/cases/", {"q": words, "view": "all"})
            assert whisper.number not in answer.content.decode(), f"{person} {words}"
            assert (
                whisper.number not in body_of(client.get("/cases/export/", {"q": words, "view": "all", "format": "csv"})).decode()
            )


def test_neither_their_home_nor_their_own_page_in_the_roster_leads_to_the_case(cast, whisper):
    home, resident = whisper.home, whisper.resident
    for person in ("frontdesk", "manager", "administrator", "director"):
        client = signed_in(cast.people[person])
        pages = [reverse("communities:home", args=[home.pk]), reverse("communities:resident", args=[resident.pk])]
        pages += ["/homes/?q=7-7-777", "/residents/?q=777"]
        for page in pages:
            text = client.get(page).content.decode()
            assert whisper.number not in text and "收小费" not in text, f"{person} {page}"
    desk = signed_in(cast.frontdesk)
    for data in ({"number": "10000000066"}, {"home": "7-7-777", "community": "CH"}):
        text = desk.post("/calls/callers/", data).content.decode()
        assert "暗访者" in text and whisper.number not in text and "收小费" not in text


def test_the_api_tells_staff_nothing_of_them(cast, whisper):
    for person in STAFF:
        secret = create_token(user=cast.people[person], name="x", by=None, now=clock.now()).secret
        headers = {"authorization": f"Bearer {secret}"}
        for path in (f"cases/{whisper.pk}", "cases", "cases?q=暗访者", "cases?q=收小费", "communities/CH/monthly/2026-11"):
            assert not leaks(Client().get(f"/api/v1/{path}", headers=headers).content), f"{person} {path}"


def test_no_mail_goes_out_and_no_delivery_is_listed(cast, whisper):
    from linsheng.messaging.models import Delivery, Notice

    assert not Delivery.objects.filter(address__contains="whisper").exists()
    staff = [user.pk for name, user in cast.people.items() if name in STAFF]
    for notice in Notice.objects.filter(user__in=staff):
        assert not leaks(f"{notice.title}{notice.body}{notice.url}".encode())


def test_what_stands_in_the_trail_has_no_actor(cast, whisper):
    from linsheng.audit.models import AuditEntry

    told = AuditEntry.objects.filter(subject_type="feedback.case", subject_id=whisper.pk)
    assert told.count() >= 8 and not told.filter(actor=whisper.resident.user).exists()
    assert not [entry for entry in told if leaks(str(entry.data).encode())]


def test_nobody_joins_it_by_trying_numbers_and_no_neighbour_is_shown_it(cast, whisper):
    neighbour = signed_in(cast.neighbour)
    there, nowhere = (neighbour.post(reverse("feedback:join", args=[pk])) for pk in (whisper.pk, whisper.pk + 999))
    assert there.status_code == nowhere.status_code == 404
    numberless = [re.sub(rb"\d+|value=\"[^\"]*\"", b"", answer.content) for answer in (there, nowhere)]
    assert numberless[0] == numberless[1]
    form = {"key": "k", "item": cast.item.code, "place": "lift", "home": cast.neighbour_home.pk, "text": "张师傅收小费"}
    assert "收小费" not in neighbour.post("/report/hints/", form | {"text": "小费"}).content.decode()


def test_figures_of_a_few_say_nothing_of_one(cast, whisper):
    """One rating among none: no page and no file of figures gives its stars away."""
    manager = signed_in(cast.manager)
    for by in ("building", "item", "channel", "kind"):
        for form in ("csv", "xlsx"):
            body = body_of(manager.get("/figures/monthly/export/", {"by": by, "format": form})).decode(errors="replace")
            assert "7栋" not in body and "还行" not in body
        page = manager.get("/figures/monthly/", {"by": by}).content.decode()
        assert "7栋" not in page


def test_they_still_read_their_own(cast, whisper):
    client = signed_in(whisper.resident.user)
    assert client.get(reverse("feedback:my_case", args=[whisper.pk])).status_code == 200
    assert "张师傅收小费" in client.get("/me/data/export/").content.decode()
