"""`manage.py letters`: the letters of an open wave, one PDF a building."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from linsheng.core import clock
from linsheng.core.commands import writing
from linsheng.core.errors import DomainError
from linsheng.surveys import actions, letters
from linsheng.surveys.models import Wave


class Command(BaseCommand):
    help = "Write the letters of an open wave as PDF, one file a building."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wave", type=int, required=True, help="number of the wave")
        parser.add_argument("--out", type=Path, required=True, help="folder for the files; made if missing, readable by you alone")

    def handle(self, *, wave: int, out: Path, **_options: Any) -> None:
        found = Wave.objects.select_related("version__questionnaire", "organisation").filter(pk=wave).first()
        if found is None:
            raise CommandError(_("没有编号为 %(n)s 的调查。") % {"n": wave})
        with writing(out):
            out.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            for sheet in letters.sheets_of(found):
                ((name, content),) = actions.print_letters(wave=found, sheets=[sheet], by=None, now=clock.now())
                file = out / f"{get_valid_filename(name)}.pdf"
                with writing(out):
                    file.touch(mode=0o600)
                    file.write_bytes(content)
                self.stdout.write(f"{file} {len(sheet.ballots)}")
        except DomainError as error:
            raise CommandError(str(error.message)) from None
