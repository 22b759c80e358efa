"""Who answered, as the American Association for Public Opinion Research counts it."""

from typing import Final

from linsheng.communities.models import Home
from linsheng.statistics.response import response_rates
from linsheng.surveys.models import Ballot, BallotState
from linsheng.surveys.queries.closed import ClosedWave
from linsheng.surveys.queries.waves import response_of
from linsheng.surveys.results.shapes import Place, ResponseResult

# AAPOR's usual bounds: from 80 % of the questions an answer is complete, from half of them partial, below that broken off.
COMPLETE, PARTIAL = 0.8, 0.5
MOST_ROUNDING: Final = 1e-9


def response_result(closed: ClosedWave) -> ResponseResult:
    """Homes that are empty as far as is known may not be entitled (UH); all others that did not answer are silent (NC)."""
    wave = closed.wave
    found = response_of(wave)
    asked = found.total.asked
    complete = sum(share >= COMPLETE - MOST_ROUNDING for share in closed.filled)
    partial = sum(PARTIAL - MOST_ROUNDING <= share < COMPLETE - MOST_ROUNDING for share in closed.filled)
    broken_off = len(closed) - complete - partial
    unused = Ballot.objects.filter(wave=wave).exclude(state=BallotState.ANSWERED)
    empty = unused.filter(tenure=Home.Tenure.EMPTY).count()
    silent = asked - len(closed) - empty
    return ResponseResult(
        homes=found.total.homes,
        asked=asked,
        answered=len(closed),
        complete=complete,
        partial=partial,
        broken_off=broken_off,
        silent=silent,
        empty=empty,
        rates=response_rates(
            complete=complete, partial=partial, refused=broken_off, not_reached=max(silent, 0), unknown_home=empty
        ),
        modes=found.modes,
        places=tuple(Place(group.label, group.homes, group.asked, group.answered) for group in found.groups),
    )
