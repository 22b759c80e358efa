"""A second, independent telling of the rules of a case: what the state machine's test expects of the product."""

from dataclasses import dataclass, field
from datetime import timedelta

from linsheng.core.workcalendar import ALWAYS, OFFICE, SHANGHAI, add_working_minutes
from linsheng.feedback.tests.legal import DESK, LEGAL

PROMISED = {"emergency": (10, 45, ALWAYS), "urgent": (60, 1440, ALWAYS), "normal": (240, 1350, OFFICE)}
RESIDENTS = ("owner", "neighbour")
HANDLERS = ("frontdesk", "colleague", "handler", "cleaner", "supervisor", "manager")
IN_CHARGE = ("contact", "start", "wait", "resume", "resolve")
BY_REPORTER = ("reopen", "withdraw", "urge", "rate", "callback", "add")
NOTE_TAKERS = {*HANDLERS, "director"}
REOPEN_WITHIN, GAP, TRIES = timedelta(days=14), timedelta(minutes=120), 3
OK, FORBIDDEN, CONFLICT, INVALID = "ok", "Forbidden", "Conflict", "Invalid"


@dataclass
class Ref:
    """What the reference knows of one case."""

    pk: int
    reporter: str  # "owner", "neighbour", or "" for somebody known by a number or address only
    way: str  # "app", "phone", "mail", "page": how the reporter is told
    urgency: str
    began: object
    state: str = "received"
    cycle: int = 1
    handler: str = ""
    previous: str = ""
    parent: "Ref | None" = None
    has_result: bool = False
    told_at: object = None
    closed_at: object = None
    responded_at: object = None
    still_since: object = None
    spans: list = field(default_factory=list)
    rated: set = field(default_factory=set)
    asked: set = field(default_factory=set)
    urged: set = field(default_factory=set)
    followers: set = field(default_factory=set)
    workers: set = field(default_factory=set)
    former_parents: list = field(default_factory=list)
    tries: list = field(default_factory=list)
    children: list = field(default_factory=list)
    mail_on_its_way: bool = False
    shared_stands: bool = False  # of a merged case: a shared result came and the parent was not reopened since

    @property
    def confidential(self):
        return self.way == "page"

    @property
    def is_open(self):
        return self.state in ("received", "assigned", "in_progress", "waiting")

    def everybody_who_worked(self):
        found = set(self.workers)
        for parent in self.former_parents:
            found |= parent.workers
        return found

    # The clock.

    def stand(self, now):
        self.still_since = self.still_since or now

    def run(self, now):
        if self.still_since is not None:
            self.spans.append((self.still_since, now))
        self.still_since = None

    def deadlines(self):
        respond, resolve, calendar = PROMISED[self.urgency]
        early = [s for s in self.spans if self.responded_at is None or s[0] < self.responded_at]
        return add_working_minutes(self.began, respond, calendar, early), add_working_minutes(
            self.began, resolve, calendar, self.spans
        )

    # What a result means.

    def result(self, now):
        """A result of this cycle exists from now on; by app and page it is told at once."""
        self.has_result, self.told_at, self.tries = True, None, []
        self.mail_on_its_way = self.way in ("app", "mail")
        if self.way in ("app", "page"):
            self.tell(now)
        self.stand(now)

    def tell(self, now, reached=True):
        self.told_at = self.told_at or now
        if reached:
            self.responded_at = self.responded_at or now

    def new_cycle(self):
        self.cycle += 1
        self.has_result, self.told_at, self.closed_at, self.tries, self.mail_on_its_way = False, None, None, [], False


# Permission and legality.


def may(case, action, person):
    """Whether this person may ever take the action on this case."""
    if person == "link" or (person in RESIDENTS and person == case.reporter):
        return action in BY_REPORTER
    if action in ("withdraw", "urge", "rate") or person in (*RESIDENTS, "stranger", "outsider"):
        return False
    if action in IN_CHARGE:
        return person in DESK or person == case.handler
    if action == "tell":
        return person in HANDLERS
    if action in ("add", "note"):
        return person in NOTE_TAKERS
    return person in DESK


def legal(case, action):
    if case.state == "merged" and action in ("tell", "rate", "callback"):
        return True
    return case.state in LEGAL[action]


def expected(case, action, person, now, *, handler="", other=None):
    """OK, or the name of the error that the action must raise."""
    if action == "me_too":
        return _joining(case, person)
    claims = action == "assign" and not case.handler and handler == person and person in HANDLERS
    if not (claims or may(case, action, person)):
        return FORBIDDEN
    if not legal(case, action):
        return CONFLICT
    check = CHECKS.get(action)
    return check(case, person, now, handler, other) if check else OK


def _joining(case, person):
    if person not in RESIDENTS or case.confidential:
        return FORBIDDEN
    return CONFLICT if person == case.reporter or not case.is_open or person in case.followers else OK


def _assign(case, person, now, handler, other):
    if handler not in HANDLERS:
        return INVALID
    return CONFLICT if handler == case.handler else OK


def _contact(case, person, now, handler, other):
    return CONFLICT if case.confidential else OK


def _tell(case, person, now, handler, other):
    return OK if case.has_result and not case.confidential else CONFLICT


def _close(case, person, now, handler, other):
    return OK if case.told_at else CONFLICT


def _reopen(case, person, now, handler, other):
    ended = case.closed_at or case.told_at
    return CONFLICT if ended and now > ended + REOPEN_WITHIN else OK


def _merge(case, person, now, handler, other):
    if other is case:
        return INVALID
    return OK if other.is_open and not case.children else CONFLICT


def _urge(case, person, now, handler, other):
    return CONFLICT if now.astimezone(SHANGHAI).date() in case.urged else OK


def _rate(case, person, now, handler, other):
    return OK if case.has_result and case.cycle not in case.rated else CONFLICT


def _callback(case, person, now, handler, other):
    if not case.has_result:
        return CONFLICT
    by_reporter = person == "link" or person in RESIDENTS
    if not by_reporter and (person in case.everybody_who_worked() or case.confidential):
        return FORBIDDEN
    return CONFLICT if case.cycle in case.asked else OK


CHECKS = {
    "assign": _assign,
    "contact": _contact,
    "tell": _tell,
    "close": _close,
    "reopen": _reopen,
    "merge": _merge,
    "urge": _urge,
    "rate": _rate,
    "callback": _callback,
}


# What a legal action changes.


def apply(case, action, person, now, *, handler="", other=None, reached=True, urgency=""):
    before = case.state
    if action in ("contact", "start", "wait", "resume", "resolve", "tell", "refer", "decline"):
        case.workers.add(person)
    case.state = LEGAL[action].get(before, before)
    effect = EFFECTS.get(action)
    if effect:
        effect(case, now, person=person, handler=handler, other=other, reached=reached, before=before, urgency=urgency)


def _assigned(case, now, *, handler, **_):
    case.handler = handler
    case.workers.add(handler)


def _contacted(case, now, *, reached, **_):
    if reached:
        case.responded_at = case.responded_at or now


def _waits(case, now, **_):
    case.stand(now)


def _resumes(case, now, **_):
    case.run(now)


def _result(case, now, *, person, **_):
    case.result(now)
    for child in case.children:
        if child.has_result:
            child.cycle += 1
        child.result(now)
        child.shared_stands = True
        child.workers.add(person)


def _ended(case, now, *, person, **_):
    _result(case, now, person=person)
    case.closed_at = now


def _told(case, now, *, reached, **_):
    if reached:
        case.tell(now)
        return
    if not case.tries or now - case.tries[-1] >= GAP:
        case.tries.append(now)
    if len(case.tries) >= TRIES:
        case.tell(now, reached=False)


def _closed(case, now, **_):
    case.closed_at = now


def _reopened(case, now, **_):
    case.new_cycle()
    case.run(now)
    for child in case.children:
        if child.shared_stands:
            child.run(now)
            child.shared_stands = False


def _withdrawn(case, now, **_):
    case.closed_at = now
    case.stand(now)
    for child in list(case.children):
        _unmerged(child, now)


def _merged(case, now, *, other, before, **_):
    case.previous, case.parent = before, other
    case.former_parents.append(other)
    other.children.append(case)


def _unmerged(case, now, **_):
    case.parent.children.remove(case)
    case.parent, case.state, case.shared_stands = None, case.previous, False
    if case.has_result:
        case.new_cycle()
    if case.previous == "waiting":
        case.stand(now)
    else:
        case.run(now)


def _reclassified(case, now, *, urgency, **_):
    case.urgency = urgency


def _urged(case, now, **_):
    case.urged.add(now.astimezone(SHANGHAI).date())


def _rated(case, now, **_):
    case.rated.add(case.cycle)


def _joined(case, now, *, person, **_):
    case.followers.add(person)


def _asked(case, now, **_):
    case.asked.add(case.cycle)


EFFECTS = {
    "assign": _assigned,
    "contact": _contacted,
    "wait": _waits,
    "resume": _resumes,
    "resolve": _result,
    "refer": _ended,
    "decline": _ended,
    "tell": _told,
    "close": _closed,
    "reopen": _reopened,
    "withdraw": _withdrawn,
    "merge": _merged,
    "unmerge": _unmerged,
    "reclassify": _reclassified,
    "urge": _urged,
    "rate": _rated,
    "callback": _asked,
    "me_too": _joined,
}
