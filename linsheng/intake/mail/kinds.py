"""Who wrote: a person, a programme, a list, we ourselves. (Bounces: ``bounces``.)"""

import re
from collections.abc import Collection
from typing import Final

from linsheng.intake.mail.headers import Headers
from linsheng.intake.mail.model import AutoSign

# What we write on every mail that we send, and know ours by when one comes back.
OWN_HEADER: Final = "X-Linsheng-Mail"
AUTO_HEADERS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-auto-reply-from",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-ms-exchange-generated-message-source",
    "x-vacation",
    "x-facebook-notify",
    "feedback-id",
)
# Standing words with a colon, a bracket or an end behind them: "自动回复太烦了" is a person's subject.
SUBJECT: Final = re.compile(
    r"(?i)\s*[\[【(（]?\s*(?:自动回复|自动答复|自动回覆|自動回覆|自動回復|自动应答|假期自动回复"
    r"|休假自动回复|外出自动回复|系统自动回复|auto(?:matic)?[ -]?(?:reply|response)"
    r"|autoreply|out[ -]of[ -](?:the[ -])?office|ooo|vacation (?:reply|response)|abwesenheitsnotiz"
    r"|réponse automatique)\s*(?:[:：\]】)）]|$|re\b|回复)"
)
# People write these too ("外出期间请代收快递"): they only count beside another sign.
WEAK_SUBJECT: Final = re.compile(
    r"(?i)^\s*(?:外出|休假|出差|不在办公室|年假|假期|i am away|away from (?:my )?(?:mail|desk)|on (?:leave|vacation))"
)
TEXT: Final = re.compile(
    r"(?i)这是来自QQ邮箱的假期自动回复邮件|这是一封?自动回复的?邮件|此邮件?(?:为|是)(?:系统)?自动回复"
    r"|本邮件(?:为|是|由)(?:系统)?自动(?:回复|发送)|系统自动回复，?请勿(?:直接)?回复"
    r"|this is an auto(?:matic|mated)[ -]?(?:ally generated )?(?:reply|response)"
)
WEAK_TEXT: Final = re.compile(
    r"(?i)正在休假|休假中|外出(?:办事)?中|出差中|无法及时回复|不能及时回复|尽快(?:给您)?回复|稍后回复"
    r"|out of (?:the )?office|limited access to (?:my )?e-?mail"
)
MACHINES: Final = re.compile(
    r"(?i)(mailer-daemon|postmaster|no-?_?reply|do-?not-?reply|bounces?|mail-?daemon|daemon|notifications?"
    r"|notify)([+=._-].*)?@"
)
DAEMONS: Final = re.compile(r"(?i)(mailer-daemon|postmaster|mail-?daemon)([+=._-].*)?@")


def is_own(headers: Headers, from_address: str, own_addresses: Collection[str]) -> bool:
    return OWN_HEADER.lower() in headers or (bool(from_address) and from_address in {own.lower() for own in own_addresses})


def is_list(headers: Headers, own_addresses: Collection[str]) -> bool:
    """A mailing list or newsletter; not a group address of our own that people write to."""
    listed = [name for name in ("list-id", "list-unsubscribe", "mailing-list", "list-help") if name in headers]
    if not listed and headers.text("precedence").lower() != "list":
        return False
    about = " ".join(headers.text(name).lower() for name in ("list-id", "list-post", "mailing-list"))
    return not any(own.lower() in about or own.lower().replace("@", ".") in about for own in own_addresses)


def auto_signs(headers: Headers, from_address: str, subject: str, text: str, return_path: str | None) -> tuple[AutoSign, ...]:
    """Everything that shows that a programme wrote it."""
    submitted = headers.text("auto-submitted").lower().partition(";")[0].strip()
    found = {
        AutoSign.AUTO_SUBMITTED: submitted not in {"", "no"},
        AutoSign.PRECEDENCE: headers.text("precedence").lower().replace("-", "_") in {"bulk", "junk", "auto_reply"},
        AutoSign.HEADER: any(
            name in headers and headers.text(name).lower() not in {"no", "none", "false"} for name in AUTO_HEADERS
        ),
        AutoSign.NULL_RETURN_PATH: return_path == "",
        AutoSign.SUBJECT: bool(SUBJECT.match(subject)),
        AutoSign.TEXT: bool(TEXT.search(text[:1500])),
        AutoSign.SENDER: bool(MACHINES.match(from_address)),
        AutoSign.READ_RECEIPT: headers.structured("content-type")[1].get("report-type", "").lower() == "disposition-notification",
    }
    answers = "in-reply-to" in headers or "references" in headers
    suppresses = "x-auto-response-suppress" in headers
    if WEAK_SUBJECT.match(subject) and (suppresses or (answers and WEAK_TEXT.search(text[:1500]))):
        found[AutoSign.SUBJECT] = True
    return tuple(sign for sign, there in found.items() if there)


def suppresses_answers(headers: Headers) -> bool:
    asked = {one.strip().lower() for one in headers.text("x-auto-response-suppress").split(",")}
    return bool(asked & {"all", "autoreply", "oof"})
