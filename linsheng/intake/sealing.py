"""Secrets of other servers, sealed with the installation's key: a copy of the database alone opens nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _box() -> Fernet:
    key = hashlib.sha256(f"linsheng.intake.sealing\n{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def sealed(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode() if secret else ""


def opened(text: str) -> str:
    """The secret; empty where it was sealed with another key (then it has to be entered again)."""
    try:
        return _box().decrypt(text.encode()).decode() if text else ""
    except InvalidToken:
        return ""
