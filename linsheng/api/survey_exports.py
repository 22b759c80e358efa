"""A closed survey as files: who may see its figures and may export gets them, and it is written down."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router

from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.problems import ERRORS
from linsheng.api.waves import visible_wave
from linsheng.core.tabular import file_response
from linsheng.surveys import actions
from linsheng.surveys.actions.exporting import TYPES, Form

router = Router(tags=["surveys"], by_alias=True)


def _export(request: HttpRequest, wave_id: int, form: Form) -> HttpResponseBase:
    user = caller(request)
    wave = visible_wave(user, wave_id, Permission.EXPORT)
    made = actions.export_wave(wave=wave, form=form, by=user, now=instant(request))
    return file_response(made.name, made.content_type, made.chunks)


def _file(form: Form) -> dict[str, Any]:
    """What stands in the schema of a file."""
    content = {TYPES[form]: {"schema": {"type": "object"} if form == "json" else {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "OK", "content": content}}}


@router.get(
    "/waves/{wave_id}/export.xlsx",
    response=ERRORS,
    openapi_extra=_file("xlsx"),
    operation_id="exportWaveWorkbook",
    summary="The result as a workbook: tables with their charts",
)
def export_workbook(request: HttpRequest, wave_id: int) -> HttpResponseBase:
    return _export(request, wave_id, "xlsx")


@router.get(
    "/waves/{wave_id}/export.csv",
    response=ERRORS,
    openapi_extra=_file("csv"),
    operation_id="exportWaveCsv",
    summary="Answers one by one, with nothing that tells who gave them",
)
def export_csv(request: HttpRequest, wave_id: int) -> HttpResponseBase:
    return _export(request, wave_id, "csv")


@router.get(
    "/waves/{wave_id}/export.sav",
    response=ERRORS,
    openapi_extra=_file("sav"),
    operation_id="exportWaveSav",
    summary="The same for SPSS, PSPP and R, with labels and kinds of missing values",
)
def export_sav(request: HttpRequest, wave_id: int) -> HttpResponseBase:
    return _export(request, wave_id, "sav")


@router.get(
    "/waves/{wave_id}/export.json",
    response=ERRORS,
    openapi_extra=_file("json"),
    operation_id="exportWaveCodebook",
    summary="The codebook of these files",
)
def export_codebook(request: HttpRequest, wave_id: int) -> HttpResponseBase:
    return _export(request, wave_id, "json")
