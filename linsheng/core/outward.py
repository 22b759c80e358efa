"""HTTP to the world outside: to providers, and to addresses that somebody typed.

What somebody typed must not lead into our own network. The name is resolved once, every address it has is judged, and the
connection goes to that very address, with the name in SNI, certificate check and ``Host``: no second look-up can say otherwise.
Redirects are not followed, answers are bounded in size, the whole exchange in time. ``OUTGOING_PRIVATE_HOSTS`` names the hosts
inside that are meant; ``trusted`` is for addresses that come from the settings themselves.
"""

import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

PORTS = {"https": (443, 8443)}
NAT64 = ip_network("64:ff9b::/96")
# Shared address space of carriers, in which clouds keep their own services (100.100.100.200 among them).
SHARED = ip_network("100.64.0.0/10")


class Refused(Exception):
    """We do not go there; the message says why."""


class Unreachable(Exception):
    """No whole answer came. ``sent`` says whether the request may have arrived all the same."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True)
class Limits:
    """Seconds to connect, between two pieces of an answer, and for the whole; bytes of the answer that are read."""

    connect: float = 5
    read: float = 10
    total: float = 20
    size: int = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Target:
    """An address taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    named: bool = field(default=False, compare=False)  # the settings say that this host inside is meant

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def parsed(url: str, *, trusted: bool = False) -> Target:
    """The address taken apart. Raises ``Refused`` for what is no https address (http only for hosts that the settings name)."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").encode("idna").decode() if parts.hostname else ""
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except (ValueError, UnicodeError) as error:
        raise Refused(_("网址写得不对，请核对。")) from error
    if not host or any(character.isspace() or not character.isprintable() for character in url.strip()):
        raise Refused(_("网址写得不对，请核对。"))
    if parts.username is not None or parts.password is not None:
        raise Refused(_("网址里不能带用户名或密码。"))
    named = trusted or is_named(host, port)
    if parts.scheme != "https" and not (parts.scheme == "http" and named):
        raise Refused(_("网址须以 https:// 开头。"))
    if not named and port not in PORTS["https"]:
        raise Refused(_("只能用端口 443 或 8443。"))
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path, named)


def is_named(host: str, port: int) -> bool:
    """Whether ``OUTGOING_PRIVATE_HOSTS`` names it: ``host`` for its usual ports, ``host:port`` for that port."""
    allowed = {word.lower() for word in settings.OUTGOING_PRIVATE_HOSTS}
    return f"{host}:{port}" in allowed or (host in allowed and port in (80, 443, 8443))


def is_public(address: str) -> bool:
    """Whether an address lies in the open internet, through every way of writing one address inside another."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    elif found in SHARED:
        return False
    plain = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback or found.is_link_local
    return found.is_global and not found.is_private and not plain


def _inner(found: IPv6Address) -> IPv4Address | None:
    if found.ipv4_mapped or found.sixtofour:
        return found.ipv4_mapped or found.sixtofour
    if found.teredo:
        return found.teredo[1]
    if found in NAT64 or (int(found) >> 32 == 0 and int(found) > 1):
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return None


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as the system's resolver says; ``2130706433`` and ``0177.0.0.1`` are addresses too."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("找不到 %(host)s 这个地址。") % {"host": host}, sent=False) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(target: Target) -> list[str]:
    """The addresses to connect to. Raises ``Refused`` if one of them lies inside."""
    addresses = resolve(target.host, target.port)
    if not target.named and not all(is_public(address) for address in addresses):
        raise Refused(_("%(host)s 指向内部网络的地址，不能访问。") % {"host": target.host})
    return addresses


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    trusted: bool = False,
) -> Answer:
    """One request, one answer. Raises ``Refused`` or ``Unreachable``."""
    limits = limits or Limits()
    target = parsed(url, trusted=trusted)
    said = {"User-Agent": "Linsheng", "Accept-Encoding": "identity", **(headers or {}), "Host": target.authority}
    last: Unreachable | None = None
    for address in checked(target)[:2]:
        try:
            return _exchange(target, address, limits, (method, body, said))
        except Unreachable as error:
            if error.sent:
                raise
            last = error
    raise last or Unreachable(_("找不到 %(host)s 这个地址。") % {"host": target.host}, sent=False)


def _connection(target: Target, address: str, limits: Limits) -> "HTTPConnection":
    from urllib3.connection import HTTPConnection, HTTPSConnection

    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=limits.connect)
    context = ssl.create_default_context()
    if settings.OUTGOING_CA_FILE:
        context.load_verify_locations(settings.OUTGOING_CA_FILE)
    return HTTPSConnection(address, target.port, timeout=limits.connect, ssl_context=context, server_hostname=target.host)


def _exchange(target: Target, address: str, limits: Limits, asked: tuple[str, bytes, dict[str, str]]) -> Answer:
    from urllib3.exceptions import HTTPError

    method, body, headers = asked
    connection = _connection(target, address, limits)
    # A side that sends a byte now and then keeps every read alive: at the end of the whole time the line is cut.
    late = threading.Event()
    cut = threading.Timer(limits.total, _cut, [connection, late])
    cut.daemon = True
    cut.start()
    sent = False
    try:
        connection.connect()
        if connection.sock is not None:
            connection.sock.settimeout(limits.read)
        sent = True
        connection.request(method, target.path, body or None, headers, preload_content=False, decode_content=False)
        response = connection.getresponse()
        found = response.read(limits.size, decode_content=False)
        if late.is_set():
            # Headers that end in the middle look like headers that end.
            raise TimeoutError
        return Answer(response.status, dict(response.headers), found)
    except (HTTPError, HTTPException, OSError, ValueError, AttributeError) as error:
        raise Unreachable(_words(target.host, error), sent=sent) from error
    finally:
        cut.cancel()
        connection.close()


def _cut(connection: "HTTPConnection", late: threading.Event) -> None:
    late.set()
    sock = connection.sock
    if sock is None:
        return
    try:
        # The plain socket's own: TLS would take leave politely, and wait for an answer.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return


def _words(host: str, error: Exception) -> str:
    from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ReadTimeoutError

    values = {"host": host}
    reason = error.__cause__ or error
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError | TimeoutError):
        return _("%(host)s 没有在限定时间内回应。") % values
    if isinstance(error, ssl.SSLError) or isinstance(reason, ssl.SSLError):
        return _("%(host)s 的安全证书有问题。") % values
    if isinstance(error, NameResolutionError):
        return _("找不到 %(host)s 这个地址。") % values
    if isinstance(error, NewConnectionError | ConnectionRefusedError):
        return _("连不上 %(host)s。") % values
    return _("与 %(host)s 的连接中断了。") % values
