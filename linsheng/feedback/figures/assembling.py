"""From counts to figures: each share with its interval, each hidden where a group has too few answers."""

from dataclasses import replace

import numpy as np

from linsheng.feedback.figures.shapes import ENOUGH, Callbacks, Comparison, Figures, Index, MedianTime, Ratings, Share
from linsheng.feedback.figures.tallies import Tally
from linsheng.feedback.models import Callback, FeedbackSettings
from linsheng.statistics.means import rating_summary
from linsheng.statistics.proportions import ShareInterval, changed, wilson_interval
from linsheng.statistics.rates import composite_index

STARS = np.arange(1, 6)
UNKNOWN = Share(0, 0, None, 0.0, 1.0, hidden=True)


def figures_of(tally: Tally, rules: FeedbackSettings, times: tuple[MedianTime, MedianTime] | None = None) -> Figures:
    """The figures of one group, or of the whole."""
    handler, resident = times or (None, None)
    return Figures(
        received=tally.received,
        handled=tally.handled,
        open_at_end=tally.open_at_end,
        urges=tally.urges,
        urged_cases=tally.urged_cases,
        answered_in_time=share(tally.answered_in_time, tally.answer_due),
        resolved_in_time=share(tally.resolved_in_time, tally.result_due),
        reopened=share(tally.superseded, tally.results),
        told=share(tally.told, tally.results),
        ratings=_ratings(tally),
        callbacks=_callbacks(tally, rules),
        handler_minutes=handler,
        resident_minutes=resident,
    )


def share(count: float, n: float) -> Share:
    """``count`` of ``n`` with its interval."""
    return _share(wilson_interval(count, n))


def _share(interval: ShareInterval) -> Share:
    return Share(interval.successes, interval.n, interval.share, interval.low, interval.high)


def _ratings(tally: Tally) -> Ratings:
    counts = [tally.stars[star] for star in range(1, 6)]
    found = rating_summary(np.repeat(STARS, counts))
    return Ratings(
        n=found.mean.n,
        mean=found.mean.mean,
        low=found.mean.low,
        high=found.mean.high,
        satisfied=_share(found.satisfied),
        index=found.index,
        distribution=found.counts,
    )


def _satisfied(tally: Tally, basically: float) -> ShareInterval:
    answers = tally.satisfied
    kinds = Callback.Satisfied
    weighted = answers[kinds.SATISFIED] + round(basically * answers[kinds.BASICALLY], 6)
    return wilson_interval(min(weighted, answers.total()), answers.total())


def _callbacks(tally: Tally, rules: FeedbackSettings) -> Callbacks:
    valid = tally.satisfied.total()
    basically = float(rules.basically_weight)
    rates = wilson_interval(tally.contacted, valid), wilson_interval(tally.solved, valid), _satisfied(tally, basically)
    kinds = Callback.Satisfied
    return Callbacks(
        valid=valid,
        non_response=tally.non_response,
        excluded=tally.excluded,
        no_word=tally.no_word,
        contacted=_share(rates[0]),
        solved=_share(rates[1]),
        satisfied=_share(rates[2]),
        satisfied_fully=tally.satisfied[kinds.SATISFIED],
        satisfied_basically=tally.satisfied[kinds.BASICALLY],
        dissatisfied=tally.satisfied[kinds.NOT],
        index=_index(rates, rules, basically),
        methods={method: tally.methods[method] for method in Callback.Method.values},
    )


def _index(rates: tuple[ShareInterval, ShareInterval, ShareInterval], rules: FeedbackSettings, basically: float) -> Index:
    weights = float(rules.weight_contacted), float(rules.weight_solved), float(rules.weight_satisfied)
    if sum(weights) <= 0:
        return Index(None, 0.0, 100.0, weights, basically)
    found = composite_index(rates, weights)
    return Index(found.value, found.low, found.high, weights, basically)


def without_small(figures: Figures) -> Figures:
    """The same with the ratings and callbacks of too few people reduced to their number."""
    ratings, callbacks = figures.ratings, figures.callbacks
    if ratings.n < ENOUGH:
        ratings = Ratings(ratings.n, None, None, None, UNKNOWN, None, (0, 0, 0, 0, 0), hidden=True)
    if callbacks.valid < ENOUGH:
        callbacks = _hidden_callbacks(callbacks)
    return replace(figures, ratings=ratings, callbacks=callbacks)


def _hidden_callbacks(callbacks: Callbacks) -> Callbacks:
    nothing = replace(callbacks.index, value=None, low=0.0, high=100.0)
    return replace(
        callbacks,
        contacted=UNKNOWN,
        solved=UNKNOWN,
        satisfied=UNKNOWN,
        satisfied_fully=0,
        satisfied_basically=0,
        dissatisfied=0,
        index=nothing,
        hidden=True,
    )


def comparisons(now: Figures, before: Figures) -> tuple[Comparison, ...]:
    """The shares that both months know, each against the month before."""
    pairs = {
        "satisfied": (now.ratings.satisfied, before.ratings.satisfied),
        "contacted": (now.callbacks.contacted, before.callbacks.contacted),
        "solved": (now.callbacks.solved, before.callbacks.solved),
        "callback_satisfied": (now.callbacks.satisfied, before.callbacks.satisfied),
        "answered_in_time": (now.answered_in_time, before.answered_in_time),
        "resolved_in_time": (now.resolved_in_time, before.resolved_in_time),
    }
    return tuple(compared(name, *pair) for name, pair in pairs.items())


def compared(name: str, now: Share, before: Share) -> Comparison:
    """One share against another; more is better."""
    found = changed(before=(before.count, before.n), after=(now.count, now.n))
    difference = found.difference
    return Comparison(name, now, before, difference.difference, difference.low, difference.high, str(found.verdict))
