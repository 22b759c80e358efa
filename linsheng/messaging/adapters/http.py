"""Speaking to providers: one request, and their trouble in our words."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from linsheng.core import outward
from linsheng.messaging.adapters.base import DeliveryError, PermanentError, TemporaryError, UncertainError, Words

JSON_TYPE = "application/json; charset=utf-8"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Said(NamedTuple):
    """What one of a provider's codes means; ``later`` is how long to wait, None: no use trying again."""

    words: Words
    later: timedelta | None = None


def base_of(provider: str) -> str:
    """Where a provider is, as the settings say."""
    return str(settings.PROVIDER_URLS[provider]).rstrip("/")


def ask(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    trusted: bool = True,
    repeatable: bool = True,
) -> outward.Answer:
    """One request. An answer that got lost is a reason to try again only where a repeat does no harm."""
    try:
        answer = outward.request(method, url, body=body, headers=headers, trusted=trusted)
    except outward.Refused as error:
        raise PermanentError(str(error)) from error
    except outward.Unreachable as error:
        if error.sent and not repeatable:
            raise UncertainError(_("%(why)s不能确定对方是否已经收下，为免重复没有自动重发。") % {"why": str(error)}) from error
        raise TemporaryError(str(error)) from error
    if answer.status == 429 or answer.status >= 500:
        raise TemporaryError(_("服务商暂时忙（HTTP %(status)s）。") % {"status": answer.status}, after=MINUTE)
    return answer


def told(answer: outward.Answer) -> dict[str, Any]:
    """The JSON object of an answer; an answer that is none is the wrong address."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise PermanentError(_("对方的回应看不懂（HTTP %(status)s），请核对接口地址。") % {"status": answer.status})
    return found


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def judged(code: str, detail: str, meanings: Mapping[str, Said], *, transient: bool = False) -> DeliveryError:
    """The error for a provider's code: our words where we have them, then theirs, shortened."""
    said = meanings.get(code) or Said(_("服务商没有收下。"), MINUTE if transient else None)
    words = _("%(words)s（%(code)s：%(detail)s）") % {"words": said.words, "code": code, "detail": detail[:200]}
    return PermanentError(words) if said.later is None else TemporaryError(words, after=said.later)


def clipped(text: str, size: int) -> str:
    """At most ``size`` bytes of UTF-8, cut between characters."""
    raw = text.encode()
    return text if len(raw) <= size else raw[: size - 3].decode(errors="ignore") + "…"
