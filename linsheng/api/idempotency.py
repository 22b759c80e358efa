"""``Idempotency-Key``: a repeated POST gets the first answer again, also when both arrive at once."""

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any, ParamSpec

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Status

from linsheng.api.auth import caller, instant
from linsheng.api.models import KeptAnswer
from linsheng.core.errors import Conflict, Invalid

P = ParamSpec("P")
# (status, body): what an operation answers.
Answer = tuple[int, dict[str, Any]]
Sent = Status[dict[str, Any]]
LONGEST_KEY = 200


def _digest(request: HttpRequest) -> str:
    content = b"\n".join([str(request.method).encode(), request.get_full_path().encode(), request.body])
    return hashlib.sha256(content).hexdigest()


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """The answer as it will be sent, so that a repeat is the same to the letter."""
    kept: dict[str, Any] = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
    return kept


def _repeat(kept: KeptAnswer, digest: str) -> Answer:
    if kept.request_digest != digest:
        raise Conflict(_("这个 Idempotency-Key 已用于另一个请求，请为新的请求换一个。"))
    return kept.status, kept.body


def _first(request: HttpRequest, key: str, digest: str, run: Callable[[], Answer]) -> Answer:
    """Run once. The key's row and what the action writes are one transaction: a killed process leaves neither."""
    with transaction.atomic():
        kept = KeptAnswer.objects.create(user=caller(request), key=key, request_digest=digest, created_at=instant(request))
        kept.status, body = run()
        kept.body = _plain(body)
        kept.save(update_fields=["status", "body"])
    return kept.status, kept.body


def idempotent(view: Callable[P, Answer]) -> Callable[P, Sent]:
    """Let an operation honour the header; without one it simply runs."""

    @functools.wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Sent:
        request = args[0]
        if not isinstance(request, HttpRequest):
            raise TypeError("an operation's first argument is the request")
        return Status(*_answer(request, lambda: view(*args, **kwargs)))

    return wrapped


def _answer(request: HttpRequest, run: Callable[[], Answer]) -> Answer:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return run()
    if len(key) > LONGEST_KEY:
        raise Invalid(_("Idempotency-Key 最长 200 个字符。"), fields={"Idempotency-Key": _("最长 200 个字符。")})
    if not key.isprintable():
        raise Invalid(_("Idempotency-Key 只能用看得见的字符。"), fields={"Idempotency-Key": _("只能用看得见的字符。")})
    digest = _digest(request)
    if kept := KeptAnswer.objects.filter(user=caller(request), key=key).first():
        return _repeat(kept, digest)
    try:
        return _first(request, key, digest, run)
    except IntegrityError:
        # The same request was quicker by a moment; without its row the error is another one.
        kept = KeptAnswer.objects.filter(user=caller(request), key=key).first()
        if kept is None:
            raise
        return _repeat(kept, digest)
