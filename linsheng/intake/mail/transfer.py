"""Transfer encodings undone: base64 with junk in it, damaged quoted-printable, and what is not encoded at all."""

import binascii
import re
from collections.abc import Iterator
from typing import Final

ALPHABET: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOT_BASE64: Final = bytes(sorted(set(range(256)) - set(ALPHABET) - {ord("=")}))
SPACES: Final = b" \t\r\n"
CHUNK: Final = 512 * 1024
PADDING: Final = re.compile(rb"=+")
SOFT_END: Final = re.compile(rb"\n")


def decoded_chunks(raw: memoryview, encoding: str) -> Iterator[bytes]:
    """The decoded bytes of a part, in pieces of bounded size."""
    if encoding == "base64":
        return _base64_chunks(raw)
    if encoding == "quoted-printable":
        return _quoted_printable_chunks(raw)
    return (bytes(raw[start : start + CHUNK]) for start in range(0, len(raw), CHUNK))


def decoded(raw: memoryview, encoding: str, most: int) -> bytes:
    """At most ``most`` decoded bytes: what is enough to look at."""
    found = bytearray()
    for chunk in decoded_chunks(raw, encoding):
        found += chunk
        if len(found) >= most:
            break
    return bytes(found[:most])


def decoded_size(raw: memoryview, encoding: str) -> int:
    """How long the decoded bytes are, without keeping them."""
    return sum(len(chunk) for chunk in decoded_chunks(raw, encoding))


def _base64_chunks(raw: memoryview) -> Iterator[bytes]:
    rest = b""
    for start in range(0, len(raw), CHUNK):
        clean = rest + bytes(raw[start : start + CHUNK]).translate(None, NOT_BASE64)
        pieces = PADDING.split(clean)
        # Padding ends a quantum wherever it stands: some programmes encode line by line.
        for piece in pieces[:-1]:
            yield _quanta(piece)
        last = pieces[-1]
        whole = len(last) - len(last) % 4
        yield _quanta(last[:whole])
        rest = last[whole:]
    if rest:
        yield _quanta(rest)


def _quanta(piece: bytes) -> bytes:
    """Decode what is whole; a single character left over says nothing."""
    left = len(piece) % 4
    piece = piece[:-1] if left == 1 else piece + b"=" * (-left % 4)
    return binascii.a2b_base64(piece)


def _quoted_printable_chunks(raw: memoryview) -> Iterator[bytes]:
    start = 0
    while start < len(raw):
        end = min(start + CHUNK, len(raw))
        if end < len(raw):
            # Cut behind a line, so that no escape is torn apart.
            line_end = bytes(raw[start:end]).rfind(b"\n")
            end = start + line_end + 1 if line_end > 0 else _outside_an_escape(raw, end)
        yield binascii.a2b_qp(bytes(raw[start:end]))
        start = end


def _outside_an_escape(raw: memoryview, end: int) -> int:
    for back in (1, 2):
        if raw[end - back] == ord("="):
            return end - back
    return end
