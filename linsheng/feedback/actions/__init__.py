"""Every way in which a case comes to be or changes. Pages, API and clockwork call these, and nothing else writes."""

from linsheng.feedback.actions.again import keep_changed_words
from linsheng.feedback.actions.ending import close_case, decline_case, refer_case, reopen_case, withdraw_case
from linsheng.feedback.actions.escalating import acknowledge_escalation, escalate_case, remind_of_waiting
from linsheng.feedback.actions.matching import match_reporter
from linsheng.feedback.actions.merging import merge_case, unmerge_case
from linsheng.feedback.actions.photos import add_photo
from linsheng.feedback.actions.receiving import Report, receive_case
from linsheng.feedback.actions.settings import change_ladder, change_settings, install_defaults
from linsheng.feedback.actions.telling import mark_delivered, mark_returned, mark_undelivered, tell_result
from linsheng.feedback.actions.voice import join_case, rate_case, record_callback, urge_case
from linsheng.feedback.actions.working import (
    add_note,
    add_words,
    assign_case,
    contact_reporter,
    reclassify_case,
    resolve_case,
    resume_case,
    start_case,
    wait_case,
)

__all__ = [
    "Report",
    "acknowledge_escalation",
    "add_note",
    "add_photo",
    "add_words",
    "assign_case",
    "change_ladder",
    "change_settings",
    "close_case",
    "contact_reporter",
    "decline_case",
    "escalate_case",
    "install_defaults",
    "join_case",
    "keep_changed_words",
    "mark_delivered",
    "mark_returned",
    "mark_undelivered",
    "match_reporter",
    "merge_case",
    "rate_case",
    "receive_case",
    "reclassify_case",
    "record_callback",
    "refer_case",
    "remind_of_waiting",
    "reopen_case",
    "resolve_case",
    "resume_case",
    "start_case",
    "tell_result",
    "unmerge_case",
    "urge_case",
    "wait_case",
    "withdraw_case",
]
