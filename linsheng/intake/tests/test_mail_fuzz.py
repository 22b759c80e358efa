"""Whatever the bytes: the reader never raises, never takes long, and gives a text or says what was wrong."""

import base64
import resource
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linsheng.intake.mail import Fault, ReadMail, read_mail
from linsheng.intake.tests.test_mail_fixtures import MAILS

SEEDS = sorted(MAILS.glob("*.eml"))
LABELS = [
    "gb2312",
    "gbk",
    "gb18030",
    "x-gbk",
    "cn-gb",
    "utf-8",
    "big5",
    "iso-8859-1",
    "us-ascii",
    "hz",
    "utf-7",
    "utf-16",
    "iso-2022-jp",
    "rot13",
    "x\0y",
    "",
]
NAMES = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "Reply-To",
    "Return-Path",
    "Received",
    "Authentication-Results",
    "Auto-Submitted",
]
NAMES += [
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "Content-ID",
    "Precedence",
    "List-Id",
    "X-Failed-Recipients",
]
MARKS = [
    "------------------ 原始邮件 ------------------",
    "在 2026-11-25 10:00:00，x <a@b.example> 写道：",
    "发件人: x",
    "发送时间: y",
    "收件人: z",
    "主题: w",
    "> q",
    ">> q",
    "-- ",
]
MARKS += [
    "On Wed, Nov 25, 2026 at 9 x wrote:",
    "发自我的iPhone",
    "电梯坏了",
    "",
    "________________________________",
    "见下文红字",
    "---------- 转发的邮件 ----------",
]
TAGS = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<blockquote type=cite>",
    "</blockquote>",
    "<br>",
    "<includetail>",
    "<img src=cid:a>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<td>",
]
TAGS += [
    '<div id="divRplyFwdMsg">',
    "<style>",
    "<svg>",
    "<math>",
    "电梯",
    "&nbsp;",
    "&#0;",
    "<a href=javascript:x>",
    "\0",
    "<pre>",
    "</details>",
    "<details>",
]

words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["示例 <a@b.example>", '"x" <y@z.example>', "=?gb2312?B?tefM3Q==?=", "=?utf-8?Q?=E7?=", "<a@b>, <c@d>", "(((", '"""', ";=;"]
    ),
)
values = st.one_of(
    words.map(lambda text: text.encode("utf-8", "surrogatepass")),
    words.map(lambda text: text.encode("gb18030", "replace")),
    st.binary(max_size=60),
)
headers = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=12).map(
    lambda found: b"".join(name.encode() + b": " + value + b"\r\n" for name, value in found)
)
letters = st.lists(st.sampled_from(MARKS), max_size=14).map("\n".join)
pages = st.lists(st.sampled_from(TAGS), max_size=40).map("".join)


@st.composite
def parts(draw, depth=0):
    """A part with its headers: text, HTML, bytes, or parts within it."""
    kind = draw(
        st.sampled_from(
            [
                "text/plain",
                "text/html",
                "image/png",
                "message/rfc822",
                "message/delivery-status",
                "text/calendar",
                "multipart/x",
                "junk",
            ]
        )
    )
    if kind == "multipart/x" and depth < 4:
        boundary = draw(st.sampled_from(["b", "b1", "", "=_x", "b "]))
        inner = draw(st.lists(parts(depth + 1), max_size=3))
        body = b"".join(b"\r\n--" + boundary.encode() + b"\r\n" + one for one in inner) + draw(
            st.sampled_from([b"", f"\r\n--{boundary}--\r\n".encode()])
        )
        subtype = draw(st.sampled_from(["mixed", "alternative", "related", "report", "signed", "digest", "encrypted"]))
        return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode() + body
    label = draw(st.sampled_from(LABELS))
    text = draw(pages if kind == "text/html" else letters)
    body = draw(st.sampled_from([text.encode(), text.encode("gb18030"), draw(st.binary(max_size=80))]))
    encoding = draw(st.sampled_from(["base64", "quoted-printable", "8bit", "x-uue", ""]))
    if encoding == "base64" and draw(st.booleans()):
        body = base64.encodebytes(body)
    return (
        f'Content-Type: {kind}; charset="{label}"; name*0*={label}%D6\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode()
        + body
    )


@st.composite
def damaged(draw):
    """One of our mails with some bytes put in, taken out or changed."""
    raw = bytearray(draw(st.sampled_from(SEEDS)).read_bytes()[:30_000])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(raw) - 1)))
        raw[at : at + draw(st.integers(0, 30))] = draw(
            st.one_of(st.binary(max_size=20), st.sampled_from([b"\r\n\r\n", b"--", b"\0", b"=?", b"\n", b":", b'"']))
        )
    return bytes(raw)


mails = st.one_of(
    st.tuples(headers, parts()).map(b"".join),
    st.tuples(headers, st.just(b"\r\n"), st.binary(max_size=200)).map(b"".join),
    st.binary(max_size=300),
    damaged(),
)
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


def holds(raw: bytes) -> ReadMail:
    begun = time.process_time()
    mail = read_mail(raw, trusted_servers=["mx.ch.example.com"], own_addresses=["service@ch.example.com"])
    assert time.process_time() - begun < 5
    assert Fault.UNREADABLE not in mail.faults
    assert mail.text.strip() or mail.faults
    for text in (mail.subject, mail.from_name, mail.from_address, mail.message_id, *(one.name for one in mail.attachments)):
        assert "\n" not in text and "\r" not in text and "\0" not in text
    for text in (mail.text, mail.quoted, mail.html, mail.subject, mail.from_name):
        assert "\0" not in text
        text.encode("utf-8")
    assert "<script" not in mail.html and "javascript:" not in mail.html
    for one in mail.attachments:
        assert len(one.content()) == one.size
        assert "/" not in one.name and one.name not in {"", ".", ".."}
    return mail


@settings(max_examples=150, derandomize=True, **QUIET)
@given(mails)
def test_any_bytes_are_read(raw):
    holds(raw)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=2500, **QUIET)
@given(mails)
def test_very_many_bytes_are_read(raw):
    holds(raw)


BOMBS = {
    "subject of openers": b"Subject: " + b"=?a?q? " * 9000 + b"\r\n\r\nx",
    "parameters": b"Content-Type: text/plain; " + b'a="\\' * 15000 + b"\r\n\r\nx",
    "addresses": b"From: " + b'("<' * 20000 + b"\r\n\r\nx",
    "comments": b"Authentication-Results: mx.ch.example.com; " + b"(" * 60000 + b"\r\n\r\nx",
    "dashes": b"\r\n" + b"- " * 200_000,
    "quotation marks": b"\r\n\r\n" + b">" * 500_000 + b"\n" + b"> " * 100_000,
    "short lines": b"Subject: x\r\n\r\n" + b">\n" * 500_000,
    "writes": b"Subject: x\r\n\r\n" + ("在 2026 " * 40 + "写道\n").encode() * 3000,
    "fields": b"Subject: x\r\n\r\n" + "发件人: x\n".encode() * 20_000,
    "tables": b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>" * 9000,
    "bold": b"Content-Type: text/html\r\n\r\n" + b"<b><i><u>" * 9000,
    "entities": b"Content-Type: text/html\r\n\r\n" + b"&amp;" * 190_000,
    "unclosed paragraphs": b"Content-Type: text/html\r\n\r\n" + b"<p><font>" * 14_000,
    "boundaries": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 100_000,
    "header of one letter": b"a:\n" * 300_000,
    "one long line": b"Subject: x\r\n\r\n" + b"x@" * 700_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_built_to_take_long_does_not(name):
    holds(BOMBS[name])


LARGE = """
import resource, sys
sys.path.insert(0, {root!r})
from linsheng.intake.mail import read_mail
kind = sys.argv[1]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if kind == "file":
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\\r\\n"
    head = b"Subject: x\\r\\nContent-Type: multipart/mixed; boundary=b\\r\\n\\r\\n--b\\r\\n\\r\\ntext\\r\\n--b\\r\\n"
    head += b"Content-Type: image/png\\r\\nContent-Transfer-Encoding: base64\\r\\n\\r\\n"
    raw = head + line * (25_000_000 // len(line)) + b"--b--\\r\\n"
elif kind == "lines":
    raw = b"Subject: x\\r\\n\\r\\n" + b"a\\n" * 12_500_000
else:
    raw = b"Subject: x\\r\\nContent-Type: text/html; charset=gbk\\r\\n\\r\\n" + b"<p>\\xb5\\xe7\\xcc\\xdd</p>" * 2_272_000
mail = read_mail(raw)
assert mail.size > 24_000_000 and mail.text, mail.faults
for one in mail.attachments:
    assert sum(len(chunk) for chunk in one.chunks()) == one.size > 18_000_000
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["file", "lines", "page"])
def test_a_mail_of_25_megabytes_is_read_in_bounded_memory(kind):
    assert resource.getpagesize() > 0  # the measure is of this kind of system
    code = LARGE.format(root=str(MAILS.parents[3]))
    done = subprocess.run([sys.executable, "-c", code, kind], capture_output=True, text=True, check=True, timeout=100)  # noqa: S603 - our own code
    assert int(done.stdout) < 150
