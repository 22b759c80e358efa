"""Errors as RFC 9457 problem details, with the sentence that pages would show."""

import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from linsheng.api.sentences import sentence_of
from linsheng.core.errors import DomainError

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

# Code and sentence of what is refused before any operation of ours is asked.
PLAIN: dict[int, tuple[str, str | Promise]] = {
    400: ("bad_request", gettext_lazy("请求无法读取：内容须为 UTF-8 编码的 JSON。")),
    401: ("unauthenticated", gettext_lazy("请在 Authorization 头中提供有效的令牌：Bearer <令牌>。")),
    403: ("forbidden", gettext_lazy("没有权限进行这项操作。")),
    404: ("not_found", gettext_lazy("没有找到，或不在您的范围内。地址请对照 /api/v1/docs。")),
    405: ("method_not_allowed", gettext_lazy("这个地址不接受这种方法，可用的方法见 Allow 头。")),
    413: ("too_large", gettext_lazy("内容太大，请分成几次提交。")),
    415: ("unsupported_media_type", gettext_lazy("请以 JSON 提交内容：Content-Type: application/json。")),
    500: ("server_error", gettext_lazy("服务器出错了，我们已记录。请稍后重试；带上同样的 Idempotency-Key 不会重复办理。")),
}


class FieldError(Schema):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(Schema):
    """RFC 9457: ``detail`` says what happened and what to do; ``errors`` names fields on 422."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []


def problem(status: int, code: str, detail: object, fields: Mapping[str, object] | None = None) -> HttpResponse:
    """An ``application/problem+json`` response."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "code": code,
    }
    body["errors"] = [{"field": name, "message": str(sentence)} for name, sentence in (fields or {}).items()]
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def plain_problem(status: int) -> HttpResponse:
    """The problem of a status that says all there is to say; one without words of its own speaks as its class does."""
    code, detail = PLAIN.get(status) or PLAIN[500 if status >= 500 else 400]
    return problem(status, code, detail)


SOURCES = {"body", "payload", "query", "path", "filters", "header"}


def _field_of(location: Iterable[Any]) -> str:
    """Pydantic's location without the parts that name the source: ``("body","payload","text")`` → ``text``.

    What is wrong with the body as a whole is said of ``body``.
    """
    parts = [str(part) for part in location]
    while parts and parts[0] in SOURCES:
        parts.pop(0)
    return ".".join(parts) or "body"


def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    fields = {_field_of(one["loc"]): sentence_of(one) for one in error.errors}
    return problem(422, "invalid", _("请求内容有误，请看 errors 中标出的字段。"), fields)


# What ninja calls an error that it hands on.
Raised = Exception | type[Exception]


def _unexpected(request: HttpRequest, error: Raised) -> HttpResponse:
    """A mistake of ours: the log has it in full, the answer nothing of it."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error if isinstance(error, Exception) else True)
    return plain_problem(500)


def _plainly(status: int) -> Callable[[HttpRequest, Raised], HttpResponse]:
    return lambda request, error: plain_problem(status)


STATUS_OF: tuple[tuple[type[Exception], int], ...] = (
    (AuthenticationError, 401),
    (Http404, 404),
    (RequestDataTooBig, 413),
    (SuspiciousOperation, 400),
    (UnreadablePostError, 400),
)


def install(api: NinjaAPI) -> None:
    """Teach the API our errors."""

    @api.exception_handler(DomainError)
    def domain(request: HttpRequest, error: DomainError) -> HttpResponse:
        return problem(error.status, error.code, error.message, error.fields)

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return plain_problem(error.status_code)

    for kind, status in STATUS_OF:
        api.add_exception_handler(kind, _plainly(status))
    api.add_exception_handler(ValidationError, _validation)
    api.add_exception_handler(Exception, _unexpected)


# Declared on every operation, so that the schema tells the whole truth.
ERRORS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)
