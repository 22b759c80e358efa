"""What commands that write files have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """What the disk says against it, as a sentence with what to do."""
    try:
        yield
    except OSError as error:
        said = {"place": error.filename or out, "why": error.strerror}
        raise CommandError(_("不能写到 %(place)s（%(why)s）：请用 --out 指定别的地方，或先腾出位置、开放权限。") % said) from None
