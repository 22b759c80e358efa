"""The result of a closed wave: one frozen object, reckoned once, that pages, exports, publishing and the API show.

    from linsheng.surveys.actions import keep_result
    from linsheng.surveys.queries.results import result_of

    found = result_of(wave)                    # WaveResult, or None while it is not reckoned; Conflict before closing
    found = keep_result(wave=wave, now=now)    # reckons and keeps it if need be; never changes what is kept

    found.overall.estimate.mean, found.by_key["staff.attitude"].estimate.satisfied.share
    found.table("building").cell("3栋", "staff.attitude")        # Estimate, or None where it is hidden
    found.comparison.items["staff.attitude"].verdict             # improved | worse | no evidence

What is hidden is not in the object: hidden cells are None, hidden items have `estimate.hidden` and only n, hidden choices and
comments are empty. Whoever shows anything of a wave shows it from here and reckons nothing of the answers anew: every further sum
over people could tell about few of them (`statistics.suppression`). To pick items, groups or topics of it is always safe.

Whoever reckons imports `surveys.results.reckoning` when it comes to that: numpy and scipy take a second and 50 MB to load.

Texts come in both languages (`Asked.words`, `Level.words`, `Option.words` choose the reader's); `surveys.results.words` makes
sentences of notes, low areas, changes and quarters of the map.
"""

from linsheng.surveys.results.keeping import as_data, restored
from linsheng.surveys.results.shapes import (
    BACKGROUND,
    BUILDING,
    COMMUNITY,
    FORMAT,
    GRADE,
    HIDDEN_CELLS,
    OUTCOME,
    OVERALL,
    SERVICE,
    TENURE,
    Asked,
    ChoiceResult,
    CommentResult,
    Comparison,
    DriverPoint,
    DriverResult,
    Footing,
    GroupChange,
    GroupTable,
    ItemResult,
    Level,
    Low,
    Note,
    Option,
    Place,
    ResponseResult,
    Topic,
    WaveResult,
    by_words,
)

__all__ = [
    "BACKGROUND",
    "BUILDING",
    "COMMUNITY",
    "FORMAT",
    "GRADE",
    "HIDDEN_CELLS",
    "OUTCOME",
    "OVERALL",
    "SERVICE",
    "TENURE",
    "Asked",
    "ChoiceResult",
    "CommentResult",
    "Comparison",
    "DriverPoint",
    "DriverResult",
    "Footing",
    "GroupChange",
    "GroupTable",
    "ItemResult",
    "Level",
    "Low",
    "Note",
    "Option",
    "Place",
    "ResponseResult",
    "Topic",
    "WaveResult",
    "as_data",
    "by_words",
    "restored",
]
