"""Who may call the pages of waves, letters and entry; answering is open to everybody who has a code."""

from linsheng.core import clock
from linsheng.core.testing import ALL, PermissionRow
from linsheng.surveys import actions
from linsheng.surveys.models import Ballot, Wave
from linsheng.surveys.tests.factories import code_of, filled, open_wave, plan_for

RUNNERS = frozenset({"manager", "director", "administrator"})
READERS = RUNNERS | {"supervisor", "auditor"}
KEYERS = frozenset({"frontdesk", "supervisor", "manager"})
OTHERS = frozenset({"outsider"})


def draft(cast):
    return {"pk": actions.make_wave(plan=plan_for(cast.community, clock.now()), by=None, now=clock.now()).pk}


def running(cast):
    found = Wave.objects.filter(organisation=cast.organisation, state="open").first()
    return {"pk": (found or open_wave(cast.community, clock.now())).pk}


def fresh(cast):
    return {"pk": open_wave(cast.community, clock.now()).pk}


def closed(cast):
    return {"pk": actions.close_wave(wave=open_wave(cast.community, clock.now()), by=None, now=clock.now()).pk}


def ballot(cast):
    wave = open_wave(cast.community, clock.now())
    return {"pk": Ballot.objects.get(wave=wave, home=cast.home).pk}


def code(cast):
    return {"code": code_of(Wave.objects.get(**running(cast)), cast.home)}


def held(cast):
    """A form that a colleague keyed."""
    row = Ballot.objects.select_related("wave__version", "home__community", "stratum").get(**ballot(cast))
    actions.enter_answer(ballot=row, given=filled(row.wave.version), mode="paper", by=cast.colleague, now=clock.now())
    return {"pk": row.pk}


ROWS = [
    PermissionRow("surveys:answer", ALL),
    PermissionRow("surveys:done", ALL),
    PermissionRow("surveys:enter", ALL, args=code),
    PermissionRow("surveys:mine", frozenset({"owner", "neighbour"}), args=running),
    PermissionRow("surveys:waves", READERS | OTHERS),
    PermissionRow("surveys:new_wave", RUNNERS | OTHERS),
    PermissionRow("surveys:wave", READERS, args=running),
    PermissionRow("surveys:edit_wave", RUNNERS, args=draft),
    PermissionRow("surveys:open_wave", RUNNERS, "POST", args=draft),
    PermissionRow("surveys:remind_wave", RUNNERS, "POST", args=fresh),
    PermissionRow("surveys:close_wave", RUNNERS, "POST", args=fresh),
    PermissionRow("surveys:export_response", READERS, args=running, query="?format=csv"),
    PermissionRow("surveys:results", READERS, args=closed),
    PermissionRow("surveys:results_part", READERS, args=lambda cast: closed(cast) | {"part": "groups"}),
    PermissionRow("surveys:letters", RUNNERS, args=running),
    PermissionRow("surveys:print_letters", RUNNERS, "POST", args=running, data=lambda cast: {"sheet": "0"}),
    PermissionRow("surveys:replace_letter", RUNNERS, "POST", args=running, data=lambda cast: {"home": cast.home.number}),
    PermissionRow("surveys:entry", KEYERS | OTHERS),
    PermissionRow("surveys:enter_form", KEYERS, args=ballot),
    PermissionRow("surveys:check_entry", KEYERS, args=held),
    PermissionRow("surveys:drop_entry", KEYERS, "POST", args=held),
]
