"""Monthly figures of cases: read from the database, computed, never written.

What a figure means (``cut`` is the end of the month, or this instant while the month runs):

* **received**: every voice that came in, whatever became of it. **handled**: cases that were given a result (done, referred,
  declined), those merged into another too, since each household is told. **open at end**: still to be worked on at the cut.
* **in time**: of the cases whose deadline fell between the month's beginning and the cut, those that met it. So each case counts
  exactly once, late ones that are still open count as late, and what is not due yet counts nowhere. Left out: cases taken back
  before they were due, cases merged into another (that one counts), clocks that stand still (waiting), and cases to which
  nothing was promised. A deadline moved by a pause, another urgency or a reopening counts where it lies now.
* **handler's clock**, **resident's clock**: medians of the cases that *came in* within the month, by Kaplan–Meier, see ``times``.
* **reopened**, **told**: of the results given in the month, those taken back since, and those with proof that the reporter knows.
* **ratings**: those given in the month. Mean (平均分), satisfied rate (满意率, 4 and 5 stars) and index (满意指数) are kept apart.
* **callbacks**: the three rates over the answered ones of the month. Beside them *no response* (asked in vain or refused),
  *excluded* (wrong number), *no word* (results of the month of which nobody asked or answered yet).
* **changes**: shares against the month before; "no evidence" wherever Newcombe's 95% interval holds zero.
* **trends**: control charts, see ``trends``. **topics**: see ``topics``. **weak**: see ``weak``.
* Ratings and callbacks of a group with fewer than five answers are hidden.

What computes needs numpy and scipy, which take a second and 50 MB: it is loaded when first asked for (``figures.monthly``).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from linsheng.feedback.figures.kept import FORMAT, restored
from linsheng.feedback.figures.periods import Month
from linsheng.feedback.figures.shapes import (
    ENOUGH,
    By,
    Callbacks,
    Comparison,
    Figures,
    Glance,
    Group,
    Index,
    MedianTime,
    MonthlyFigures,
    Ratings,
    Share,
    Topic,
    Topics,
    Trend,
    TrendPoint,
    WeakGroup,
    WeakItems,
)

if TYPE_CHECKING:
    from linsheng.feedback.figures.assembling import compared, share
    from linsheng.feedback.figures.glance import glances
    from linsheng.feedback.figures.months import month_of, monthly
    from linsheng.feedback.figures.trends import satisfied_trend, volume_trend
    from linsheng.feedback.figures.weak import weak_items

_COMPUTING: Final = {
    "compared": "assembling",
    "share": "assembling",
    "glances": "glance",
    "month_of": "months",
    "monthly": "months",
    "satisfied_trend": "trends",
    "volume_trend": "trends",
    "weak_items": "weak",
}


__all__ = [
    "ENOUGH",
    "FORMAT",
    "By",
    "Callbacks",
    "Comparison",
    "Figures",
    "Glance",
    "Group",
    "Index",
    "MedianTime",
    "Month",
    "MonthlyFigures",
    "Ratings",
    "Share",
    "Topic",
    "Topics",
    "Trend",
    "TrendPoint",
    "WeakGroup",
    "WeakItems",
    "compared",
    "glances",
    "month_of",
    "monthly",
    "restored",
    "satisfied_trend",
    "share",
    "volume_trend",
    "weak_items",
]


def __getattr__(name: str) -> Any:
    """The parts that compute, when first asked for."""
    if name not in _COMPUTING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_COMPUTING[name]}"), name)
