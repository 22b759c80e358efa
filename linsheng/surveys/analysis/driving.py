"""Which items carry the judgement that the spec names (see `statistics.drivers`).

Only people who answered everything enter. An item that fewer than six in ten of those with a judgement answered (a gated one) would
throw most of the others out, so it is left out and has no figures; and of the rest, the most answered first, as many enter as leave
ten complete answers for each. They are not picked by how well they explain: that would make R² and ranks better than they are."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from linsheng.statistics.checks import Flags, Floats
from linsheng.statistics.drivers import MOST_DRIVERS, Drivers, key_drivers
from linsheng.surveys.analysis.cells import Sample
from linsheng.surveys.analysis.results import Driver

OFTEN: Final = 0.6
# F. E. Harrell (2015), Regression Modeling Strategies, 4.4: 10 to 20 answers a predictor.
ANSWERS_EACH: Final = 10


def drivers(sample: Sample, outcome: str) -> Mapping[str, Driver | None]:
    """Return the importance of every other item; None for those that do not enter. Notes of the sample say why, and R²."""
    found: dict[str, Driver | None] = {item: None for item in sample.spec.items if item != outcome}
    entering, result = driven(sample, outcome)
    if result is None:
        return found
    columns = zip(entering, result.lmg, result.johnson, result.rank, result.rank_low, result.rank_high, strict=True)
    return found | {
        item: Driver(float(lmg), float(johnson), int(rank), int(low), int(high)) for item, lmg, johnson, rank, low, high in columns
    }


def driven(sample: Sample, outcome: str) -> tuple[list[str], Drivers | None]:
    """Return the items that enter, and what they explain; None where too few answered the judgement and one item."""
    others = [item for item in sample.spec.items if item != outcome]
    judged = _answered(sample, outcome)
    often = [item for item in others if judged.any() and _answered(sample, item)[judged].mean() >= OFTEN]
    entering = _entering(sample, judged, often)
    result = None
    if entering:
        table = np.column_stack([_floats(sample, item) for item in entering])
        result = key_drivers(_floats(sample, outcome), table, confidence=sample.spec.confidence)
    if result is not None and result.n < sample.spec.min_group:
        result = None
    sample.notes += _notes(outcome, (others, often, entering), result)
    return ([], None) if result is None else (entering, result)


def _entering(sample: Sample, judged: Flags, often: Sequence[str]) -> list[str]:
    """Return as many items, the most answered first, as have ten complete answers each; in the order of the spec."""
    counts = {item: int((_answered(sample, item) & judged).sum()) for item in often}
    ordered = sorted(often, key=lambda item: -counts[item])
    complete, found = judged, 0
    for place, item in enumerate(ordered[:MOST_DRIVERS], start=1):
        complete = complete & _answered(sample, item)
        found = place if complete.sum() >= ANSWERS_EACH * place else found
    return [item for item in often if item in ordered[:found]]


def _notes(outcome: str, sets: tuple[Sequence[str], Sequence[str], Sequence[str]], result: Drivers | None) -> list[str]:
    others, often, entering = sets
    seldom = [item for item in others if item not in often]
    beyond = [item for item in often if item not in entering]
    facts = {"outcome": outcome, "share": f"{OFTEN * 100:g}", "each": ANSWERS_EACH, "most": MOST_DRIVERS}
    found = []
    if seldom:
        words = _("关键因素不含评了“%(outcome)s”的人里不到 %(share)s%% 回答的题：%(names)s。")
        found.append(words % (facts | {"names": _("、").join(seldom)}))
    if beyond and result is not None:
        words = _("关键因素最多 %(most)d 题，每题至少要有 %(each)d 份全答的答卷，所以不含：%(names)s。")
        found.append(words % (facts | {"names": _("、").join(beyond)}))
    if result is None:
        return [*found, _("答卷太少，或者“%(outcome)s”的评分都一样，算不出关键因素。") % facts]
    figures = {"n": result.n, "share": f"{result.r_squared * 100:.1f}", "adjusted": f"{result.adjusted * 100:.1f}"}
    return [*found, _("关键因素根据 %(n)d 份全答的答卷；R² %(share)s%%，按题数调整后 %(adjusted)s%%。") % figures]


def _answered(sample: Sample, item: str) -> Flags:
    return np.asarray(sample.columns.items[item] < sample.spec.levels, dtype=np.bool_)


def _floats(sample: Sample, item: str) -> Floats:
    codes = sample.columns.items[item].astype(np.float64)
    codes[codes >= sample.spec.levels] = np.nan
    return codes
