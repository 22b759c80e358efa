"""Subjects without what programmes put in front."""

import re
from typing import Final

REPLY: Final = r"回复|回覆|答复|答覆|回信|Re|RE|re|Aw|AW|Antw|Sv|R"
FORWARD: Final = r"转发|轉寄|轉發|转寄|Fw|FW|Fwd|FWD|fwd|fw|Wg|WG|Tr"
PREFIX: Final = re.compile(
    rf"\s*(?:(?P<reply>{REPLY})|(?P<forward>{FORWARD}))\s*(?:[\[(（]\d{{1,3}}[\])）]|\^\d{{1,3}})?\s*[:：]\s*"
)
TAG: Final = re.compile(r"\s*[\[【](?:外部|外部邮件|External|EXTERNAL|EXT|SPAM|垃圾邮件|\*+SPAM\*+)[\]】]\s*[:：]?\s*")


def core(subject: str) -> str:
    """``Re: 回复：【外部】转发: 电梯坏了`` → ``电梯坏了``."""
    return _walk(subject)[0]


def is_forward(subject: str) -> bool:
    """The outermost prefix says that something is passed on."""
    return _walk(subject)[1] == "forward"


def is_reply(subject: str) -> bool:
    return _walk(subject)[1] == "reply"


def _walk(subject: str) -> tuple[str, str]:
    outermost = ""
    for _ in range(50):
        if match := PREFIX.match(subject):
            outermost = outermost or ("reply" if match["reply"] else "forward")
        else:
            match = TAG.match(subject)
        if match is None:
            break
        subject = subject[match.end() :]
    return subject.strip(), outermost
