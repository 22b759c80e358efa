"""``manage.py import_roster FILE --community CODE``: homes and people from a spreadsheet."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from linsheng.communities.models import Community
from linsheng.communities.roster.report import Report
from linsheng.communities.roster.writing import check_roster, import_roster
from linsheng.core import clock
from linsheng.core.errors import DomainError

SHOWN_ERRORS = 50


class Command(BaseCommand):
    help = (
        "Imports homes and people from .xlsx or .csv. With bad rows nothing is written and the exit code is 1; "
        "--skip-bad imports the good rows all the same (the exit code stays 1)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--community", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out and import the others")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        community = Community.objects.filter(code=options["community"]).first()
        if community is None:
            raise CommandError(f"There is no community with the code {options['community']!r}.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        report = self._run(community, options)
        self._print_json(report) if options["json"] else self._print_words(report, options)
        if report.errors:
            raise SystemExit(1)

    def _run(self, community: Community, options: dict[str, Any]) -> Report:
        now = clock.now()
        try:
            if options["dry_run"]:
                return check_roster(options["file"], community, today=timezone.localdate(now))
            return import_roster(path=options["file"], community=community, by=None, now=now, skip_bad=options["skip_bad"])
        except DomainError as error:
            if options["json"]:
                report = Report()
                self._print_json(report, [{"row": 0, "column": "", "message": str(error.message)}])
                raise SystemExit(1) from error
            raise CommandError(str(error.message)) from error

    def _print_json(self, report: Report, errors: list[dict[str, Any]] | None = None) -> None:
        plain = report.as_json()
        self.stdout.write(json.dumps({**plain, "errors": plain["errors"] if errors is None else errors}, ensure_ascii=False))

    def _print_words(self, report: Report, options: dict[str, Any]) -> None:
        for error in report.errors[:SHOWN_ERRORS]:
            self.stdout.write(f"  row {error.row}, {error.column}: {error.message}")
        if len(report.errors) > SHOWN_ERRORS:
            self.stdout.write(f"  … and {len(report.errors) - SHOWN_ERRORS} more; use --json for all.")
        for note in report.notes[:SHOWN_ERRORS]:
            self.stdout.write(f"  note, row {note.row}: {note.message}")
        done = "written" if report.written else "checked only" if options["dry_run"] else "NOTHING written"
        self.stdout.write(
            f"{report.rows} rows: {done}. Homes: {report.homes_created} new, {report.homes_updated} changed. "
            f"Residents: {report.residents_created} new, {report.residents_updated} changed. "
            f"Errors: {len(report.errors)} in {report.bad_rows} rows. People of these homes not in the file: {len(report.absent)}."
        )
