"""Everything that changes questionnaires, waves, ballots and answers."""

from linsheng.surveys.actions.answering import Gone, cast_answer, find_ballot, must_be_usable
from linsheng.surveys.actions.closing import close_wave
from linsheng.surveys.actions.defaults import install_defaults
from linsheng.surveys.actions.entry import Difference, check_answer, drop_entry, enter_answer
from linsheng.surveys.actions.exporting import ExportFile, export_wave
from linsheng.surveys.actions.printing import print_letters
from linsheng.surveys.actions.publishing import Answered, Choice, publish_wave, save_publication, withdraw_publication
from linsheng.surveys.actions.questionnaires import (
    Wording,
    change_intro,
    draft_next,
    make_questionnaire,
    move,
    remove_block,
    remove_question,
    save_block,
    save_question,
)
from linsheng.surveys.actions.results import keep_result, request_result, result_now
from linsheng.surveys.actions.waves import Plan, change_wave, make_wave, open_wave, remind_wave, replace_letter

__all__ = [
    "Answered",
    "Choice",
    "Difference",
    "ExportFile",
    "Gone",
    "Plan",
    "Wording",
    "cast_answer",
    "change_intro",
    "change_wave",
    "check_answer",
    "close_wave",
    "draft_next",
    "drop_entry",
    "enter_answer",
    "export_wave",
    "find_ballot",
    "install_defaults",
    "keep_result",
    "make_questionnaire",
    "make_wave",
    "move",
    "must_be_usable",
    "open_wave",
    "print_letters",
    "publish_wave",
    "remind_wave",
    "remove_block",
    "remove_question",
    "replace_letter",
    "request_result",
    "result_now",
    "save_block",
    "save_publication",
    "save_question",
    "withdraw_publication",
]
