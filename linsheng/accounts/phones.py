"""Which phone numbers can receive a code."""

import re
from typing import Final

from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid
from linsheng.core.text import phone_digits

MOBILE: Final = re.compile(r"1\d{10}")


def is_mobile(digits: str) -> bool:
    """Whether these digits are a number of the mainland's mobile networks."""
    return MOBILE.fullmatch(digits) is not None


def mobile_number(text: str) -> str:
    """The eleven digits of a mobile number however it was typed; raises ``Invalid`` on ``phone``."""
    digits = phone_digits(text)
    if not is_mobile(digits):
        sentence = _("请填写 11 位手机号，例如 138 开头的号码。")
        raise Invalid(sentence, fields={"phone": sentence})
    return digits
