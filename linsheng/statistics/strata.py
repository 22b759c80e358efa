"""Means and shares of a stratified sample and of any part of it (a domain), with linearised standard errors.

Everything is reckoned from counts per cell: a cell is a set of respondents alike in stratum and in whatever else matters (building,
tenure), and `counts[cell, level]` says how many of them gave which answer. A million respondents are thus a few hundred rows.

Sources: W. G. Cochran (1977), Sampling Techniques, 3rd ed., 5.3-5.4 (strata), 5A.13-5A.14 (domains); C.-E. Särndal, B. Swensson,
J. Wretman (1992), Model Assisted Survey Sampling, 5.6-5.8 (linearisation); T. Lumley's R package `survey` (4.1), whose
`svymean(na.rm=TRUE)`, `svyby` and `confint(df=degf(design))` are agreed with.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from linsheng.statistics.bounded import scale_bounds
from linsheng.statistics.checks import Floats, fixed, floats, normal_quantile, t_quantile

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """How many of each stratum answered at all (`n`), of how many (`population`; inf: unknown), and their design weight.

    `unsampled` is 1 - n/N, the finite population correction.
    """

    n: Floats
    population: Floats
    weight: Floats
    unsampled: Floats

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the whole sample: respondents minus strata, as `degf` in R."""
        return int(self.n.sum()) - int((self.n > 0).sum())


@dataclass(frozen=True, slots=True, eq=False)
class DomainMeans:
    """One mean per domain, in the unit of the scores; all arrays alike long, NaN where nothing can be said.

    `variance` is of the mean, `spread` of the answers (as they weigh, divided by n); `weights` the sum of the weights of those who
    answered; `kish` their (Σw)²/Σw²; `most` the largest effective n that the weights and the finite population allow,
    (Σw)²/Σw²(1 - n/N), inf in a census.
    """

    n: Floats
    mean: Floats
    variance: Floats
    spread: Floats
    unclustered: Floats
    weights: Floats
    kish: Floats
    most: Floats
    census: npt.NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True, slots=True)
class StratifiedMean:
    """A mean with its interval, in the unit of the values; None where the sample cannot tell."""

    n: int
    missing: int
    mean: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    freedom: int
    confidence: float


def strata(n: npt.ArrayLike, population: npt.ArrayLike | None = None) -> Strata:
    """Return the design of a stratified random sample: `n` respondents of `population` homes in each stratum.

    `population` None: unknown, all weigh 1 and nothing is corrected. One number with several strata: the sizes of the strata are
    not known, so each is taken to be as large as its share of the respondents (weight N/n, correction 1 - n/N for all).
    A stratum with n = 0 adds nothing. ValueError where n exceeds N or a number is negative, missing or not whole.
    """
    sizes = floats(np.atleast_1d(np.asarray(n, dtype=np.float64)), name="n")
    if np.isnan(sizes).any() or (sizes < 0).any():
        raise ValueError("n must not be negative or missing in any stratum.")
    if population is None:
        return Strata(fixed(sizes), fixed(np.full_like(sizes, np.inf)), fixed(np.ones_like(sizes)), fixed(np.ones_like(sizes)))
    whole = np.asarray(population, dtype=np.float64)
    if whole.ndim == 0 and sizes.size != 1:
        whole = whole * sizes / max(sizes.sum(), 1.0)
    homes = np.broadcast_to(whole, sizes.shape).astype(np.float64)
    if np.isnan(homes).any() or (homes < 0).any():
        raise ValueError("population must not be negative or missing in any stratum.")
    # A share of the whole may fall short of its n by rounding only.
    if (sizes > homes * (1 + 1e-12)).any():
        worst = int(np.argmax(sizes - homes))
        raise ValueError(f"{sizes[worst]:g} respondents cannot come from a population of {homes[worst]:g} (stratum {worst}).")
    some = np.where(sizes > 0, sizes, 1.0)
    unsampled = np.clip(1 - sizes / np.where(homes > 0, homes, 1.0), 0.0, 1.0)
    return Strata(fixed(sizes), fixed(homes), fixed(np.where(sizes > 0, homes / some, 0.0)), fixed(unsampled))


def domain_means(
    counts: npt.ArrayLike, scores: npt.ArrayLike, design: Strata, stratum: Codes, domain: Codes | None = None, domains: int = 1
) -> DomainMeans:
    """Return the design-weighted mean of each domain with its linearised variance.

    `counts` (cells × levels) are those who answered; `scores` (levels) what an answer counts; `stratum` and `domain` (cells)
    say where a cell belongs, -1: in no domain. The mean is the ratio Σw·x/Σw over those of the domain who answered; its
    variance Σ_h (1 - n_h/N_h)·n_h/(n_h - 1)·Σ(u - ū_h)², u = w·(x - mean)/Σw for them and 0 for all other respondents
    of the stratum. A stratum with one respondent adds (1 - 1/N_h)·u² (R: `survey.lonely.psu = "adjust"`); a domain with one
    answer has no variance (NaN) unless its strata were asked in full. No answer: everything NaN, n = 0.
    """
    table, x = np.asarray(counts, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    place = np.zeros(table.shape[0], dtype=np.int64) if domain is None else domain
    inside = place >= 0
    table, place, home = table[inside], place[inside], stratum[inside]
    weight = design.weight[home]
    answered = table.sum(1)
    n = _summed(answered, place, domains)
    total = _summed(weight * answered, place, domains)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _summed(weight * (table @ x), place, domains) / total
        deviations = x - np.where(total > 0, mean, 0.0)[place][:, None]
        weighed = table * deviations
        squared = (weighed * deviations).sum(1)
        between = _by_stratum(weight * weighed.sum(1), weight**2 * squared, place, home, domains, design)
        squares = _summed(weight**2 * answered * design.unsampled[home], place, domains)
        factor = _inflation(design)[home]
        plain = _summed(weight**2 * answered * factor, place, domains) / total**2
        census = squares == 0
        variance = np.where(census, 0.0, np.where(n > 1, between / total**2, np.nan))
        spread = _summed(weight * squared, place, domains) / total
        kish = total**2 / _summed(weight**2 * answered, place, domains)
        most = np.where(census, np.inf, total**2 / squares)
    none = n == 0
    return DomainMeans(
        n=fixed(n),
        mean=fixed(np.where(none, np.nan, mean)),
        variance=fixed(np.where(none, np.nan, variance)),
        spread=fixed(np.where(none, np.nan, spread)),
        unclustered=fixed(np.where(none, np.nan, plain)),
        weights=fixed(total),
        kish=fixed(np.where(none, np.nan, kish)),
        most=fixed(np.where(none, np.nan, most)),
        census=census & ~none,
    )


def domain_freedom(respondents: npt.ArrayLike, stratum: Codes, domain: Codes, domains: int, size: int) -> Floats:
    """Return each domain's degrees of freedom: its respondents minus the strata they come from (R: `degf(subset(design, …))`).

    `respondents` (cells) counts all who sent anything in, whether or not they answered the item at hand; `size` strata in all.
    """
    people = np.asarray(respondents, dtype=np.float64)
    inside = (domain >= 0) & (people > 0)
    n = _summed(people[inside], domain[inside], domains)
    met = np.bincount(domain[inside] * size + stratum[inside], minlength=domains * size).reshape(domains, size) > 0
    return np.asarray(n - met.sum(1), dtype=np.float64)


def answer_freedom(answered: npt.ArrayLike, stratum: Codes, domain: Codes, domains: int, size: int) -> Floats:
    """Return the degrees of freedom that the answers of each domain give: answers minus strata with any, at least 1.

    Source: E. L. Korn and B. I. Graubard (1999), Analysis of Health Surveys, 5.2: of a subpopulation only the sampled units
    (here: answers) and the strata that hold any of it count. `answered` (cells) answers to the item; the rest as
    `domain_freedom`, whose whole sample is far too many where few of a group were asked."""
    return np.maximum(domain_freedom(answered, stratum, domain, domains, size), 1.0)


def few_answers(answered: npt.ArrayLike, design: Strata, stratum: Codes, domain: Codes, domains: int) -> Floats:
    """Return by what the variance of `domain_means` has to be multiplied to be right on average where few answered, at least 1.

    Its residuals are from the domain's own mean, so they are too small; n_h/(n_h - 1) of all respondents does not make up for it.
    The factor is Σw²(1 - f) over the variance that is expected of independent answers of equal variance: the bias adjustment of
    R. M. Bell and D. F. McCaffrey (2002), Survey Methodology 28, 169-181. For one stratum it turns n/(n - 1) into k/(k - 1) of
    the k answers (Student's and Welch's t); where everybody of all strata of two and more answered it is 1. Arguments as in
    `domain_means`."""
    people, inside = np.asarray(answered, dtype=np.float64), (domain >= 0) & (np.asarray(answered) > 0)
    met, place = np.unique(domain[inside] * design.n.size + stratum[inside], return_inverse=True)
    group, home = np.divmod(met, design.n.size)
    n, asked, w = _summed(people[inside], place, met.size), design.n[home], design.weight[home]
    total, squares = _summed(n * w, group, domains), _summed(n * w**2, group, domains)
    with np.errstate(invalid="ignore", divide="ignore"):
        # What one answer, and the sum of a stratum's, owe to the mean that they help to make.
        own, spread = w / total[group], (squares / total**2)[group]
        centre = np.where(asked > 1, n * (1 - 2 * n * own + n * spread) / asked, 0.0)
        left = n * (1 - 2 * own + spread) - centre
        expected = _summed(w**2 * _inflation(design)[home] * left, group, domains)
        factor = _summed(w**2 * design.unsampled[home] * n, group, domains) / expected
    several = _summed(n, group, domains) > 1
    return np.asarray(np.where((expected > 0) & several, np.maximum(factor, 1.0), 1.0), dtype=np.float64)


def t_bounds(mean: Floats, variance: Floats, freedom: npt.ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return mean ± t·√variance, elementwise; NaN where the variance is NaN or freedom is below 1 (but for a variance of 0 in a
    census)."""
    normal_quantile(confidence)
    degrees = np.asarray(freedom, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        t = special.stdtrit(np.where(degrees > 0, degrees, np.nan), 0.5 + confidence / 2)
        half = np.where(variance == 0, 0.0, t * np.sqrt(variance))
    return np.asarray(mean - half), np.asarray(mean + half)


def effective_answers(means: DomainMeans) -> Floats:
    """Return how many answers of a simple random sample each mean is worth: spread/variance, never more than `most`.

    Source: E. L. Korn and B. I. Graubard (1998), Survey Methodology 24, 193-201, capped as by NCHS (J. D. Parker et al. 2017, Vital
    and Health Statistics 2(175)). Of a simple random sample it is n/(1 - n/N); answers all alike are worth `most`; inf in a census.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        excess = means.variance / (means.spread * means.unclustered)
        return np.asarray(means.most / np.where(np.isfinite(excess), np.maximum(excess, 1.0), 1.0))


def mean_bounds(means: DomainMeans, top: float, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return `bounded.scale_bounds` of each domain's mean on a scale from 0 to `top`; NaN where its variance is not known."""
    unknown = np.isnan(means.variance)
    low, high = scale_bounds(means.mean, means.spread, means.n, effective_answers(means), top, confidence)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def share_bounds(means: DomainMeans, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the Wilson interval of each domain's share (scores 0 and 1), on the effective n of the design.

    Source: E. B. Wilson (1927) with n replaced by `effective_answers`: plain Wilson with z² shrunk by the correction for a simple
    random sample; with nobody missing from a census the bounds are the share itself. NaN where nobody answered.
    """
    z2 = normal_quantile(confidence) ** 2
    p = means.mean
    with np.errstate(invalid="ignore", divide="ignore"):
        tail = z2 / effective_answers(means)
        centre, scale = p + tail / 2, 1 + tail
        half = np.sqrt(tail * (p * (1 - p) + tail / 4))
        low, high = (centre - half) / scale, (centre + half) / scale
    low, high = np.where(p <= 0, 0.0, np.clip(low, 0.0, p)), np.where(p >= 1, 1.0, np.clip(high, p, 1.0))
    nothing = means.n == 0
    return np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)


def stratified_mean(
    values: npt.ArrayLike,
    stratum: npt.ArrayLike | None = None,
    population: npt.ArrayLike | None = None,
    *,
    within: npt.ArrayLike | None = None,
    confidence: float = 0.95,
) -> StratifiedMean:
    """Return the design-weighted mean of one variable of one row a respondent, with its t interval.

    `values` (n) in any unit, NaN: did not answer, which makes the mean a domain estimate; `stratum` (n) codes 0 … H-1, None: one
    stratum; `population` as in `strata`; `within` (n, bool): only this part of the sample, with the degrees of freedom of that
    part. Formula: as `domain_means`. ValueError for unequal lengths, infinite values or an impossible population.
    """
    array = floats(values, name="values")
    home = np.zeros(array.size, dtype=np.int64) if stratum is None else np.asarray(stratum, dtype=np.int64)
    part = np.ones(array.size, dtype=np.bool_) if within is None else np.asarray(within, dtype=np.bool_)
    if home.shape != array.shape or part.shape != array.shape:
        raise ValueError("values, stratum and within must have the same length.")
    given = 1 if population is None or np.ndim(population) == 0 else np.size(population)
    size = max(int(home.max(initial=0)) + 1, given)
    design = strata(np.bincount(home, minlength=size), population)
    domain = np.where(part, 0, -1)
    # Each respondent is a cell; levels cannot be shared where values are free.
    answered = ~np.isnan(array)
    shift = float(np.nanmean(array)) if answered.any() else 0.0
    found = _single(np.where(answered, array - shift, 0.0), answered & part, design, home)
    freedom = int(domain_freedom(np.ones(array.size), home, domain, 1, size)[0])
    return _as_mean(found, shift, int((part & ~answered).sum()), freedom, confidence)


def combined_mean(
    means: npt.ArrayLike,
    standard_errors: npt.ArrayLike,
    population: npt.ArrayLike,
    *,
    n: Sequence[int] = (),
    confidence: float = 0.95,
) -> StratifiedMean:
    """Return the mean of a whole from published means and standard errors of its strata: Σ(N_h/N)·m_h, SE √Σ(N_h/N)²·SE_h².

    Source: Cochran (1977), 5.4. The standard errors already hold the correction. `n` respondents of each stratum give the degrees
    of freedom of the interval; without them it is normal. ValueError for missing values or unequal lengths.
    """
    m, se, homes = (
        floats(means, name="means"),
        floats(standard_errors, name="standard_errors"),
        floats(population, name="population"),
    )
    if not m.size == se.size == homes.size or np.isnan(m + se + homes).any() or not homes.sum() > 0:
        raise ValueError("means, standard_errors and population must be known for every stratum.")
    share = homes / homes.sum()
    mean, error = float((share * m).sum()), math.sqrt(float(((share * se) ** 2).sum()))
    freedom = sum(n) - len(n)
    quantile = t_quantile(confidence, freedom=freedom) if freedom > 0 else normal_quantile(confidence)
    return StratifiedMean(sum(n), 0, mean, error, mean - quantile * error, mean + quantile * error, max(freedom, 0), confidence)


def _single(values: Floats, counted: npt.NDArray[np.bool_], design: Strata, home: Codes) -> DomainMeans:
    """Return the same as `domain_means` for one domain and free values, one row a respondent."""
    weight = np.where(counted, design.weight[home], 0.0)
    n, total = float(counted.sum()), float(weight.sum())
    if n == 0:
        return no_mean()
    mean = float((weight * values).sum()) / total
    u = weight * (values - mean)
    variance = float(_by_stratum(u, u**2, np.zeros(home.size, dtype=np.int64), home, 1, design)[0]) / total**2
    within = float((weight * (values - mean) ** 2).sum()) / total
    return weighed_mean(n, mean, variance, within, weight**2, total, design, home)


def no_mean() -> DomainMeans:
    """Return the mean of one domain in which nobody answered."""
    nan, zero = np.array([np.nan]), np.array([0.0])
    return DomainMeans(zero, nan, nan, nan, nan, zero, nan, nan, np.array([False]))


def weighed_mean(
    n: float, mean: float, variance: float, spread: float, squares: Floats, total: float, design: Strata, home: Codes
) -> DomainMeans:
    """Return what is known of one domain of `n` answers; `squares` (cells): w² of those who answered, `total` their Σw.

    In a census there is no variance, of one answer else none that is known.
    """
    open_squares = float((squares * design.unsampled[home]).sum())
    census = open_squares == 0
    known = 0.0 if census else variance if n > 1 else np.nan
    plain = float((squares * _inflation(design)[home]).sum()) / total**2
    most, kish = np.inf if census else total**2 / open_squares, total**2 / float(squares.sum())
    n_, mean_, known_, spread_, plain_, total_, kish_, most_ = (
        np.array([figure]) for figure in (n, mean, known, spread, plain, total, kish, most)
    )
    return DomainMeans(n_, mean_, known_, spread_, plain_, total_, kish_, most_, np.array([census]))


def _as_mean(found: DomainMeans, shift: float, missing: int, freedom: int, confidence: float) -> StratifiedMean:
    if found.n[0] == 0:
        return StratifiedMean(0, missing, None, None, None, None, max(freedom, 0), confidence)
    mean, variance = found.mean + shift, np.where((freedom < 1) & ~found.census, np.nan, found.variance)
    low, high = t_bounds(mean, variance, freedom, confidence)
    known = StratifiedMean(int(found.n[0]), missing, float(mean[0]), None, None, None, max(freedom, 0), confidence)
    error = float(np.sqrt(variance[0]))
    return known if math.isnan(error) else replace(known, standard_error=error, low=float(low[0]), high=float(high[0]))


def _inflation(design: Strata) -> Floats:
    """Return (1 - n/N)·n/(n - 1) of each stratum; of a single respondent (1 - 1/N)."""
    lonely = design.n <= 1
    return np.asarray(design.unsampled * np.where(lonely, 1.0, design.n / np.where(lonely, 1.0, design.n - 1)))


def _by_stratum(first: Floats, second: Floats, place: Codes, home: Codes, domains: int, design: Strata) -> Floats:
    """Return Σ_h (1 - f)·n/(n - 1)·(Σu² - (Σu)²/n), of the sums Σu and Σu² of cells in domains and strata."""
    size = design.n.size
    key = place * size + home
    sums = np.bincount(key, weights=first, minlength=domains * size).reshape(domains, size)
    squares = np.bincount(key, weights=second, minlength=domains * size).reshape(domains, size)
    centred = squares - np.where(design.n > 1, sums**2 / np.where(design.n > 1, design.n, 1.0), 0.0)
    # What rounding leaves of identical answers is nothing.
    centred = np.where(centred <= 1e-13 * squares, 0.0, centred)
    return np.asarray((centred * _inflation(design)).sum(1), dtype=np.float64)


def _summed(values: Floats, place: Codes, domains: int) -> Floats:
    return np.bincount(place, weights=values, minlength=domains).astype(np.float64)
