"""Secrets too short to be safe as plain hashes are stored keyed with the installation's own secret."""

from django.utils.crypto import salted_hmac


def keyed_hash(purpose: str, *parts: str) -> str:
    """64 hex digits that say nothing without SECRET_KEY; each purpose has its own key."""
    return salted_hmac(f"linsheng.accounts.{purpose}", "\0".join(parts), algorithm="sha256").hexdigest()
