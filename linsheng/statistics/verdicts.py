"""What may be said of figures, as words of a list; without arrays, so that pages can name them at no cost."""

from enum import StrEnum


class Verdict(StrEnum):
    """What two shares allow to be said about a change."""

    IMPROVED = "improved"
    WORSE = "worse"
    NO_EVIDENCE = "no_evidence"


class Reason(StrEnum):
    """Why a point of a control chart is more than noise."""

    ABOVE_LIMIT = "above_limit"
    BELOW_LIMIT = "below_limit"
    RUN_ABOVE = "run_above"
    RUN_BELOW = "run_below"
