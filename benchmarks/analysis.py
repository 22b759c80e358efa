"""``python -m benchmarks.analysis ROWS``: times of the analysis of answers in memory, as JSON; a process of its own."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

ITEMS, BUILDINGS, TURNS = 25, 50, 7


def fastest(*works: Callable[[], Any]) -> list[float]:
    """Seconds of the fastest turn of each, taken in turns so that whatever else the machine does meets all."""
    times = [[] for _ in works]
    for _ in range(TURNS):
        for work, taken in zip(works, times, strict=True):
            begun = time.perf_counter()
            work()
            taken.append(time.perf_counter() - begun)
    return [min(taken) for taken in times]


def main(rows: int) -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415  # after the settings are named

    django.setup()
    from linsheng.surveys.analysis import Columns, Factor, Spec, analyse, as_json  # noqa: PLC0415
    from linsheng.surveys.analysis.analysing import tabulated  # noqa: PLC0415
    from linsheng.surveys.analysis.cells import Sample  # noqa: PLC0415

    rng = np.random.default_rng(1)
    items = {f"q{i:02d}": rng.choice(6, rows, p=[0.05, 0.1, 0.2, 0.35, 0.25, 0.05]).astype(np.uint8) for i in range(ITEMS)}
    building = Factor(rng.integers(0, BUILDINGS, rows).astype(np.int32), tuple(f"{i + 1}栋" for i in range(BUILDINGS)))
    tenure = Factor((rng.random(rows) < 0.3).astype(np.int32), ("业主", "租户"))
    names = tuple(items)
    table = Spec(items=names, by=("building",))
    homes = dict.fromkeys(building.levels, 2.0 * rows / BUILDINGS)
    margins = {"tenure": {"业主": 1.3 * rows, "租户": 0.7 * rows}}
    whole = Spec(
        items=names, strata="building", population=homes, margins=margins, by=("building", "tenure"), target=3.7, confidence=0.95
    )
    columns = Columns(rows, items, {"building": building})
    full = Columns(rows, items, {"building": building, "tenure": tenure})

    def bare() -> None:
        for codes in items.values():
            np.bincount(codes)

    def per_item() -> None:
        tabulated(Sample(columns, table))

    floor, tabled = fastest(bare, per_item)
    begun = time.perf_counter()
    as_json(analyse(full, whole, full))
    complete = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"rows": rows, "floor": floor, "table": tabled, "whole": complete, "gigabytes": peak}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
