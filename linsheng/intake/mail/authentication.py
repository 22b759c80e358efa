"""Whether the sender's domain stands behind the mail: only as a server of ours says, that the company named.

Anybody can write an ``Authentication-Results`` header. Only those of a named server count, and of these only the topmost run: the
server puts its own above all that was in the mail when it came. (RFC 8601 has it remove forged ones that bear its name.)
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from linsheng.intake.mail.headers import Headers
from linsheng.intake.mail.model import Authentication

HEADER: Final = "authentication-results"
RESULT: Final = re.compile(r"^\s*(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.I)
PROPERTY: Final = re.compile(r"(?:header\.(?:from|d|i)|smtp\.(?:mailfrom|helo))\s*=\s*\"?([^\s;\"]+)", re.I)
# Under these a name is registered one level lower: example.com.cn is a domain, com.cn is none.
SECOND_LEVEL: Final = frozenset(["com", "net", "org", "gov", "edu", "ac", "co", "mil", "or", "ne", "go"])


def authenticate(headers: Headers, from_address: str, trusted_servers: Collection[str], *, several: bool) -> Authentication:
    """The verdict on the domain of the From address."""
    trusted = {server.strip().lower().rstrip(".") for server in trusted_servers if server.strip()}
    if several:
        # No domain can stand behind two senders (RFC 7489, 6.6.1).
        return Authentication("fail", "from")
    values = list(_of_trusted(headers, trusted))
    if not values or "@" not in from_address:
        return Authentication()
    server, results = values[0][0], [result for _, some in values for result in some]
    return _judged(results, from_address.rpartition("@")[2], server)


def _of_trusted(headers: Headers, trusted: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """The topmost run of results by a trusted server: up to the next Received, which begins an earlier stage."""
    begun = False
    for name, raw in headers.fields:
        if begun and name == "received":
            return
        if name != HEADER:
            continue
        pieces = _pieces(raw.decode("ascii", "replace"))
        server = pieces[0].split()[0].lower().rstrip(".") if pieces and pieces[0].split() else ""
        if server in trusted:
            begun = True
            yield server, pieces[1:]


def _pieces(value: str) -> list[str]:
    """The value cut at semicolons; comments, which may hold anything, taken out."""
    found: list[str] = [""]
    depth, quoted, escaped = 0, False, False
    for character in value[:20_000]:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and not quoted and depth:
            depth -= 1
        elif character == ";" and not quoted and not depth:
            found.append("")
        elif not depth:
            found[-1] += character
    return [piece.strip() for piece in found]


def _judged(results: list[str], domain: str, server: str) -> Authentication:
    found: list[tuple[str, str, str]] = []
    for text in results:
        if match := RESULT.match(text):
            named = [one.rpartition("@")[2].lower().strip(".") for one in PROPERTY.findall(text)]
            found.append(
                (
                    match[1].lower(),
                    match[2].lower(),
                    next((one for one in named if aligned(one, domain)), named[0] if named else ""),
                )
            )
    for method, result, about in found:
        if method == "dmarc" and result in {"pass", "fail", "reject", "quarantine"} and (not about or aligned(about, domain)):
            return Authentication("pass" if result == "pass" else "fail", "dmarc", domain, server)
    for method, result, about in found:
        if method in {"spf", "dkim"} and result == "pass" and aligned(about, domain):
            return Authentication("pass", method, about, server)
    for method, result, about in found:
        if method in {"spf", "dkim"} and result in {"fail", "hardfail"} and (not about or aligned(about, domain)):
            return Authentication("fail", method, about or domain, server)
    return Authentication(server=server)


def aligned(one: str, other: str) -> bool:
    """Whether two names lie under one registered domain (DMARC's relaxed alignment)."""
    return bool(one) and registered(one) == registered(other)


def registered(domain: str) -> str:
    labels = domain.lower().strip(".").split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:])
