"""Which item and how urgent, proposed from the text. Only proposed: a person decides."""

from linsheng.intake.triage.proposals import Proposal, Triage, propose, propose_urgency

__all__ = ["Proposal", "Triage", "propose", "propose_urgency"]
