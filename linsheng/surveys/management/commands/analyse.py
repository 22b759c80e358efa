"""`manage.py analyse`: the analysis of survey answers in any CSV file, for people or (``--json``) for programs."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid
from linsheng.surveys.analysis import Analysis, analyse, as_json, parse_spec, read_columns
from linsheng.surveys.analysis.words import lines


class Command(BaseCommand):
    help = "Analyse a CSV file of survey answers, one row a respondent, as a JSON spec asks (keys: linsheng/surveys/README.md)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file (UTF-8 or GB18030) with a head row")
        parser.add_argument("--spec", type=Path, required=True, help="JSON file: what is asked")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *, file: Path, spec: Path, as_json: bool, **_options: Any) -> None:  # the option's name
        try:
            found = _analysed(file, spec)
        except Invalid as error:
            raise CommandError(str(error.message)) from None
        if as_json:
            self.stdout.write(_json(found))
            return
        for line in lines(found):
            self.stdout.write(line)


def _json(found: Analysis) -> str:
    return json.dumps(as_json(found), ensure_ascii=False, indent=2, allow_nan=False)


def _analysed(file: Path, spec_file: Path) -> Analysis:
    spec = parse_spec(_loaded(spec_file))
    before = None
    if spec.compare is not None:
        before = read_columns(_found(spec.compare, spec_file.parent, file.parent), spec.of_before)
    return analyse(read_columns(file, spec), spec, before)


def _loaded(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Invalid(_("打不开文件 %(file)s：%(why)s") % {"file": path, "why": error.strerror or error}) from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Invalid(_("%(file)s 不是正确的 JSON：%(why)s") % {"file": path, "why": error}) from error


def _found(wanted: Path, *folders: Path) -> Path:
    """A file as named from here, from beside the spec, or from beside the data."""
    return next((path for path in (wanted, *(folder / wanted for folder in folders)) if path.is_file()), wanted)
