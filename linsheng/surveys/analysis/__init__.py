"""The one analysis of survey answers: of a file (`manage.py analyse`) and of a wave in the database alike.

    from linsheng.surveys.analysis import Columns, Factor, Spec, analyse, as_json, item_codes

    columns = Columns(
        n=3,
        items={"overall": item_codes([5, 3, None]), "clean": item_codes([4, None, 2])},  # None: "no contact", skipped, not asked
        factors={"building": Factor.of(["1栋", "2栋", None]), "tenure": Factor.of(["业主", "租户", "业主"])},
    )
    spec = Spec(items=("overall", "clean"), by=("building", "tenure"), population=600, target=4.0, drivers_of="overall")
    found = analyse(columns, spec, before=None)
    found.items["overall"].mean, found.by["building"]["1栋"]["clean"], as_json(found)

`before`: Columns of the last comparable wave, with the same items and factors.
Every element is a respondent (one answer a home). Codes are read from the database in one query as small integers; a `Factor` may
be made straight from codes (`Factor(codes, levels)`, -1: unknown). Items on another scale (0–10) are a second call with
`scale=(0, 10)`.

`Spec`: `items`; `strata` the factor of which `population` gives homes per level ({level: N}), or one number N without strata;
None: unknown, no correction. `margins` {factor: {level: homes}} rakes against non-response; those of unknown level keep their
weight. Those of unknown stratum need a level of their own with its homes ("其他"); a factor of `by` may leave them unknown. `by`
factors of the one-way tables. `confidence`; `target` for low areas; `drivers_of` one of the items; `min_group` below which a
group is hidden, with `hide_totals` an item answered by fewer in all too (leave it on for anything that people see; text needs
`min_group=10`). `paired_on` (any text) with `Columns.keys` on both sides compares the same people. `id`, `missing` and `compare`
are for files only.

What is reckoned how:
- mean: design-weighted (N_h/n_h, n_h all respondents of the stratum); an item with missing answers is a ratio over its domain, SE
  linearised over strata with 1 - n_h/N_h (R: `svymean(na.rm=TRUE)`), a stratum with one respondent as R's `lonely.psu="adjust"`;
  the interval of all is t with respondents - strata degrees of freedom, not cut to the scale. In `by` it is the score interval of
  `statistics.bounded` on the effective n of the design, which never leaves the scale; se stays R's, None of a single answer.
- satisfied: design-weighted share of the upper quarter of the scale (4 and 5 of 1–5); Wilson's interval on the effective n of the
  design (`statistics.strata.share_bounds`); with neither strata nor population it is plain Wilson.
- index: (mean - lowest)/(highest - lowest)·100; distribution: how many gave each answer, unweighted.
- weighted: raked to the margins, SE of the residuals from them as `rake` in R, n_eff by Kish; without margins the design weights.
- change: this minus before, Welch's t of the answers; no finite population correction (see `changing`); Holm over the items;
  verdict at 1 - confidence.
- drivers: LMG, Johnson and bootstrap ranks of complete answers, unweighted, of as many items as there are ten answers for each (see
  `driving`; R², adjusted too, and what is left out stand in the notes). low_areas: see `lows`. by: hidden cells are None, and
  `weighted` is empty or `distribution` None where they would tell about few, see `hiding`.

The same people in several releases (a filter, a second publication): `linsheng.statistics.suppression.suppress(earlier=…)` and
`may_show`.

What computes needs numpy and scipy, which take a second and 50 MB: it is loaded when first asked for. Results and `Spec` are plain.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from linsheng.surveys.analysis.results import Analysis, Change, Driver, Estimate, LowArea, Response, Share, Weighted, as_json
from linsheng.surveys.analysis.spec import Spec, SpecError, parse_spec

if TYPE_CHECKING:
    from linsheng.surveys.analysis.analysing import analyse
    from linsheng.surveys.analysis.columns import Columns, Factor, item_codes
    from linsheng.surveys.analysis.reading import DataError, read_columns

_COMPUTING: Final = {
    "Columns": "columns",
    "DataError": "reading",
    "Factor": "columns",
    "analyse": "analysing",
    "item_codes": "columns",
    "read_columns": "reading",
}

__all__ = [
    "Analysis",
    "Change",
    "Columns",
    "DataError",
    "Driver",
    "Estimate",
    "Factor",
    "LowArea",
    "Response",
    "Share",
    "Spec",
    "SpecError",
    "Weighted",
    "analyse",
    "as_json",
    "item_codes",
    "parse_spec",
    "read_columns",
]


def __getattr__(name: str) -> Any:
    """The parts that compute, when first asked for."""
    if name not in _COMPUTING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_COMPUTING[name]}"), name)
