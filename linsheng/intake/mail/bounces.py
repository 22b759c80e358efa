"""Mails that did not arrive: delivery reports by the rule (RFC 3464), and those that QQ, 163, Exchange and others put in words."""

import re
from collections.abc import Iterator
from typing import Final, Literal, cast

from linsheng.intake.mail.faults import Notes
from linsheng.intake.mail.headers import Headers, read_headers
from linsheng.intake.mail.kinds import DAEMONS
from linsheng.intake.mail.model import Bounce, FailedRecipient, Fault
from linsheng.intake.mail.parts import Part, encoding_of
from linsheng.intake.mail.transfer import decoded
from linsheng.intake.mail.words import decode_words, one_line

MOST_RECIPIENTS: Final = 100
ACTIONS: Final = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
SUBJECT: Final = re.compile(
    r"(?i)系统退信|邮件退信|退信通知|^退信|退信[：:]|被退回|退回的邮件|未送达|无法送达|无法投递|投递失败"
    r"|发送失败|传送失败|未能送达|undeliver"
    r"|delivery (?:status )?(?:notification|failure|failed|report)"
    r"|returned (?:mail|to sender)|mail delivery (?:failed|failure|system)|failure notice|non[- ]?delivery"
    r"|delayed mail|warning: (?:message|could not)|delivery (?:incomplete|has been delayed)"
)
TEXT: Final = re.compile(
    r"(?i)退信|被退回|无法送达|无法投递|投递失败|未送达|undeliver|could not be delivered|wasn't delivered|not be delivered"
    r"|delivery to the following|delivery has failed|permanent (?:fatal )?error"
)
ADDRESS: Final = re.compile(r"(?i)[\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.A)
NEAR: Final = re.compile(
    r"(?i)收件人|收信人|无法(?:发送|送达|投递)(?:到|至)?|以下(?:收件人|地址)|recipient|deliver"
    r"|following address|rcpt to|to:|failed|address"
)
STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.])")
CODE: Final = re.compile(r"(?<![\d.:])([45]\d\d)(?=[ -])(?![\d.])")
LATER: Final = re.compile(
    r"(?i)邮箱(?:已|空间)?满|容量(?:已满|不足)|超出(?:容量|限额)|空间不足|稍后|暂时|临时|频率|延迟"
    r"|mailbox (?:is )?full|over ?quota|quota exceeded"
    r"|insufficient (?:system )?storage|try again|temporar"
    r"|greylist|deferred|delayed|too many|rate limit|timed? ?out|will (?:keep trying|be retried|retry)"
)
MESSAGE_ID: Final = re.compile(r"(?im)^\s*>?\s*Message-ID:\s*(<[^<>\s]{3,250}>)")
ANY_ID: Final = re.compile(r"<[^<>\s@]{1,120}@[^<>\s@]{1,120}>")
ORIGINALS: Final = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"}
)


def read_bounce(
    raw: bytes, root: Part, headers: Headers, from_address: str, subject: str, text: str, notes: Notes
) -> Bounce | None:
    """The bounce that this mail is, or ``None``. ``text`` is all of it, nothing folded."""
    parts = list(_walk(root))
    report = [part for part in parts if part.type in {"message/delivery-status", "message/global-delivery-status"}]
    if report:
        recipients = tuple(_reported(raw, report[0], notes))
        original = _original_id(raw, parts, headers, text)
        if recipients:
            return Bounce(recipients, original)
        notes.add(Fault.REPORT_BROKEN)
        return Bounce(_in_words(headers, from_address, text), original)
    if not _looks_like_one(headers, from_address, subject, text):
        return None
    return Bounce(_in_words(headers, from_address, text), _original_id(raw, parts, headers, text))


def _walk(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _walk(child)


def _looks_like_one(headers: Headers, from_address: str, subject: str, text: str) -> bool:
    if "x-failed-recipients" in headers:
        return True
    null_path = headers.raw("return-path").strip() == b"<>"
    machine = bool(DAEMONS.match(from_address)) or not from_address
    if machine or null_path:
        return bool(SUBJECT.search(subject) or (machine and TEXT.search(text[:4000])))
    return False


# By the rule


def _reported(raw: bytes, part: Part, notes: Notes) -> Iterator[FailedRecipient]:
    body = decoded(memoryview(raw)[part.start : part.end], encoding_of(part, notes), 200_000)
    for block in re.split(rb"\r*\n[ \t]*\r*\n", body)[: MOST_RECIPIENTS + 1]:
        fields, _ = read_headers(block.strip() + b"\n\n", 0, len(block) + 2, Notes())
        address = _typed(fields, "final-recipient") or _typed(fields, "original-recipient")
        action = fields.text("action").lower().partition(" ")[0]
        if not address and action not in ACTIONS:
            continue
        status = STATUS.search(fields.text("status"))
        words = one_line(fields.text("diagnostic-code").partition(";")[2].strip() or fields.text("diagnostic-code"), notes, 500)
        yield _recipient(address, action, status[1] if status else "", words)


def _typed(fields: Headers, name: str) -> str:
    """``rfc822; owner@example.com``"""
    value = fields.text(name)
    match = ADDRESS.search(value.partition(";")[2] or value)
    return match[0].lower() if match else ""


def _recipient(address: str, action: str, status: str, words: str) -> FailedRecipient:
    known = cast("Literal['failed', 'delayed', 'delivered', 'relayed', 'expanded']", action if action in ACTIONS else "failed")
    return FailedRecipient(address, known, status, words, permanent=known == "failed" and _is_permanent(status, words))


def _is_permanent(status: str, words: str) -> bool:
    """A full mailbox is not a wrong address, whatever its number says."""
    if status == "5.2.2" or LATER.search(words):
        return False
    if status:
        return status.startswith("5")
    code = CODE.search(words + " ")
    return not code or code[1].startswith("5")


# In words


def _in_words(headers: Headers, from_address: str, text: str) -> tuple[FailedRecipient, ...]:
    said = text[:20_000]
    report, _, _ = (
        re.split(
            r"(?im)^(-{3,}.*(?:original|copy of the message|原始邮件|message header).*|Return-Path:.*|Received: from.*)$",
            said,
            maxsplit=1,
        )[0],
        "",
        "",
    )
    status = STATUS.search(report)
    words = one_line(
        next((line for line in report.split("\n") if STATUS.search(line) or CODE.search(line)), "") or _reason(report), Notes(), 500
    )
    number = status[1] if status else ""
    delayed = bool(
        re.search(r"(?i)\bdelayed\b|延迟|will (?:keep trying|be retried|retry)|仍在尝试|still trying", report)
    ) and not number.startswith("5")
    failed = _listed(headers) or _mentioned(report, from_address)
    return tuple(_in_words_one(address, number, words, report, delayed=delayed) for address in failed[:MOST_RECIPIENTS])


def _in_words_one(address: str, status: str, words: str, report: str, *, delayed: bool) -> FailedRecipient:
    permanent = not delayed and _is_permanent(status, report if not status else words)
    return FailedRecipient(address, "delayed" if delayed else "failed", status, words, permanent)


def _reason(report: str) -> str:
    match = re.search(r"(?:退信原因|原因|reason)\s*[:：]?\s*\n?\s*(.{2,300})", report, re.I)
    return match[1] if match else ""


def _listed(headers: Headers) -> list[str]:
    return list(dict.fromkeys(match.lower() for match in ADDRESS.findall(headers.text("x-failed-recipients"))))


def _mentioned(report: str, from_address: str) -> list[str]:
    """The addresses near words like "recipient"; failing these, the first that is not the writer or the reader."""
    near: list[str] = []
    others: list[str] = []
    before = ""
    for line in report.split("\n"):
        for match in ADDRESS.findall(line):
            address = match.lower()
            if address == from_address or DAEMONS.match(address) or re.search(r"(?i)message-id|发件人|^\s*from:", line):
                continue
            (near if NEAR.search(line) or NEAR.search(before) else others).append(address)
        before = line if line.strip() else before
    return list(dict.fromkeys(near or others[:1]))


def _original_id(raw: bytes, parts: list[Part], headers: Headers, text: str) -> str:
    """The Message-ID of the mail that came back: in the copy, in the words, or what the bounce answers."""
    for part in parts:
        if part.type in ORIGINALS:
            body = decoded(memoryview(raw)[part.start : part.end], encoding_of(part, Notes()), 100_000)
            fields, _ = read_headers(body, 0, len(body), Notes(), top=True)
            if match := ANY_ID.search(decode_words(fields.undecoded("message-id"), Notes())):
                return match[0]
    if match := MESSAGE_ID.search(text):
        return match[1]
    answered = ANY_ID.findall(headers.undecoded("in-reply-to") + " " + headers.undecoded("references"))
    return answered[-1] if answered else ""
