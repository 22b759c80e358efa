"""One action on many cases, for the desk: each stands or falls by itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.core.errors import DomainError, Invalid
from linsheng.feedback.models import Case

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Refusal:
    """One case on which the action was refused: ``sentence`` says why, ``status`` is the error's HTTP status."""

    case: Case
    sentence: str
    status: int


@dataclass(frozen=True)
class BulkOutcome:
    """What became of each case: those done (as they now are) and those refused, in the order given."""

    done: list[Case] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One sentence for the person who pressed the button."""
        if not self.refused:
            return _("%(done)s 件已完成。") % {"done": len(self.done)}
        counts = {"done": len(self.done), "refused": len(self.refused)}
        return _("%(done)s 件已完成，%(refused)s 件未办理，请看各自的原因。") % counts


def apply_to_all(cases: Iterable[Case], function: Callable[[Case], object]) -> BulkOutcome:
    """Call ``function(case)`` — one action — on each case, each in its own transaction.

    ``lambda case: assign_case(case=case, handler=handler, by=by, now=now)``. What the rules refuse is noted and the rest goes on.
    Raises ``Invalid`` for more than ``MOST_AT_ONCE`` cases, before any is touched.
    """
    chosen = list(dict.fromkeys(cases))
    if len(chosen) > MOST_AT_ONCE:
        sentence = _("一次最多处理 %(n)s 件，请分批办理。") % {"n": MOST_AT_ONCE}
        raise Invalid(sentence, fields={"cases": sentence})
    outcome = BulkOutcome()
    for case in chosen:
        _apply(case, function, outcome)
    return outcome


def _apply(case: Case, function: Callable[[Case], object], outcome: BulkOutcome) -> None:
    try:
        with transaction.atomic():
            changed = function(case)
    except DomainError as error:
        outcome.refused.append(Refusal(case, str(error.message), error.status))
    else:
        outcome.done.append(changed if isinstance(changed, Case) else case)
