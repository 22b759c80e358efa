"""What changed since the last comparable wave: every item asked in the same words; buildings beyond falling back to the mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from linsheng.statistics.checks import Floats
from linsheng.statistics.regression_to_mean import BeyondRegression, beyond_regression
from linsheng.surveys.analysis import Change
from linsheng.surveys.analysis.changing import judged
from linsheng.surveys.analysis.results import IMPROVED, NO_EVIDENCE, WORSE
from linsheng.surveys.models import QuestionType, Wave
from linsheng.surveys.queries.closed import closed_wave
from linsheng.surveys.results.footing import change_between, footing_of, footings_of
from linsheng.surveys.results.pairs import paired_changes
from linsheng.surveys.results.samples import FIVE, TEN, Frame, frame_of
from linsheng.surveys.results.shapes import (
    BACKGROUND,
    BUILDING,
    OVERALL,
    Asked,
    Comparison,
    Footing,
    GroupChange,
    WaveResult,
)

FEWEST_GROUPS: Final = 3
SCALES: Final = ((FIVE, QuestionType.SCALE), (TEN, QuestionType.TEN))
# Results of this format hold what a later wave is compared with; those before it were reckoned of answers that still tell it.
WITH_FOOTINGS: Final = 2


@dataclass(frozen=True)
class Earlier:
    """The wave before: what is shown of it, and its answers where those are needed and tell it."""

    wave: Wave
    result: WaveResult
    frame: Frame | None

    @classmethod
    def of(cls, wave: Wave, result: WaveResult) -> "Earlier":
        needed = not wave.anonymous or result.format < WITH_FOOTINGS
        return cls(wave, result, frame_of(closed_wave(wave)) if needed else None)

    def footing(self, key: str, scale: tuple[int, int]) -> Footing | None:
        if self.result.format >= WITH_FOOTINGS or self.frame is None:
            return self.result.by_key[key].footing
        return footing_of(self.frame.sample([key], scale), key)

    def footings(self, key: str, scale: tuple[int, int]) -> Mapping[str, Footing]:
        if self.result.format >= WITH_FOOTINGS or self.frame is None:
            return self.result.by_key[key].footings
        return footings_of(self.frame.sample([key], scale), key)


def comparison_of(now: Frame, before: Earlier, asked: list[Asked], mine: WaveResult) -> Comparison | None:
    """`mine`: what is shown of this wave. None where no question is the same."""
    found: dict[str, Change] = {}
    paired = False
    groups: tuple[GroupChange, ...] = ()
    for scale, kind in SCALES:
        same = [each for each in asked if each.kind == kind and each.role != BACKGROUND and each.key in before.result.by_key]
        if not same:
            continue
        keys = [each.key for each in same]
        by_home = _paired(now, before, keys, scale, mine)
        for key in keys:
            found[key] = change_between(mine.by_key[key].footing, before.footing(key, scale), mine.confidence)
        found |= by_home
        paired = paired or bool(by_home)
        overall = next((each.key for each in same if each.role == OVERALL), None)
        if overall is not None:
            groups = _groups(mine, before, overall, scale)
    return _comparison(now, before, found, groups=groups, paired=paired) if found else None


def _paired(now: Frame, before: Earlier, keys: list[str], scale: tuple[int, int], mine: WaveResult) -> dict[str, Change]:
    if before.frame is None or now.closed.wave.anonymous:
        return {}
    return paired_changes(now.sample(keys, scale), before.frame.sample(keys, scale), mine, before.result)


def _comparison(
    now: Frame, before: Earlier, found: dict[str, Change], *, groups: tuple[GroupChange, ...], paired: bool
) -> Comparison | None:
    wave, was = before.wave, before.result
    if wave.closed_at is None:
        return None
    return Comparison(
        wave=wave.pk,
        title=wave.title,
        title_en=wave.title_en,
        closed_on=wave.closed_at.date(),
        answered=was.answers,
        paired=paired,
        mode_changed=wave.mode != now.closed.wave.mode,
        items=judged(found, was.confidence),
        groups=groups,
    )


def _groups(mine: WaveResult, earlier: Earlier, key: str, scale: tuple[int, int]) -> tuple[GroupChange, ...]:
    """Buildings that are shown in both waves, the largest change beyond expectation first."""
    tables = [result.table(BUILDING) for result in (mine, earlier.result)]
    now, before = mine.by_key[key].footings, earlier.footings(key, scale)
    labels = [label for label in now if label in before and all(table and table.cell(label, key) for table in tables)]
    labels = [label for label in labels if _is_known(now[label]) and _is_known(before[label])]
    if len(labels) < FEWEST_GROUPS:
        return ()
    pairs = [(now[label].mean, now[label].se, before[label].mean, before[label].se) for label in labels]
    after, after_error, first, first_error = np.array(pairs, dtype=np.float64).T
    judged_by = beyond_regression(first, first_error, after, after_error, confidence=mine.confidence)
    rows = [_group(label, place, (first, after), judged_by, most=1 - mine.confidence) for place, label in enumerate(labels)]
    return tuple(sorted(rows, key=lambda row: -row.beyond))


def _is_known(footing: Footing) -> bool:
    return footing.mean is not None and footing.se is not None


def _group(label: str, place: int, means: tuple[Floats, Floats], found: BeyondRegression, *, most: float) -> GroupChange:
    beyond, p = float(found.beyond[place]), float(found.p_adjusted[place])
    verdict = NO_EVIDENCE if not p <= most or beyond == 0 else (IMPROVED if beyond > 0 else WORSE)
    return GroupChange(
        level=label,
        label=label,
        before=float(means[0][place]),
        now=float(means[1][place]),
        change=float(found.change[place]),
        expected=float(found.expected[place]),
        beyond=beyond,
        se=float(found.standard_errors[place]),
        p_adjusted=None if np.isnan(p) else p,
        verdict=verdict,
    )
