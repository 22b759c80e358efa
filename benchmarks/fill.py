"""Makes one database to measure on: a demo company through the product's own loader, then as many times as large as asked."""

import argparse
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # after the set-up
from django.db import transaction  # noqa: E402

from benchmarks import dialect  # noqa: E402
from benchmarks.floor.models import FloorRow  # noqa: E402
from benchmarks.floor.views import BOARDS, ROWS_READ  # noqa: E402
from benchmarks.multiply import Multiplier, Size  # noqa: E402
from linsheng.core import clock  # noqa: E402
from linsheng.feedback.models import Case  # noqa: E402
from linsheng.messaging.models import Notice  # noqa: E402

# Just under a year with the month that runs: shifted by a year, numbers of one month never meet.
MONTHS = 11
# With the cells around it, fifty of these make a page of 15 kB.
FLOOR_TEXT = "楼道灯不亮，已报三次，请尽快派人来看看。晚上老人上下楼很不方便，扶手也松了，还有两盏一闪一闪的，孩子害怕。"


class Diary:
    """Says what is done and how long it took."""

    def __init__(self) -> None:
        self.since = time.monotonic()

    def __call__(self, words: str) -> None:
        now = time.monotonic()
        print(f"    {words}: {now - self.since:.1f} s", file=sys.stderr, flush=True)
        self.since = now


def write_floor() -> None:
    """The floor's own table: what it reads, among other rows."""
    now = clock.now()
    with transaction.atomic():
        rows = [
            FloorRow(board=board, at=now, name=f"楼道照明 {number}", state="in_progress", text=FLOOR_TEXT)
            for board in range(BOARDS)
            for number in range(2 * ROWS_READ)
        ]
        FloorRow.objects.bulk_create(rows, batch_size=1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--communities", type=int, required=True)
    parser.add_argument("--homes", type=int, required=True)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--years", type=int, default=1)
    asked, say = parser.parse_args(), Diary()
    with open("/dev/null", "w") as nowhere:
        sizes = {"communities": asked.communities, "homes": asked.homes, "months": MONTHS, "cases": asked.cases}
        call_command("demo", **sizes, seed=7, stdout=nowhere)
    say(f"{asked.cases} cases through the product's loader")
    write_floor()
    dialect.begin_loading()
    Multiplier(Size(asked.copies, asked.years), say).run()
    print(f"    {Case.objects.count()} cases, {Notice.objects.count()} notices", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
