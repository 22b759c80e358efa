"""Raw mails as files of random names: written whole and to the disk before anything points at them, read back as bytes."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings

from linsheng.core.ids import unguessable

PIECE = 256 * 1024
# Written to the disk, and no row points at it: whoever wrote it was killed before the row; its sender sends it again.
ORPHAN_AFTER = timedelta(days=2)


class TooLargeError(Exception):
    """More than is read at once."""


@dataclass(frozen=True)
class Stored:
    """A file that is safely on the disk."""

    name: str
    size: int
    sha256: str


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "mail"


def path_of(name: str) -> Path:
    """Where a raw mail lies; the names are ours, and made of two parts."""
    return folder() / name


def write(source: IO[bytes] | bytes, now: datetime) -> Stored:
    """Copy piece by piece, whatever the size, and return once it is on the disk."""
    month = folder() / now.strftime("%Y-%m")
    month.mkdir(parents=True, exist_ok=True, mode=0o700)
    name, digest, size = f"{unguessable()}.eml", hashlib.sha256(), 0
    descriptor = os.open(month / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            for piece in _pieces(source):
                digest.update(piece)
                size += len(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        _sync_folder(month)
    except BaseException:
        (month / name).unlink(missing_ok=True)
        raise
    return Stored(f"{month.name}/{name}", size, digest.hexdigest())


def _pieces(source: IO[bytes] | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    while piece := source.read(PIECE):
        yield piece


def _sync_folder(month: Path) -> None:
    """The name itself must be on the disk, too."""
    descriptor = os.open(month, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(name: str) -> bytes:
    """The whole mail; larger ones than are ever parsed raise ``TooLargeError``."""
    path = path_of(name)
    if path.stat().st_size > settings.MAIL_MAX_BYTES:
        raise TooLargeError(name)
    return path.read_bytes()


def pieces_of(name: str) -> Iterator[bytes]:
    """The mail piece by piece."""
    with path_of(name).open("rb") as handle:
        yield from _pieces(handle)


def read_head(name: str, most: int = 65_536) -> bytes:
    """The beginning, where the headers are: enough to know who wrote a mail that is too large to read."""
    with path_of(name).open("rb") as handle:
        return handle.read(most)


def remove(name: str) -> None:
    if name:
        path_of(name).unlink(missing_ok=True)


def orphans(known: set[str], now: datetime) -> list[str]:
    """Files that no row names, written long enough ago."""
    before = (now - ORPHAN_AFTER).timestamp()
    files = folder().glob("*/*.eml") if folder().is_dir() else []
    found = [f"{file.parent.name}/{file.name}" for file in files if file.stat().st_mtime < before]
    return [name for name in found if name not in known]
