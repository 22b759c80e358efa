"""Everything that a case is made of."""

from linsheng.feedback.models.case import (
    ENDED,
    FAR,
    OPEN,
    Case,
    CaseNumber,
    CaseState,
    Channel,
    FeedbackSettings,
    Kind,
)
from linsheng.feedback.models.escalation import Escalation, EscalationStep
from linsheng.feedback.models.story import CaseEvent, Photo, Resolution, ResultNotice
from linsheng.feedback.models.voice import Callback, Follower, Rating, Urge

__all__ = [
    "ENDED",
    "FAR",
    "OPEN",
    "Callback",
    "Case",
    "CaseEvent",
    "CaseNumber",
    "CaseState",
    "Channel",
    "Escalation",
    "EscalationStep",
    "FeedbackSettings",
    "Follower",
    "Kind",
    "Photo",
    "Rating",
    "Resolution",
    "ResultNotice",
    "Urge",
]
