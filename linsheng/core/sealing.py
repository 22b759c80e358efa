"""Secrets of other servers, sealed with the installation's key: a copy of the database alone opens nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _box(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"linsheng.sealing.{purpose}\n{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def sealed(text: str, *, purpose: str) -> str:
    return _box(purpose).encrypt(text.encode()).decode() if text else ""


def opened(text: str, *, purpose: str) -> str:
    """The text; empty where it was sealed with another key (then it has to be entered again)."""
    try:
        return _box(purpose).decrypt(text.encode()).decode() if text else ""
    except InvalidToken:
        return ""
