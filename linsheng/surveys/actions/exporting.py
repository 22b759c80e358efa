"""Handing out a closed wave as a file: who may, and that it was done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict
from linsheng.core.tabular import CONTENT_TYPES
from linsheng.surveys.models import Wave
from linsheng.surveys.permissions import require_everywhere
from linsheng.surveys.queries.results import result_of
from linsheng.surveys.results import WaveResult

Form = Literal["xlsx", "csv", "sav", "json"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
TYPES: Final[dict[str, str]] = {**CONTENT_TYPES, "sav": "application/x-spss-sav", "json": "application/json"}


@dataclass(frozen=True)
class ExportFile:
    """A file to hand out, a piece at a time."""

    name: str
    content_type: str
    chunks: Iterable[bytes]


@transaction.atomic
def export_wave(*, wave: Wave, form: Form, by: User | None, now: datetime) -> ExportFile:
    """The wave as a file, noted in the audit trail; ``Conflict`` before closing and before the result is reckoned."""
    require_everywhere(by, Permission.EXPORT, wave.communities.all())
    result = result_of(wave)
    if result is None:
        raise Conflict(_("结果还在统计，请过一会儿再下载。"))
    chunks = _made(form, wave, result)
    data = {"format": form}
    record("surveys.export_wave", by=by, now=now, subject=wave, organisation_id=wave.organisation_id, data=data)
    return ExportFile(f"{wave}-{NAMES[form]()}.{form}", TYPES[form], chunks)


def _made(form: Form, wave: Wave, result: WaveResult) -> Iterable[bytes]:
    from linsheng.surveys.exports import respondent_files
    from linsheng.surveys.exports.respondents import respondents_of
    from linsheng.surveys.exports.workbook import workbook

    if form == "xlsx":
        return [workbook(wave, result)]
    found = respondents_of(wave, result)
    if form == "json":
        return [DjangoJSONEncoder(ensure_ascii=False, indent=1).encode(respondent_files.codebook(found)).encode()]
    return respondent_files.sav_chunks(found) if form == "sav" else respondent_files.csv_chunks(found)


NAMES: Final[dict[str, Callable[[], str]]] = {
    "xlsx": lambda: _("调查结果"),
    "csv": lambda: _("逐份数据"),
    "sav": lambda: _("逐份数据"),
    "json": lambda: _("编码手册"),
}
