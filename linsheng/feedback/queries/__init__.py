"""Reads of cases: who sees which, the workboard, one case's page, likely duplicates."""

from linsheng.feedback.queries.board import BoardFilter, board, ended_list
from linsheng.feedback.queries.counts import board_counts
from linsheng.feedback.queries.duplicates import likely_duplicates, similar_reports
from linsheng.feedback.queries.neighbours import case_to_join
from linsheng.feedback.queries.page import is_own, legal_actions, story_for, story_of, works_there
from linsheng.feedback.queries.scope import may_see_all, own_cases, visible_case, visible_to

__all__ = [
    "BoardFilter",
    "board",
    "board_counts",
    "case_to_join",
    "ended_list",
    "is_own",
    "legal_actions",
    "likely_duplicates",
    "may_see_all",
    "own_cases",
    "similar_reports",
    "story_for",
    "story_of",
    "visible_case",
    "visible_to",
    "works_there",
]
