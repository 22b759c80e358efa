"""Typed reading of the environment: a bad value fails at start, with its name, and never later."""

import os
import secrets
from pathlib import Path

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadEnvironment(Exception):
    """A variable holds something that cannot be what was meant."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise BadEnvironment(f"{name}={value!r}: use 1 or 0")


def number(name: str, default: int) -> int:
    value = os.environ.get(name)
    try:
        return default if value is None else int(value)
    except ValueError as error:
        raise BadEnvironment(f"{name}={value!r}: use a whole number") from error


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def home(base: Path) -> Path:
    """The folder that holds all state; made on first use, readable by its owner alone."""
    folder = Path(os.environ.get("LINSHENG_HOME") or base / "var")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret(folder: Path) -> str:
    """SECRET_KEY from the environment, else one made once and kept beside the data."""
    if value := os.environ.get("SECRET_KEY"):
        return value
    file = folder / "secret_key"
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return file.read_text().strip()
