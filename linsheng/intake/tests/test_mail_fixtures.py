"""Every mail in ``mails/`` is read as ``mails/expected.json`` says: all character sets, programmes, attacks and accidents.

Of a mail only what is expected is compared. ``outcome`` is for the tests of mailboxes: what becomes of the mail when it comes
alone into
the empty mailbox service@ch.example.com of a community where owner@example.com lives (trusted server: mx.ch.example.com).
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from linsheng.intake.mail import Fault, ReadMail, read_mail

MAILS = Path(__file__).parent / "mails"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MAILS / "expected.json").read_text(encoding="utf-8"))
SAME = (
    "message_id",
    "in_reply_to",
    "subject",
    "subject_core",
    "from_name",
    "from_address",
    "text",
    "quoted",
    "kind",
    "signed",
    "forwarded",
)
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


def read(name: str) -> ReadMail:
    return read_mail((MAILS / f"{name}.eml").read_bytes(), trusted_servers=["mx.ch.example.com"], now=NOW)


def seen(mail: ReadMail) -> dict[str, Any]:
    """What a mail shows under the names of the table."""
    return {
        **{name: getattr(mail, name) for name in SAME},
        "date": mail.date.isoformat() if mail.date else None,
        "authentication": mail.authentication.verdict,
        "attachments": [one.name for one in mail.attachments],
        "images": sum(one.is_image for one in mail.attachments),
        "dangerous": sum(one.dangerous for one in mail.attachments),
        "signs": [str(sign) for sign in mail.auto_signs],
        "subject_length": len(mail.subject),
        "recipients": list(mail.recipients),
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_mail_is_read_as_expected(name):
    expected, mail = EXPECTED[name], read(name)
    found = seen(mail)
    assert {key: found[key] for key in expected if key in found} == {key: value for key, value in expected.items() if key in found}
    assert Fault.UNREADABLE not in mail.faults
    if "faults" in expected:
        assert set(expected["faults"]) <= set(mail.faults)
        if not expected["faults"]:
            assert mail.faults == ()
    for part, text in (("text", mail.text), ("quoted", mail.quoted), ("html", mail.html)):
        assert [words for words in expected.get(f"{part}_has", ()) if words not in text] == []
    assert [words for words in expected.get("html_lacks", ()) if words in mail.html] == []
    if "message_id_ends" in expected:
        assert mail.message_id.endswith(expected["message_id_ends"])
    if bounce := expected.get("bounce"):
        assert mail.bounce is not None
        assert [one.address for one in mail.bounce.recipients] == bounce["recipients"]
        assert (mail.bounce.permanent, mail.bounce.original_message_id) == (bounce["permanent"], bounce["original"])
        assert "action" not in bounce or mail.bounce.recipients[0].action == bounce["action"]
    else:
        assert mail.bounce is None


def test_the_table_and_the_mails_are_the_same_set():
    assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)
    assert {one["outcome"] for one in EXPECTED.values()} <= {
        "created",
        "appended",
        "recorded",
        "quarantined",
        "parked",
        "duplicate",
    }
