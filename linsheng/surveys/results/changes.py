"""What changed since the last comparable wave: every item asked in the same words; buildings beyond falling back to the mean."""

from typing import Final

import numpy as np

from linsheng.statistics.checks import Floats
from linsheng.statistics.regression_to_mean import BeyondRegression, beyond_regression
from linsheng.statistics.strata import domain_means
from linsheng.surveys.analysis import Change
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.changing import changes, judged
from linsheng.surveys.analysis.estimating import grouping, known_variance
from linsheng.surveys.analysis.results import IMPROVED, NO_EVIDENCE, WORSE
from linsheng.surveys.models import QuestionType
from linsheng.surveys.results.pairs import paired_changes
from linsheng.surveys.results.samples import FIVE, TEN, Frame
from linsheng.surveys.results.shapes import BACKGROUND, BUILDING, OVERALL, Asked, Comparison, GroupChange, WaveResult

FEWEST_GROUPS: Final = 3
SCALES: Final = ((FIVE, QuestionType.SCALE), (TEN, QuestionType.TEN))


def comparison_of(now: Frame, before: Frame, asked: list[Asked], mine: WaveResult, was: WaveResult) -> Comparison | None:
    """`mine` and `was`: what is shown of this wave and of the one before. None where no question is the same."""
    found: dict[str, Change] = {}
    paired = False
    groups: tuple[GroupChange, ...] = ()
    for scale, kind in SCALES:
        same = [each for each in asked if each.kind == kind and each.role != BACKGROUND and each.key in was.by_key]
        if not same:
            continue
        keys = [each.key for each in same]
        ours, theirs = now.sample(keys, scale), before.sample(keys, scale)
        by_home = paired_changes(ours, theirs, mine, was)
        found |= dict(changes(ours, theirs)) | by_home
        paired = paired or bool(by_home)
        overall = next((each.key for each in same if each.role == OVERALL), None)
        if overall is not None:
            groups = _groups(ours, theirs, overall, (mine, was))
    return _comparison(now, before, was, found, groups=groups, paired=paired) if found else None


def _comparison(
    now: Frame, before: Frame, was: WaveResult, found: dict[str, Change], *, groups: tuple[GroupChange, ...], paired: bool
) -> Comparison | None:
    wave = before.closed.wave
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


def _groups(ours: Sample, theirs: Sample, key: str, shown: tuple[WaveResult, WaveResult]) -> tuple[GroupChange, ...]:
    """Buildings that are shown in both waves, the largest change beyond expectation first."""
    tables = [result.table(BUILDING) for result in shown]
    now, before = _by_building(ours, key), _by_building(theirs, key)
    labels = [label for label in now if label in before and all(table and table.cell(label, key) for table in tables)]
    pairs = [(now[label], before[label]) for label in labels]
    figures = np.array([[*here, *there] for here, there in pairs], dtype=np.float64).reshape(-1, 4)
    known = ~np.isnan(figures).any(1)
    if known.sum() < FEWEST_GROUPS:
        return ()
    labels = [labels[place] for place in np.flatnonzero(known)]
    after, after_error, first, first_error = figures[known].T
    judged_by = beyond_regression(first, first_error, after, after_error, confidence=ours.spec.confidence)
    rows = [_group(label, place, (first, after), judged_by, most=1 - ours.spec.confidence) for place, label in enumerate(labels)]
    return tuple(sorted(rows, key=lambda row: -row.beyond))


def _by_building(sample: Sample, key: str) -> dict[str, tuple[float, float]]:
    """Mean and standard error of each building, as if its homes were a few of very many."""
    if BUILDING not in sample.spec.by:
        return {}
    groups, scores = grouping(sample, BUILDING), np.arange(sample.spec.levels, dtype=np.float64)
    size = len(groups.levels)
    means = domain_means(sample.answered(key), scores, sample.uncorrected, sample.stratum, groups.codes, size)
    errors = np.sqrt(known_variance(means, groups.freedom))
    points = (means.mean + sample.spec.scale[0]).tolist()
    return dict(zip(groups.levels, zip(points, errors.tolist(), strict=True), strict=True))


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
