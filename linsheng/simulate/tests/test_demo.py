"""The demo company: loaded as a whole, named, and taken away without a trace."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from linsheng.accounts.models import User
from linsheng.communities.models import Organisation
from linsheng.core.errors import Conflict
from linsheng.feedback.models import Case, Rating
from linsheng.feedback.queries import visible_to
from linsheng.messaging.models import Delivery
from linsheng.simulate import demo
from linsheng.simulate.removal import remove

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
SMALL = demo.Size(communities=1, homes=90, months=3, cases=150)
ROLES = {
    "resident",
    "neighbour",
    "frontdesk",
    "handler",
    "supervisor",
    "manager",
    "director",
    "auditor",
    "administrator",
    "outsider",
}


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.fixture
def loaded(db):
    return demo.load(SMALL, now=NOW)


def test_there_is_one_of_each_role_in_one_community(loaded):
    out = StringIO()
    call_command("demo_users", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert set(found) == ROLES
    assert len({one["community"] for role, one in found.items() if role != "outsider"}) == 1
    assert visible_to(User.objects.get(username=found["resident"]["username"])).exists()
    assert not visible_to(User.objects.get(username=found["outsider"]["username"])).exists()


def test_it_has_open_and_ended_cases_and_ratings(loaded):
    states = set(Case.objects.values_list("state", flat=True))
    assert {"closed", "resolved"} <= states and Case.objects.filter(is_open=True).exists() and Rating.objects.exists()


def test_no_mail_waits_to_be_sent(loaded):
    assert not Delivery.objects.exclude(state="done").exists()


def test_removing_it_leaves_nothing(db):
    before = counts()
    world = demo.load(SMALL, now=NOW)
    assert counts() != before and world.organisation.is_demo
    for organisation in Organisation.objects.filter(is_demo=True):
        remove(organisation)
    assert counts() == before


def test_removing_it_leaves_a_real_company_alone(cast, now):
    before = counts()
    demo.load(SMALL, now=NOW)
    call_command("demo", "--remove", stdout=StringIO())
    assert counts() == before


def test_a_real_company_is_never_removed(cast):
    with pytest.raises(ValueError, match="demo"):
        remove(cast.organisation)


def test_loading_twice_is_refused(loaded):
    with pytest.raises(Conflict):
        demo.load(SMALL, now=NOW)
    with pytest.raises(CommandError):
        call_command("demo", stdout=StringIO())


def test_passwords_are_given_anew_and_work(loaded):
    given = demo.give_passwords()
    assert len(given) == 8
    for username, password in given.items():
        assert User.objects.get(username=username).check_password(password)
