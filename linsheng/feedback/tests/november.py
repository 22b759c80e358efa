"""A small November, every figure of which can be counted by hand: eight cases of the fixed cast.

Office hours are 08:30-12:00 and 14:00-18:00; a lift of a standard community promises an answer within 240 working minutes
and a result within 1350 (three days). 2 November 2026 is a Monday.

* A (owner): Mon 2 10:00, answered 10:30, result Tue 3 10:00 = 450 working minutes; five stars Tue 12:00; callback satisfied.
* F (neighbour): Mon 2 11:00, merged into A at 11:30, told with A; five stars Tue 13:00; its number turns out to be wrong.
* B (owner): Mon 9 09:00, answered 17:00 (late), waits Tue 10 09:00 - Thu 12 09:00, result Tue 17 10:00 = 1860 minutes (late);
  two stars; callback: not contacted, not solved, not satisfied.
* E (neighbour): Thu 12 09:00, withdrawn 09:30.
* G (a caller without account): Fri 13 10:00, answered 10:20, referred 15:00 = 180 minutes; asked back in vain; not told.
* C (owner): Fri 20 16:00, urged on 21 and 23, still open on Monday 23 10:00 = 210 minutes.
* D (owner): came in on Fri 30 October 15:00, answered 15:30, result Tue 3 11:00, reopened Wed 4 09:00, result Thu 5 11:00, on the
  very minute of its deadline; four stars; callback basically satisfied.
* H is of the company's other community.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case

SHANGHAI = ZoneInfo("Asia/Shanghai")
STAFF = Actor.staff


def at(text: str) -> datetime:
    """``11-02 10:00`` of 2026, in Shanghai."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def receive(cast, when: str, text: str = "三号电梯按钮失灵", *, who: str = "owner", **changes) -> Case:
    """A report by a resident (or, with who="", by a caller without an account)."""
    facts = {"community": cast.community, "item": cast.item, "text": text, **changes}
    if not who:
        return actions.receive_case(report=actions.Report(**facts), by=STAFF(cast.frontdesk), now=at(when))
    home = cast.home if who == "owner" else cast.neighbour_home
    facts |= {"resident": cast.residents[who], "home": home}
    return actions.receive_case(report=actions.Report(**facts), by=Actor(user=cast.people[who], reporter=True), now=at(when))


def take(cast, case: Case, when: str) -> Case:
    """Assigned, answered and begun at one moment."""
    case = actions.assign_case(case=case, handler=cast.handler, by=STAFF(cast.frontdesk), now=at(when))
    case = actions.contact_reporter(case=case, by=STAFF(cast.handler), now=at(when))
    return actions.start_case(case=case, by=STAFF(cast.handler), now=at(when))


def resolve(cast, case: Case, when: str) -> Case:
    return actions.resolve_case(case=case, text="已换好按钮板", by=STAFF(cast.handler), now=at(when))


def rate(cast, case: Case, when: str, stars: int, *, who: str = "owner") -> Case:
    return actions.rate_case(case=case, stars=stars, by=actor_for(cast.people[who], case), now=at(when))


def ask(cast, case: Case, when: str, outcome: str = "answered", **answers) -> Case:
    return actions.record_callback(case=case, outcome=outcome, by=STAFF(cast.colleague), now=at(when), **answers)


def make_november(cast) -> dict[str, Case]:
    """The eight cases, in the order of their events as far as one touches another."""
    cases = {"D": take(cast, receive(cast, "10-30 15:00"), "10-30 15:30")}
    cases["A"] = take(cast, receive(cast, "11-02 10:00"), "11-02 10:30")
    cases["F"] = receive(cast, "11-02 11:00", "三号电梯按不动", who="neighbour")
    actions.merge_case(case=cases["F"], into=cases["A"], by=STAFF(cast.frontdesk), now=at("11-02 11:30"))
    resolve(cast, cases["A"], "11-03 10:00")
    resolve(cast, cases["D"], "11-03 11:00")
    rate(cast, cases["A"], "11-03 12:00", 5)
    rate(cast, cases["F"], "11-03 13:00", 5, who="neighbour")
    _d_again(cast, cases["D"])
    ask(cast, cases["A"], "11-04 10:00", contacted=True, solved=True, satisfied="satisfied")
    ask(cast, cases["F"], "11-04 10:10", "invalid")
    cases["B"] = _slow(cast)
    cases["E"] = receive(cast, "11-12 09:00", "楼道灯不亮", who="neighbour", kind="complaint", channel="qr")
    actions.withdraw_case(case=cases["E"], by=actor_for(cast.neighbour, cases["E"]), now=at("11-12 09:30"))
    cases["G"] = _referred(cast)
    cases["C"] = take(cast, receive(cast, "11-20 16:00", "电梯里空调太冷"), "11-20 16:10")
    for when in ("11-21 09:00", "11-23 09:00"):
        actions.urge_case(case=cases["C"], by=actor_for(cast.owner, cases["C"]), now=at(when))
    cases["H"] = _elsewhere(cast)
    return {name: Case.objects.get(pk=case.pk) for name, case in cases.items()}


def _d_again(cast, case: Case) -> None:
    actions.reopen_case(case=case, reason="又坏了", by=actor_for(cast.owner, case), now=at("11-04 09:00"))
    resolve(cast, case, "11-05 11:00")
    rate(cast, case, "11-05 20:00", 4)
    ask(cast, case, "11-06 10:00", contacted=True, solved=True, satisfied="basically")


def _slow(cast) -> Case:
    case = take(cast, receive(cast, "11-09 09:00", "电梯异响"), "11-09 17:00")
    actions.wait_case(case=case, waiting_for="parts", reason="等配件", by=STAFF(cast.handler), now=at("11-10 09:00"))
    actions.resume_case(case=case, by=STAFF(cast.handler), now=at("11-12 09:00"))
    resolve(cast, case, "11-17 10:00")
    rate(cast, case, "11-18 08:00", 2)
    return ask(cast, case, "11-18 10:00", contacted=False, solved=False, satisfied="not")


def _referred(cast) -> Case:
    case = receive(cast, "11-13 10:00", "路灯不亮", who="", channel="phone", contact_name="过客", contact_phone="10000000555")
    case = take(cast, case, "11-13 10:20")
    actions.refer_case(case=case, reason="已转市政", by=STAFF(cast.frontdesk), now=at("11-13 15:00"))
    return ask(cast, case, "11-16 10:00", "no_answer")


def _elsewhere(cast) -> Case:
    facts = {"community": cast.other_community, "item": cast.item, "text": "别处的电梯", "contact_phone": "10000000556"}
    return actions.receive_case(report=actions.Report(**facts), by=Actor.clockwork(), now=at("11-03 09:00"))
