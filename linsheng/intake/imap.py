"""Speaking IMAP to one mailbox: sign in, list what is new, bring a mail piece by piece, mark it. Knows nothing of our database."""

import io
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from imaplib import IMAP4, Internaldate2tuple
from time import mktime
from typing import Final

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError, UnexpectedCommandStatusError

from linsheng.intake.models import Mailbox
from linsheng.intake.sealing import opened

SECONDS: Final = 20
PIECE: Final = 512 * 1024
FAILURES: Final = (OSError, IMAP4.error, ImapToolsError)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxFault(Exception):
    """It did not work; the message says why, for people."""


@dataclass(frozen=True)
class Waiting:
    """What a look at the folder found."""

    messages: int
    unseen: int


def _connected(mailbox: Mailbox) -> BaseMailBox:
    if mailbox.security == Mailbox.Security.SSL:
        return MailBox(mailbox.host, mailbox.port, timeout=SECONDS)
    if mailbox.security == Mailbox.Security.STARTTLS:
        return MailBoxStartTls(mailbox.host, mailbox.port, timeout=SECONDS)
    return MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=SECONDS)


@contextmanager
def session(mailbox: Mailbox) -> Iterator["Session"]:
    """Signed in, with the folder open; every failure is a ``MailboxFault`` with words."""
    connection: BaseMailBox | None = None
    try:
        connection = _connected(mailbox)
        connection.login(mailbox.username, opened(mailbox.secret), initial_folder=None)
        connection.folder.set(mailbox.folder)
        yield Session(connection)
    except FAILURES as error:
        raise MailboxFault(words_of(error, mailbox)) from error
    finally:
        if connection is not None:
            _leave(connection)


def _leave(connection: BaseMailBox) -> None:
    try:
        connection.logout()
    except FAILURES:
        # The other side is gone already.
        connection.client.shutdown()


class Session:
    """One open folder."""

    def __init__(self, connection: BaseMailBox) -> None:
        self._box = connection
        self._client = connection.client

    @property
    def uid_validity(self) -> int:
        _kind, data = self._client.response("UIDVALIDITY")
        return int(data[0] or 0) if data else 0

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self._client.capabilities

    def waiting(self) -> Waiting:
        status = self._box.folder.status(self._box.folder.get())
        return Waiting(int(status.get("MESSAGES", 0)), int(status.get("UNSEEN", 0)))

    def uids(self, after: int, *, unseen: bool = False) -> list[int]:
        """The UIDs above ``after``, in order. A server answers ``n:*`` with its last one even if that is lower."""
        criteria = f"UID {after + 1}:*" + (" UNSEEN" if unseen else "")
        _kind, data = self._checked(self._client.uid("SEARCH", criteria), "SEARCH")
        found = sorted(int(word) for word in (data[0] or b"").split())
        return [uid for uid in found if uid > after]

    def described(self, uid: int) -> tuple[int, datetime | None]:
        """Size, and when it reached the server."""
        _kind, data = self._checked(self._client.uid("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)"), "FETCH")
        line = b" ".join(part if isinstance(part, bytes) else b" ".join(part) for part in data if part)
        size = _SIZE.search(line)
        if size is None:
            raise LookupError(uid)
        arrived = Internaldate2tuple(line)
        return int(size[1]), datetime.fromtimestamp(mktime(arrived), UTC) if arrived else None

    def source(self, uid: int) -> io.BufferedReader:
        """The mail's bytes as a stream: never the whole of it in memory."""
        return io.BufferedReader(_Pieces(self._client, uid), PIECE)

    def mark(self, uid: int, folder: str) -> None:
        """It is safe with us: seen, or moved away."""
        if folder:
            self._box.move(str(uid), folder)
        else:
            self._box.flag(str(uid), r"\Seen", True)

    def idle(self, seconds: int) -> bool:
        """Wait until the server says that something happened, or the time is over."""
        return bool(self._box.idle.wait(timeout=seconds))

    def _checked(self, answer: tuple[str, list[bytes]], command: str) -> tuple[str, list[bytes]]:
        if answer[0] != "OK":
            raise UnexpectedCommandStatusError(answer, "OK")
        return answer


class _Pieces(io.RawIOBase):
    """``BODY.PEEK[]<offset.length>`` again and again."""

    def __init__(self, client: IMAP4, uid: int) -> None:
        self._client, self._uid, self._offset, self._ended = client, uid, 0, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stubs know only what may be passed
        if self._ended:
            return 0
        asked = f"(BODY.PEEK[]<{self._offset}.{len(buffer)}>)"
        kind, data = self._client.uid("FETCH", str(self._uid), asked)
        if kind != "OK":
            # Half a mail must not pass for a whole one.
            raise UnexpectedCommandStatusError((kind, data), "OK")
        if not data or not isinstance(data[0], tuple):
            self._ended = True
            if self._offset:
                return 0
            raise LookupError(self._uid)
        piece = data[0][1]
        buffer[: len(piece)] = piece
        self._offset += len(piece)
        self._ended = len(piece) < len(buffer)
        return len(piece)


def words_of(error: Exception, mailbox: Mailbox) -> str:
    """What went wrong, with the server's own words where it had some."""
    if isinstance(error, MailboxLoginError):
        return _("服务器拒绝登录，请核对登录名和密码（QQ、163 等需用授权码）：%(said)s") % {"said": _said(error)}
    if isinstance(error, UnexpectedCommandStatusError):
        return _("服务器没有接受请求，请核对收件文件夹：%(said)s") % {"said": _said(error)}
    return network_words(error, mailbox.host, mailbox.port)


def network_words(error: Exception, host: str, port: int) -> str:
    """Why no server was reached at all, or could not be spoken to."""
    said = re.sub(r"^b?['\"]|['\"]$", "", str(error)).strip()
    if isinstance(error, ssl.SSLError):
        return _("加密连接失败，请核对加密方式和端口：%(said)s") % {"said": said}
    if isinstance(error, TimeoutError):
        return _("服务器 %(host)s 没有应答，请核对地址和端口，或检查网络。") % {"host": host}
    if isinstance(error, ConnectionRefusedError):
        return _("服务器 %(host)s 拒绝连接，请核对端口 %(port)s。") % {"host": host, "port": port}
    return _("连接 %(host)s 失败：%(said)s") % {"host": host, "said": said or type(error).__name__}


def _said(error: Exception) -> str:
    """The server's words out of a failed answer."""
    answer = getattr(error, "command_result", None)
    data = answer[1] if isinstance(answer, tuple) and len(answer) > 1 else []
    words = [part.decode(errors="replace") if isinstance(part, bytes) else str(part) for part in data if part]
    return " ".join(words)[:300] or str(error)[:300]
