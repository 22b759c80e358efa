"""Cases in every state, brought there by the actions themselves."""

from datetime import timedelta

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case
from linsheng.standards.models import ServiceItem

STAFF = Actor.staff
MINUTE = timedelta(minutes=1)
STATES = ("received", "assigned", "in_progress", "waiting", "resolved", "closed", "referred", "declined", "withdrawn", "merged")


def item(cast, code):
    return ServiceItem.objects.get(organisation=cast.organisation, code=code)


def report(cast, who="owner", **changes):
    """A report of the owner (or neighbour) by app."""
    homes = {"owner": cast.home, "neighbour": cast.neighbour_home}
    plain = {
        "community": cast.community,
        "item": cast.item,
        "text": "三号电梯按钮失灵",
        "resident": cast.residents[who],
        "home": homes[who],
    }
    return actions.Report(**(plain | changes))


def received(cast, now, who="owner", **changes):
    by = Actor(user=cast.people[who], reporter=True)
    return actions.receive_case(report=report(cast, who, **changes), by=by, now=now)


def by_phone(cast, now, **changes):
    """A caller whom nobody knows: a number, and nothing else."""
    plain = {"channel": "phone", "resident": None, "contact_name": "周女士", "contact_phone": "10000000021"}
    return actions.receive_case(report=report(cast, **(plain | changes)), by=STAFF(cast.frontdesk), now=now)


def reporter(case: Case, cast, who="owner"):
    return actor_for(cast.people[who], case)


def assigned(cast, now, case=None, **changes):
    case = case or received(cast, now, **changes)
    return actions.assign_case(case=case, handler=cast.handler, by=STAFF(cast.frontdesk), now=now)


def in_progress(cast, now, case=None, **changes):
    return actions.start_case(case=assigned(cast, now, case, **changes), by=STAFF(cast.handler), now=now)


def waiting(cast, now, case=None, until=None, **changes):
    case = in_progress(cast, now, case, **changes)
    return actions.wait_case(case=case, waiting_for="parts", reason="等配件", until=until, by=STAFF(cast.handler), now=now)


def resolved(cast, now, case=None, **changes):
    return actions.resolve_case(case=in_progress(cast, now, case, **changes), text="已更换按钮板", by=STAFF(cast.handler), now=now)


def closed(cast, now, case=None, **changes):
    return actions.close_case(case=resolved(cast, now, case, **changes), by=STAFF(cast.frontdesk), now=now)


def referred(cast, now, case=None, **changes):
    case = case or received(cast, now, **changes)
    return actions.refer_case(case=case, reason="属市政管网，已转自来水公司", by=STAFF(cast.frontdesk), now=now)


def declined(cast, now, case=None, **changes):
    case = case or received(cast, now, **changes)
    return actions.decline_case(case=case, reason="不在服务范围内", by=STAFF(cast.frontdesk), now=now)


def withdrawn(cast, now, case=None, **changes):
    case = case or received(cast, now, **changes)
    return actions.withdraw_case(case=case, by=reporter(case, cast), now=now)


def merged(cast, now, case=None, into=None, **changes):
    case = case or received(cast, now, **changes)
    into = into or received(cast, now, who="neighbour", text="电梯按键没有反应")
    return actions.merge_case(case=case, into=into, by=STAFF(cast.frontdesk), now=now)


MAKERS = {
    "received": received,
    "assigned": assigned,
    "in_progress": in_progress,
    "waiting": waiting,
    "resolved": resolved,
    "closed": closed,
    "referred": referred,
    "declined": declined,
    "withdrawn": withdrawn,
    "merged": merged,
}


def in_state(cast, now, state, **changes):
    return MAKERS[state](cast, now, **changes)


def resolved_by(cast, now, report: actions.Report):
    """A report of anywhere, resolved by the clockwork itself: for companies whose staff the cast does not know."""
    system = Actor.clockwork()
    case = actions.receive_case(report=report, by=system, now=now)
    case = actions.assign_case(case=case, handler=cast.outsider, by=system, now=now)
    return actions.resolve_case(case=actions.start_case(case=case, by=system, now=now), text="好了", by=system, now=now)
