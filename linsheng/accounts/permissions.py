"""What can be done, and which role may do it. Where a role holds is said by a post (``communities``)."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    FRONTDESK = "frontdesk", _("客服")
    HANDLER = "handler", _("处理人")
    SUPERVISOR = "supervisor", _("主管")
    MANAGER = "manager", _("项目经理")
    DIRECTOR = "director", _("公司品质负责人")
    AUDITOR = "auditor", _("审计 / 业委会")
    ADMINISTRATOR = "administrator", _("管理员")


class Permission(StrEnum):
    """One thing a person may be allowed to do in a community or a company."""

    SEE_WORKBOARD = "see_workboard"  # the staff side at all, and one's own cases
    SEE_ALL_CASES = "see_all_cases"  # every case of the community, not only one's own
    SEE_PERSONAL_DATA = "see_personal_data"  # names and numbers of residents
    REPORT_CALLS = "report_calls"  # by token: a telephone exchange that cannot sign
    RECEIVE_CASE = "receive_case"  # log what somebody brought up
    ASSIGN_CASE = "assign_case"
    HANDLE_CASE = "handle_case"  # contact, start, wait, resume, resolve
    TELL_RESULT = "tell_result"
    CLOSE_CASE = "close_case"
    END_CASE = "end_case"  # refer, decline
    MERGE_CASE = "merge_case"
    REOPEN_CASE = "reopen_case"
    RECLASSIFY_CASE = "reclassify_case"  # item, urgency, kind
    ASK_BACK = "ask_back"  # callbacks, if independent of the case
    NOTE_CASE = "note_case"
    ACKNOWLEDGE_ESCALATION = "acknowledge_escalation"
    SEE_FIGURES = "see_figures"
    EXPORT = "export"
    SEE_ROSTER = "see_roster"
    EDIT_ROSTER = "edit_roster"
    EDIT_STANDARDS = "edit_standards"  # service items, promises, calendars
    EDIT_PEOPLE = "edit_people"  # staff, posts
    EDIT_SETTINGS = "edit_settings"
    SEE_AUDIT = "see_audit"
    ANSWER_DATA_REQUESTS = "answer_data_requests"
    EDIT_QUESTIONNAIRES = "edit_questionnaires"
    RUN_SURVEYS = "run_surveys"  # make, open, remind, close; letters
    ENTER_ANSWERS = "enter_answers"  # key in paper forms and telephone interviews


_P = Permission
_WORK = {_P.SEE_WORKBOARD, _P.NOTE_CASE, _P.HANDLE_CASE, _P.TELL_RESULT, _P.SEE_PERSONAL_DATA}
_DESK = {_P.SEE_ALL_CASES, _P.RECEIVE_CASE, _P.ASSIGN_CASE, _P.CLOSE_CASE, _P.END_CASE, _P.MERGE_CASE, _P.REOPEN_CASE}
_DESK |= {_P.RECLASSIFY_CASE, _P.ASK_BACK, _P.SEE_ROSTER, _P.EDIT_ROSTER}
_LEAD = {_P.ACKNOWLEDGE_ESCALATION, _P.SEE_FIGURES, _P.EXPORT}
_SURVEYS = {_P.EDIT_QUESTIONNAIRES, _P.RUN_SURVEYS}
_OVERSIGHT = {_P.SEE_WORKBOARD, _P.SEE_ALL_CASES, _P.SEE_FIGURES, _P.EXPORT}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.HANDLER: frozenset(_WORK),
    Role.FRONTDESK: frozenset(_WORK | _DESK | {_P.ENTER_ANSWERS}),
    Role.SUPERVISOR: frozenset(_WORK | _DESK | _LEAD | {_P.ENTER_ANSWERS}),
    Role.MANAGER: frozenset(
        _WORK | _DESK | _LEAD | _SURVEYS | {_P.ENTER_ANSWERS, _P.EDIT_SETTINGS, _P.ANSWER_DATA_REQUESTS, _P.SEE_AUDIT}
    ),
    Role.DIRECTOR: frozenset(
        _OVERSIGHT
        | _SURVEYS
        | {_P.SEE_PERSONAL_DATA, _P.ACKNOWLEDGE_ESCALATION, _P.SEE_ROSTER, _P.EDIT_STANDARDS, _P.SEE_AUDIT, _P.NOTE_CASE}
    ),
    Role.AUDITOR: frozenset(_OVERSIGHT | {_P.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset(
        _SURVEYS
        | {
            _P.SEE_WORKBOARD,
            _P.SEE_ROSTER,
            _P.EDIT_ROSTER,
            _P.SEE_PERSONAL_DATA,
            _P.EDIT_STANDARDS,
            _P.EDIT_PEOPLE,
            _P.EDIT_SETTINGS,
            _P.REPORT_CALLS,
            _P.SEE_AUDIT,
            _P.ANSWER_DATA_REQUESTS,
        }
    ),
}
