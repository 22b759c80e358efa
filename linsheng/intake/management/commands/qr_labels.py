"""``manage.py qr_labels --community CODE --out FILE.pdf``: the labels of a community's codes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from linsheng.communities.models import Community
from linsheng.core import clock
from linsheng.core.commands import writing
from linsheng.intake.actions.places import create_all_places
from linsheng.intake.labels import SHEETS, labels_pdf
from linsheng.intake.queries.places import labels_of


def _check_place(out: Path) -> None:
    if out.is_dir():
        said = {"place": out, "file": out / "labels.pdf"}
        raise CommandError(_("%(place)s 是文件夹：请用 --out 写明里面的文件，例如 %(file)s。") % said)
    if not out.parent.is_dir():
        raise CommandError(_("没有文件夹 %(place)s：请先建好，或用 --out 指定别的地方。") % {"place": out.parent})


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
        with writing(options["out"]):
            _check_place(options["out"])
        spots = [spot for spot in options["spots"].split(",") if spot.strip()]
        if spots or not labels_of(community):
            made = create_all_places(community=community, spots=spots, by=None, now=clock.now())
            self.stdout.write(f"made {len(made)} codes")
        places = labels_of(community)
        content = labels_pdf(places, options["sheet"])
        with writing(options["out"]):
            options["out"].write_bytes(content)
        self.stdout.write(f"wrote {len(places)} labels to {options['out']}")
