"""The pipe command in a process of its own: what a mail server pays for each mail."""

import base64
import os
import subprocess
import sys

import pytest

from linsheng.intake.tests.test_mail_killing import post, site  # noqa: F401 - fixtures
from linsheng.messaging.tests.killing.house import ROOT

MEGABYTE = 1024 * 1024
# A small process between: a child's peak counts what its parent held when it began, and the tests hold much.
WEIGH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_pid, status, used = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(used.ru_maxrss)
sys.exit(process.returncode)
"""


@pytest.fixture
def large(tmp_path):
    """A mail just below the limit."""
    file = tmp_path / "large.eml"
    head = b"From: big@example.org\r\nTo: service@cuihu.example\r\nSubject: big\r\nMIME-Version: 1.0\r\n"
    parts = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\n'
    kind = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    piece = base64.encodebytes(os.urandom(57 * 1024)).replace(b"\n", b"\r\n")
    with file.open("wb") as out:
        out.write(head + parts + kind)
        while out.tell() < 25 * MEGABYTE - 100_000:
            out.write(piece)
        out.write(b"--b--\r\n")
    return file


@pytest.mark.slow
def test_a_mail_of_25_megabytes_needs_less_than_150_in_all(post, large):  # noqa: F811 - the fixture
    command = [sys.executable, "-c", WEIGH, sys.executable, "manage.py", "receive_mail"]
    with large.open("rb") as raw:
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=ROOT, env=post.environment, stdin=raw, capture_output=True, text=True, timeout=60, check=True
        )
    said, kilobytes = done.stdout.splitlines()
    assert '"created"' in said
    assert int(kilobytes) < 150 * 1024
