"""Where uploaded rosters lie while they are checked: readable by the server alone, and not for long."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid
from linsheng.core.ids import unguessable

MOST_BYTES: Final = 15 * 1024 * 1024
KEPT: Final = timedelta(hours=24)
SUFFIXES: Final = (".xlsx", ".csv")


def folder() -> Path:
    """Made on first use."""
    path: Path = settings.HOME / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(stored: str) -> Path:
    return folder() / stored


def store(file: "UploadedFile[Any]") -> str:
    """Keep an upload under a random name; raises ``Invalid`` on ``file`` for what is too large or of another kind."""
    name = (file.name or "").lower()
    if not name.endswith(SUFFIXES):
        raise _refused(_("请上传 .xlsx 或 .csv 文件；旧版 .xls 请先另存为 .xlsx。"))
    if (file.size or 0) > MOST_BYTES:
        raise _refused(_("文件超过 %(n)s MB，请拆成几个文件分别导入。") % {"n": MOST_BYTES // 1024 // 1024})
    # The ending says what the file claims to be; reading holds it to that.
    stored = unguessable() + next(suffix for suffix in SUFFIXES if name.endswith(suffix))
    descriptor = os.open(path_of(stored), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return stored


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"file": sentence})


def remove(stored: str) -> None:
    """Remove a file; one that is gone already is no error."""
    if stored:
        path_of(stored).unlink(missing_ok=True)


def older_than(seconds_since_epoch: float) -> Iterator[Path]:
    """Files last written before that instant."""
    return (path for path in folder().iterdir() if path.is_file() and path.stat().st_mtime < seconds_since_epoch)
