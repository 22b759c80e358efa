"""What is legal and who may, written down from the rules of the domain and not from the code: the reference of the tests."""

from datetime import timedelta

from linsheng.feedback import actions
from linsheng.feedback.actor import actor_for
from linsheng.feedback.tests.factories import STAFF

OPEN = ("received", "assigned", "in_progress", "waiting")
TOLD = ("resolved", "closed", "referred", "declined")
ALL = (*OPEN, *TOLD, "withdrawn", "merged")


def same(*states):
    return {state: state for state in states}


def leads(to, *states):
    return dict.fromkeys(states, to)


# action → {state in which it is legal: state afterwards}. Everything that is missing is illegal.
LEGAL = {
    "assign": {"received": "assigned", **same("assigned", "in_progress", "waiting")},
    "contact": same(*OPEN),
    "start": {"assigned": "in_progress"},
    "wait": {"in_progress": "waiting"},
    "resume": {"waiting": "in_progress"},
    "resolve": {"in_progress": "resolved"},
    "tell": same(*TOLD),
    "close": {"resolved": "closed"},
    "reopen": leads("in_progress", "resolved", "closed"),
    "refer": leads("referred", *OPEN),
    "decline": leads("declined", *OPEN),
    "withdraw": leads("withdrawn", *OPEN),
    "merge": leads("merged", *OPEN),
    "unmerge": {"merged": "received"},
    "reclassify": same(*OPEN),
    "urge": same(*OPEN),
    "me_too": same(*OPEN),
    "rate": same(*TOLD),
    "callback": same(*TOLD),
    "add": same(*ALL),
    "note": same(*ALL),
}

DESK = {"frontdesk", "colleague", "supervisor", "manager"}
# The cast's handler is in charge of the case; the cleaner handles other things in the same community.
WORKS = DESK | {"handler"}
ANYBODY_WORKING = WORKS | {"cleaner"}
MAY = {
    "assign": DESK,
    "contact": WORKS,
    "start": WORKS,
    "wait": WORKS,
    "resume": WORKS,
    "resolve": WORKS,
    "tell": ANYBODY_WORKING,
    "close": DESK,
    "reopen": DESK | {"owner"},
    "refer": DESK,
    "decline": DESK,
    "withdraw": {"owner"},
    "merge": DESK,
    "unmerge": DESK,
    "reclassify": DESK,
    "urge": {"owner"},
    "me_too": {"neighbour"},
    "rate": {"owner"},
    # Independent of the case: the handler worked on it, and handlers do not ask back at all.
    "callback": DESK | {"owner"},
    "add": ANYBODY_WORKING | {"owner", "director"},
    "note": ANYBODY_WORKING | {"director"},
}
EVERYBODY = (
    "owner", "neighbour", "frontdesk", "colleague", "handler", "cleaner", "supervisor", "manager", "director", "auditor",
    "administrator", "outsider", "stranger",
)  # fmt: skip


def do(action, cast, case, person, now, other=None, by=None):
    """Let ``person`` take ``action`` with sensible values; ``other`` is what it is merged into; ``by`` overrides who it is."""
    user = cast.people[person] if person else None
    by = by or (actor_for(user, case) if person in {"owner", "neighbour", "stranger"} else STAFF(user))
    again = cast.supervisor if case.handler_id == cast.handler.pk else cast.handler
    values = {
        "assign": {"handler": again},
        "contact": {"text": "已电话联系"},
        "wait": {"waiting_for": "parts", "reason": "等配件", "until": now + timedelta(days=2)},
        "resolve": {"text": "已处理好"},
        "tell": {"note": "已告知"},
        "reopen": {"reason": "还没有好"},
        "refer": {"reason": "转给有关单位"},
        "decline": {"reason": "不在服务范围"},
        "merge": {"into": other},
        "reclassify": {"urgency": "urgent" if case.urgency != "urgent" else "normal"},
        "rate": {"stars": 4},
        "callback": {"contacted": True, "solved": True, "satisfied": "basically"},
        "add": {"text": "补充一句"},
        "note": {"text": "内部说明"},
    }.get(action, {})
    if action == "me_too":
        return actions.join_case(case=case, by=user, now=now)
    return FUNCTIONS[action](case=case, by=by, now=now, **values)


FUNCTIONS = {
    "assign": actions.assign_case,
    "contact": actions.contact_reporter,
    "start": actions.start_case,
    "wait": actions.wait_case,
    "resume": actions.resume_case,
    "resolve": actions.resolve_case,
    "tell": actions.tell_result,
    "close": actions.close_case,
    "reopen": actions.reopen_case,
    "refer": actions.refer_case,
    "decline": actions.decline_case,
    "withdraw": actions.withdraw_case,
    "merge": actions.merge_case,
    "unmerge": actions.unmerge_case,
    "reclassify": actions.reclassify_case,
    "urge": actions.urge_case,
    "rate": actions.rate_case,
    "callback": actions.record_callback,
    "add": actions.add_words,
    "note": actions.add_note,
}

__all__ = ["ALL", "EVERYBODY", "FUNCTIONS", "LEGAL", "MAY", "OPEN", "TOLD", "do"]
