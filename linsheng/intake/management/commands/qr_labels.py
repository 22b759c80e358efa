"""``manage.py qr_labels --community CODE --out FILE.pdf``: the labels of a community's codes."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linsheng.communities.models import Community
from linsheng.core import clock
from linsheng.intake.actions.places import create_all_places
from linsheng.intake.labels import SHEETS, labels_pdf
from linsheng.intake.queries.places import labels_of


def _check_place(out: Path) -> None:
    if out.is_dir():
        raise CommandError(f"{out} is a folder: name a file in it with --out, such as {out / 'labels.pdf'}")
    if not out.parent.is_dir():
        raise CommandError(f"there is no folder {out.parent}: make it first, or name another place with --out")


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """What the disk says against it, as a sentence with what to do."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"cannot write {out} ({error.strerror}): name another place with --out, or make room there") from None


class Command(BaseCommand):
    """Prints what is there; where nothing is yet, codes for the community and its buildings are made first."""

    help = "Write the labels (A6, four on an A4) of a community's codes as a PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--community", required=True, metavar="CODE")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
        parser.add_argument("--sheet", choices=SHEETS, default="a4", help="a4: four with cut marks; a6: one a page")
        parser.add_argument("--spots", default="", help="make codes for these spots of every building, too: 电梯,垃圾房")

    def handle(self, *args: Any, **options: Any) -> None:
        community = Community.objects.filter(code=options["community"], retired_at=None).first()
        if community is None:
            raise CommandError(f"no community has the code {options['community']!r}")
        # Before codes are made: who has to call it again should find nothing done.
        with _writing(options["out"]):
            _check_place(options["out"])
        spots = [spot for spot in options["spots"].split(",") if spot.strip()]
        if spots or not labels_of(community):
            made = create_all_places(community=community, spots=spots, by=None, now=clock.now())
            self.stdout.write(f"made {len(made)} codes")
        places = labels_of(community)
        content = labels_pdf(places, options["sheet"])
        with _writing(options["out"]):
            options["out"].write_bytes(content)
        self.stdout.write(f"wrote {len(places)} labels to {options['out']}")
