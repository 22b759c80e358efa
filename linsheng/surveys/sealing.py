"""Codes of ballots, and the seal on answers until a wave is closed. See ``docs/adr/`` on anonymity for what this protects from.

Both come from two halves: SECRET_KEY, which no dump of the database holds, and the wave's own secret, destroyed at closing.
"""

import hashlib
import hmac
import json
import secrets
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from linsheng.core.errors import Conflict
from linsheng.core.ids import ALPHABET
from linsheng.surveys.models import Ballot, Question, QuestionType, Wave

# 27 characters of 31 are 133 bits.
CODE_LENGTH: Final = 27
TEXT_LENGTH: Final = 500
MOST_BYTES_A_CHARACTER: Final = 4
STEP: Final = 1024
NONCE_BYTES: Final = 12


def new_secret() -> str:
    return secrets.token_hex(32)


@lru_cache(maxsize=64)
def _key(installation: str, secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose, from both halves."""
    return hmac.new(f"linsheng.surveys.{purpose}:{installation}".encode(), bytes.fromhex(secret), hashlib.sha256).digest()


def _keys(wave: Wave, purpose: str) -> list[bytes]:
    """With the present SECRET_KEY first, then with those before it."""
    if not wave.secret:
        raise Conflict(_("调查已经结束，凭证和密钥都已销毁。"))
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_key(installation, wave.secret, purpose) for installation in known]


def check_of(wave: Wave) -> str:
    """Stands with the wave: tells whether this installation still has the half of the key that the wave was opened with."""
    return hashlib.sha256(_keys(wave, "check")[0]).hexdigest()


def _usable(wave: Wave, purpose: str) -> bytes:
    """The key under which this wave was opened; raises ``Conflict`` where this installation has lost it."""
    for check, key in zip(_keys(wave, "check"), _keys(wave, purpose), strict=True):
        if hmac.compare_digest(hashlib.sha256(check).hexdigest(), wave.secret_check):
            return key
    raise Conflict(_("这台服务器的密钥（SECRET_KEY）与调查开始时不同，暂时不能收答卷。请管理员恢复原来的密钥。"))


def code_for(wave: Wave, ballot: Ballot) -> str:
    """The code that stands on the letter: made anew whenever it is needed, stored nowhere."""
    said = f"{ballot.home_id}:{ballot.nonce}:{ballot.issue}"
    number = int.from_bytes(hmac.new(_usable(wave, "code"), said.encode(), hashlib.sha256).digest(), "big")
    letters = []
    for _place in range(CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def capacity_for(questions: list[Question]) -> int:
    """How long a sealed answer of these questions can be at most; all are made as long as that."""
    size = 256
    for question in questions:
        size += len(question.key.encode()) + 16
        if question.kind == QuestionType.TEXT:
            size += TEXT_LENGTH * MOST_BYTES_A_CHARACTER
        else:
            size += sum(len(str(option["value"]).encode()) + 4 for option in question.options) + 8
    return -(-size // STEP) * STEP


def seal(wave: Wave, content: dict[str, Any], capacity: int) -> bytes:
    """Encrypted and authenticated, padded to ``capacity``: every sealed answer of a wave looks alike."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > capacity:
        raise ValueError(f"an answer of {len(plain)} bytes does not fit into {capacity}")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_usable(wave, "urn")).encrypt(nonce, plain.ljust(capacity), str(wave.pk).encode())


def unseal(wave: Wave, sealed: bytes | memoryview) -> dict[str, Any]:
    """What ``seal`` was given; raises ``Conflict`` where the key is another one or a byte was changed."""
    whole = bytes(sealed)
    try:
        plain = AESGCM(_usable(wave, "urn")).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], str(wave.pk).encode())
    except InvalidTag as error:
        raise Conflict(_("有答卷无法打开：密钥不同，或数据被改动过。调查没有结束，请联系管理员。")) from error
    content: dict[str, Any] = json.loads(plain)
    return content
