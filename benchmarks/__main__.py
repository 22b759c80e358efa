"""``python -m benchmarks``: makes its own databases, starts the real server, prints the table; exit code 1 when a figure fails."""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benchmarks import measures
from benchmarks.answering import answering
from benchmarks.measures import Effort, Site
from benchmarks.places import ROOT, Place, removed
from benchmarks.results import results
from benchmarks.table import Row, printed

# A kept database older than this has no fresh cases any more.
KEPT_SECONDS = 36 * 3600


@dataclass(frozen=True)
class Sizes:
    """How large the two databases are made, and the loads of figure 5."""

    small: tuple[int, int, int, int, int]  # cases, communities, homes a community, copies, years
    large: tuple[int, int, int, int, int]
    roster_homes: int
    demo_cases: int
    respondents: int
    answering_homes: int
    wave_answers: int
    effort: Effort


# Communities are alike in both: 2,500 homes that bring up 5,000 cases a year; the large company has more of them, for longer.
FULL = Sizes((10_000, 2, 2500, 1, 1), (20_200, 4, 2500, 10, 5), 10_000, 100_000, 1_000_000, 40_000, 10_000, Effort())
QUICK = Sizes((300, 2, 100, 1, 1), (300, 2, 100, 5, 3), 500, 1000, 20_000, 4000, 300, Effort(bursts=2, burst_seconds=0.7, turns=12))


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def fingerprint(size: tuple[int, ...]) -> str:
    """Changes with the tables and with what fills them."""
    names = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("linsheng/*/migrations/0*.py"))
    code = [
        path.read_bytes() for path in sorted((ROOT / "benchmarks").glob("*.py")) if path.stem in {"fill", "multiply", "dialect"}
    ]
    return hashlib.sha256(repr((names, code, size)).encode()).hexdigest()[:10]


class Workshop:
    """Where the databases lie: in a folder that goes away, or in one that keeps them for the next run."""

    def __init__(self, folder: Path, server: str, sizes: Sizes, *, keep: bool) -> None:
        self.folder, self.server, self.sizes, self.keep = folder, server, sizes, keep

    def place(self, name: str) -> Place:
        return Place(self.folder / name, database_url(self.server, f"linsheng_bench_{name.replace('-', '_')}"))

    def fresh(self, name: str) -> Place:
        """An empty database."""
        place = self.place(name)
        removed(place.home)
        if self.server:
            make_database(self.server, place.url)
        place.prepare()
        return place

    def filled(self, name: str, size: tuple[int, int, int, int, int]) -> Place:
        """A database of that size, made or kept."""
        kept = f"{name}-{fingerprint(size)}"
        mark = self.folder / kept / "filled"
        if self.keep and mark.exists() and time.time() - mark.stat().st_mtime < KEPT_SECONDS:
            say(f"  {name}: kept from the last run")
            return self.place(kept)
        say(f"  {name}:")
        place, begun = self.fresh(kept), time.monotonic()
        names = ("--cases", "--communities", "--homes", "--copies", "--years")
        place.run("benchmarks.fill", *(word for pair in zip(names, map(str, size), strict=True) for word in pair))
        say(f"  {name}: made in {time.monotonic() - begun:.0f} s")
        mark.touch()
        return place


def database_url(server: str, name: str) -> str:
    """The URL of another database on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}")) if server else ""


def make_database(server: str, url: str) -> None:
    """Drop and create, through the database that ``--database`` names."""
    name = urlsplit(url).path.lstrip("/")
    code = (
        "import sys, psycopg\n"
        "with psycopg.connect(sys.argv[1], autocommit=True) as c:\n"
        "    c.execute(f'DROP DATABASE IF EXISTS \"{sys.argv[2]}\"')\n"
        "    c.execute(f'CREATE DATABASE \"{sys.argv[2]}\"')\n"
    )
    subprocess.run([sys.executable, "-c", code, server, name], check=True)


def served(stack: ExitStack, place: Place) -> Site:
    """The place with its server, which ends with the stack, and with people signed in."""
    people = place.ask("benchmarks.people")
    return Site(place, stack.enter_context(place.serving()), people)


def measured(workshop: Workshop, wanted: Callable[[str], bool]) -> Iterator[Row]:
    """Every figure whose name is wanted, as it is known."""
    effort, sizes = workshop.sizes.effort, workshop.sizes
    on_sites = {"create": measures.creating, "board": measures.showing}
    of_large = ("growth", "queries", "monthly")
    with ExitStack() as stack:
        if any(map(wanted, (*on_sites, *of_large))):
            say("databases")
            place = workshop.filled("small", sizes.small)
            place.share_static(workshop.folder / "static")
            place.run("django", "collectstatic", "--no-input", "--verbosity", "0")
            small = served(stack, place)
        for name, measure in on_sites.items():
            if wanted(name):
                say(name)
                yield from measure(small, effort)
        if any(map(wanted, of_large)):
            place = workshop.filled("large", sizes.large)
            place.share_static(workshop.folder / "static")
            large = served(stack, place)
        if wanted("growth"):
            say("growth")
            yield from measures.growing(small, large, effort)
        if wanted("queries"):
            say("queries")
            yield from measures.counting(large)
        if wanted("monthly"):
            say("monthly")
            yield from measures.monthly(large)
    yield from loads(workshop, wanted)


def loads(workshop: Workshop, wanted: Callable[[str], bool]) -> Iterator[Row]:
    """Figures 5 to 8, each on a database of its own."""
    for name, measure, size in (
        ("roster", measures.roster, workshop.sizes.roster_homes),
        ("demo", measures.demo, workshop.sizes.demo_cases),
        ("analysis", measures.analysis, workshop.sizes.respondents),
        ("results", results, workshop.sizes.wave_answers),
    ):
        if wanted(name):
            say(name)
            place = workshop.fresh(name)
            yield from measure(place, size)
            removed(place.home)
    if wanted("answering"):
        say("answering")
        place = workshop.fresh("answering")
        yield from answering(place, workshop.sizes.answering_homes, workshop.sizes.effort)
        removed(place.home)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the figures that the product is held to.")
    parser.add_argument("--small", action="store_true", help="small databases, short bursts: only numbers of queries count")
    parser.add_argument(
        "--database", default="", metavar="URL", help="postgres://… of a server to make databases on (default: SQLite)"
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="NAME,…",
        help="of: create board growth queries monthly roster demo analysis results answering",
    )
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep the filled databases there for the next run")
    return parser.parse_args()


def run(asked: argparse.Namespace, folder: Path) -> bool:
    """Print the table; whether everything that counts here holds."""
    sizes = QUICK if asked.small else FULL
    workshop = Workshop(folder, asked.database, sizes, keep=asked.cache is not None)
    names = {name for name in asked.only.split(",") if name}
    rows: list[Row] = []
    for row in measured(workshop, lambda name: not names or name in names):
        say(f"  {row.what}: {row.measured} {row.ratio}")
        rows.append(row)
    print(printed(rows))
    counting = [row for row in rows if row.strict or not asked.small]
    return all(row.holds is not False for row in counting)


def main() -> int:
    asked = arguments()
    if asked.cache:
        asked.cache.mkdir(parents=True, exist_ok=True)
        return 0 if run(asked, asked.cache.resolve()) else 1
    with tempfile.TemporaryDirectory(prefix="linsheng-bench-") as folder:
        return 0 if run(asked, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
