"""What the ways in keep: each way has its own module."""

from linsheng.intake.models.asking import AskingSkipped
from linsheng.intake.models.calls import Call, CallNumber, CallNumberPart, CallSeen, Exchange, Line, PhoneDuty
from linsheng.intake.models.mail import Correspondent, Mail, Mailbox, Outcome, Reason
from linsheng.intake.models.paper import Slip, SlipBatch
from linsheng.intake.models.places import Place, PublicReport
from linsheng.intake.models.triage import ProposalChoice, TriageModel

__all__ = [
    "AskingSkipped",
    "Call",
    "CallNumber",
    "CallNumberPart",
    "CallSeen",
    "Correspondent",
    "Exchange",
    "Line",
    "Mail",
    "Mailbox",
    "Outcome",
    "PhoneDuty",
    "Place",
    "ProposalChoice",
    "PublicReport",
    "Reason",
    "Slip",
    "SlipBatch",
    "TriageModel",
]
