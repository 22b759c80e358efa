"""The figures, each measured against what it is held to."""

import itertools
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from benchmarks.client import Connection, Crowd, Request, timed
from benchmarks.places import Place
from benchmarks.table import Row

CREATE_SHARE, BOARD_SHARE, GROWTH = 1 / 4, 1 / 3, 1.5
TABLE_TIMES, ANALYSIS_WITHIN, ANALYSIS_GIGABYTES = 3.0, 5.0, 2.0
BOARD_QUERIES, CASE_QUERIES = 12, 15
MONTH_WITHIN, ROSTER_WITHIN, DEMO_WITHIN = 1.0, 30.0, 180.0
CLIENTS = 4
# Two characters each: one that stands in many cases, one in some, one in few.
WORDS = ("电梯", "漏水", "快递")
CASES_COUNTED = 40
# As in floor/counting.py, which needs Django and stays on the server's side.
ASK = "X-Count-Queries"


@dataclass(frozen=True)
class Effort:
    """How long to measure: bursts of so many seconds, turns of so many single requests."""

    bursts: int = 12
    burst_seconds: float = 2.0
    turns: int = 120


@dataclass(frozen=True)
class Site:
    """A served database and who and what is in it."""

    place: Place
    port: int
    people: dict[str, Any]
    headers: tuple[str, ...] = ()

    def page(self, path: str, role: str = "supervisor") -> Request:
        return Request.make(path, cookie=self.people["sessions"][role], headers=self.headers)


def report(site: Site) -> Callable[[int], Request]:
    """Distinct reports by a program of the front desk: with home, contact, place."""
    people = site.people

    def make(number: int) -> Request:
        data = {
            "community": people["community"],
            "kind": "repair",
            "item": people["items"][number % len(people["items"])],
            "urgency": "normal",
            "text": f"第{number}次来电：三楼楼道灯不亮，晚上看不清台阶，请尽快安排维修。",
            "location": "3栋2单元3楼",
            "home": people["homes"][number % len(people["homes"])],
            "contact": {"name": "王女士", "phone": f"1000000{number % 10000:04d}"},
        }
        return Request.make("/api/v1/cases", token=people["token"], data=data, status=201)

    return make


def against(site: Site, make: Callable[[int], Request], floor: Request, effort: Effort) -> tuple[Crowd, Crowd]:
    """The page and its floor in turns, A B A B, so that whatever else the machine does meets both."""
    measured, least = Crowd(site.port, CLIENTS, make), Crowd(site.port, CLIENTS, lambda _number: floor)
    for crowd in (measured, least):
        crowd.burst(min(1.0, effort.burst_seconds))
        crowd.forget()
    for _ in range(effort.bursts):
        measured.burst(effort.burst_seconds)
        least.burst(effort.burst_seconds)
    return measured, least


def _share(what: str, crowds: tuple[Crowd, Crowd], wanted: float) -> Row:
    measured, least = crowds
    ratio = measured.rate / least.rate
    words = f"{measured.rate:.0f} /s", f"{least.rate:.0f} /s", f"{ratio:.2f}", f"≥ {wanted:.2f}"
    return Row(what, *words, holds=ratio >= wanted)


def creating(site: Site, effort: Effort) -> Iterator[Row]:
    """1. A case through the API, with everything that it entails."""
    floor = Request.make("/floor/write/", data={}, status=201)
    yield _share(f"create a case by API, {CLIENTS} clients", against(site, report(site), floor, effort), CREATE_SHARE)


def showing(site: Site, effort: Effort) -> Iterator[Row]:
    """2. The workboard."""
    board, floor = site.page("/cases/"), Request.make("/floor/read/")
    yield _share(f"workboard page, {CLIENTS} clients", against(site, lambda _number: board, floor, effort), BOARD_SHARE)


def pages(site: Site) -> dict[str, Iterator[Request]]:
    """What is compared at two sizes; each an endless row of requests."""
    people = site.people
    search = itertools.cycle([site.page(f"/cases/?q={quote(word)}") for word in WORDS])
    in_open = itertools.cycle([site.page(f"/cases/?view=open&q={quote(word)}") for word in WORDS])
    wide = itertools.cycle([site.page(f"/cases/?q={quote(word)}", "director") for word in WORDS])
    return {
        "workboard": itertools.repeat(site.page("/cases/")),
        "workboard, whole company": itertools.repeat(site.page("/cases/", "director")),
        "workboard, ended cases": itertools.repeat(site.page("/cases/?view=ended")),
        "search": search,
        "search in open cases": in_open,
        "search, whole company": wide,
        "case page, open": itertools.cycle([site.page(f"/cases/{pk}/") for pk in people["open"]]),
        "case page, ended": itertools.cycle([site.page(f"/cases/{pk}/") for pk in people["ended"]]),
    }


def growing(small: Site, large: Site, effort: Effort) -> Iterator[Row]:
    """3. The same pages of a hundred times as many cases; single requests in turns."""
    here, there = Connection(small.port), Connection(large.port)
    for name, requests in pages(large).items():
        other = pages(small)[name]
        pairs = [(timed(there, next(requests)), timed(here, next(other))) for _ in range(effort.turns)]
        big, little = (statistics.median(times) * 1000 for times in zip(*pairs[len(pairs) // 10 :], strict=True))
        words = f"{big:.1f} ms", f"{little:.1f} ms", f"{big / little:.2f}", f"≤ {GROWTH}"
        yield Row(f"{name}: {large.people['cases']:,} / {small.people['cases']:,} cases", *words, holds=big / little <= GROWTH)


def counting(site: Site) -> Iterator[Row]:
    """3b. Numbers of queries, the most that any of the requests took."""
    connection = Connection(site.port)
    for name, requests in pages(replace(site, headers=(f"{ASK}: 1",))).items():
        most = CASE_QUERIES if name.startswith("case") else BOARD_QUERIES
        found = max(int(connection.ask(next(requests)).headers["x-queries"]) for _ in range(CASES_COUNTED))
        yield Row(f"{name}: queries", str(found), wanted=f"≤ {most}", holds=found <= most, strict=True)


def monthly(site: Site) -> Iterator[Row]:
    """4. A month of one community by API, first asked for now; a month of the company, with its progress."""
    people, connection, times = site.people, Connection(site.port), []
    for code in people["other_communities"]:
        path = f"/api/v1/communities/{code}/monthly/{people['month']}"
        times.append(timed(connection, Request.make(path, token=people["director_token"])))
    what = f"monthly figures of a community out of {people['cases']:,}"
    slowest, first, rest = max(times[1:]), times[0], statistics.median(times[1:])
    words = f"{rest:.2f} s, slowest {slowest:.2f} s"
    yield Row(what, words, wanted=f"< {MONTH_WITHIN:.0f} s", holds=slowest < MONTH_WITHIN)
    yield Row("… the first one after the start (imports scipy)", f"{first:.2f} s", wanted=f"< {MONTH_WITHIN:.0f} s", holds=None)
    found = site.place.ask("benchmarks.company", people["month"])
    progress = f"progress after {', '.join(f'{at:.1f}' for at in found['progress'])} s"
    yield Row(f"monthly figures of all {people['communities']} communities", f"{found['seconds']:.1f} s", progress)


def roster(place: Place, homes: int) -> Iterator[Row]:
    """5. A roster with people."""
    file = place.home / "roster.xlsx"
    place.run("benchmarks.roster", "write", str(file), str(homes))
    spent = place.run("django", "import_roster", str(file), "--community", "BENCH")
    what = f"roster of {homes:,} homes, {homes:,} people"
    yield Row(what, str(spent), wanted=f"< {ROSTER_WITHIN:.0f} s", holds=spent.wall < ROSTER_WITHIN)


def demo(place: Place, cases: int) -> Iterator[Row]:
    """5b. The demo company."""
    spent = place.run("django", "demo", "--communities", "10", "--homes", "1000", "--cases", str(cases))
    yield Row(f"demo company of {cases:,} cases", str(spent), wanted=f"< {DEMO_WITHIN:.0f} s", holds=spent.wall < DEMO_WITHIN)


def analysis(place: Place, rows: int) -> Iterator[Row]:
    """6. The analysis of answers in memory: the table of 25 items by 50 buildings, and the whole of it without drivers."""
    found = place.ask("benchmarks.analysis", str(rows))
    ratio = found["table"] / found["floor"]
    words = f"{found['table'] * 1000:.0f} ms", f"{found['floor'] * 1000:.0f} ms (bincount)", f"{ratio:.2f}", f"≤ {TABLE_TIMES:.0f}"
    yield Row(f"25 items by 50 buildings, {rows:,} respondents", *words, holds=ratio <= TABLE_TIMES)
    holds = found["whole"] < ANALYSIS_WITHIN and found["gigabytes"] < ANALYSIS_GIGABYTES
    took = f"{found['whole']:.1f} s, {found['gigabytes']:.2f} GB"
    wanted = f"< {ANALYSIS_WITHIN:.0f} s, < {ANALYSIS_GIGABYTES:.0f} GB"
    yield Row("… the whole analysis without drivers, with change", took, wanted=wanted, holds=holds)
