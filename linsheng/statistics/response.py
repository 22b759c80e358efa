"""Response rates as the American Association for Public Opinion Research defines them, so that they can be compared with
others'."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResponseRates:
    """RR1 (strictest) to RR6, each 0 to 1; None where its denominator is 0."""

    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None


def response_rates(
    *,
    complete: float,
    partial: float = 0,
    refused: float = 0,
    not_reached: float = 0,
    other: float = 0,
    unknown_home: float = 0,
    unknown_other: float = 0,
    eligible: float = 1.0,
) -> ResponseRates:
    """Return the six response rates.

    Source: AAPOR, Standard Definitions (10th ed., 2023). In its letters: I complete, P partial, R refused, NC not_reached, O other;
    UH unknown_home (not known whether anybody lives there), UO unknown_other; e `eligible`, the share of the unknown taken to be
    eligible. Odd rates count complete answers only, even ones partial too; RR1/2 count all unknown, RR3/4 e of them, RR5/6 none.
    ValueError for negative counts or e outside 0 to 1.
    """
    if min(complete, partial, refused, not_reached, other, unknown_home, unknown_other) < 0:
        raise ValueError("Counts of a response rate must not be negative.")
    if not 0 <= eligible <= 1:
        raise ValueError(f"eligible must lie between 0 and 1, not {eligible}.")
    known = complete + partial + refused + not_reached + other
    unknown = unknown_home + unknown_other
    rates = [
        answered / (known + share * unknown) if known + share * unknown > 0 else None
        for share in (1.0, eligible, 0.0)
        for answered in (complete, complete + partial)
    ]
    return ResponseRates(*rates)
