"""The API, put together: ``/api/v1/``."""

from collections.abc import Mapping
from typing import Any

from ninja import NinjaAPI, Router
from ninja.renderers import JSONRenderer

from linsheng import __version__
from linsheng.api import problems
from linsheng.api.auth import TokenAuth

DESCRIPTION = """邻声 Linsheng: the same actions and permissions as the pages.

Every call needs `Authorization: Bearer <token>`. Lists answer `{"items": [...], "next": cursor|null}`.
Errors are RFC 9457 problem details. Send `Idempotency-Key` with a POST to make its repetition safe."""


class PlainJson(JSONRenderer):
    """Chinese as it is written, not as escapes: shorter, and readable on a terminal."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


def build() -> NinjaAPI:
    """Made by a function, so that tests and the schema command get one of their own."""
    # The schema and its page are served by our own views: prebuilt, and without scripts from elsewhere.
    api = NinjaAPI(
        title="Linsheng",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        auth=TokenAuth(),
        renderer=PlainJson(),
    )
    problems.install(api)
    # They use what is defined above.
    from linsheng.api import (  # noqa: PLC0415
        calls,
        cases,
        mails,
        places,
        report_places,
        steps,
        survey_exports,
        survey_publishing,
        triage,
        wave_results,
        waves,
        webhooks,
    )

    surveys = (waves, wave_results, survey_exports, survey_publishing)
    for module in (places, report_places, cases, steps, triage, mails, *surveys, calls, webhooks):
        _add(api, module.router)
    return api


def _add(api: NinjaAPI, router: Router) -> None:
    api.add_router("", router)


def schema(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document."""
    document = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    for path in document["paths"].values():
        for operation in path.values():
            _as_problems(operation["responses"])
    return document


def _as_problems(responses: dict[Any, Any]) -> None:
    """Say of each error by which media type it really comes."""
    for status, response in responses.items():
        if int(status) >= 400 and "content" in response:
            (content,) = response["content"].values()
            response["content"] = {problems.MEDIA_TYPE: content}
