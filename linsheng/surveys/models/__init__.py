"""Questionnaires, waves, ballots and answers. Ballots know homes and no answers; answers know neither ballots nor homes."""

from linsheng.surveys.models.answers import Answer, Comment, KeptResult, PaperEntry, SealedAnswer
from linsheng.surveys.models.publishing import Publication, Reply
from linsheng.surveys.models.questionnaires import Block, Question, Questionnaire, QuestionnaireVersion, QuestionType
from linsheng.surveys.models.waves import Ballot, BallotState, EntryMode, Method, Wave, WaveMode, WaveState, WaveStratum

__all__ = [
    "Answer",
    "Ballot",
    "BallotState",
    "Block",
    "Comment",
    "EntryMode",
    "KeptResult",
    "Method",
    "PaperEntry",
    "Publication",
    "Question",
    "QuestionType",
    "Questionnaire",
    "QuestionnaireVersion",
    "Reply",
    "SealedAnswer",
    "Wave",
    "WaveMode",
    "WaveState",
    "WaveStratum",
]
