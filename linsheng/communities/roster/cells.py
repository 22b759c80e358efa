"""Reading single cells of a roster: each gives the value, or raises ``BadCellError`` with what is wrong and how to mend it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from linsheng.communities.actions.residents import phone_problem
from linsheng.communities.models import Home, Residency
from linsheng.core.tabular import FORMULA_STARTS
from linsheng.core.text import phone_digits

EARLIEST: Final = date(1949, 10, 1)
TENURES: Final[Mapping[str, str]] = {
    **dict.fromkeys(["自住", "自用", "业主自住", "已入住", "owner", "owneroccupied"], Home.Tenure.OWNER),
    **dict.fromkeys(["出租", "租赁", "已出租", "租住", "let", "rented", "rental"], Home.Tenure.LET),
    **dict.fromkeys(["空置", "空关", "空房", "未入住", "empty", "vacant"], Home.Tenure.EMPTY),
    **dict.fromkeys(["未知", "不详", "unknown"], Home.Tenure.UNKNOWN),
}
KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(["业主", "产权人", "房东", "户主", "owner"], Residency.Kind.OWNER),
    **dict.fromkeys(["租户", "租客", "承租人", "租住人", "tenant"], Residency.Kind.TENANT),
    **dict.fromkeys(["家属", "家庭成员", "亲属", "配偶", "子女", "父母", "family", "relative"], Residency.Kind.FAMILY),
}


class BadCellError(Exception):
    """A cell that cannot be used; the message is for the person who filled it in."""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _no_formula(text: str) -> str:
    if text.startswith(FORMULA_STARTS):
        raise BadCellError(_("“%(text)s”是公式或以 = + - @ 开头，请改为普通文本。") % {"text": text[:20]})
    return text


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise BadCellError(_("太长了（%(n)s 个字），最多 %(most)s 个字。") % {"n": len(text), "most": most})
    return text


def building(text: str) -> str:
    return _short(_no_formula(_folded(text)), 30)


def home_number(text: str) -> str:
    """A home's number without spaces; one that Excel turned into a date is refused."""
    number = re.sub(r"\s+", "", _folded(text))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}(\d{2}:\d{2})?", number):
        raise BadCellError(_("房号被 Excel 改成了日期“%(text)s”，请把该列设为“文本”格式后重新填写。") % {"text": text})
    return _short(_no_formula(number), 30)


def floor(text: str) -> int:
    """12, 12层, 12F; basements as -1, B1, 负1层."""
    match = re.fullmatch(r"(?P<below>-|b|负|地下)?(?P<number>\d{1,3})(层|楼|f)?", _folded(text).lower())
    if match is None or int(match["number"]) > 200:
        raise BadCellError(_("“%(text)s”不是楼层，请填整数，例如 12；地下一层填 -1。") % {"text": text[:20]})
    return int(match["number"]) * (-1 if match["below"] else 1)


def area(text: str) -> Decimal:
    """Square metres above zero, two digits after the point."""
    plain = re.sub(r"(平方米|平米|m2|㎡|平)$", "", _folded(text).replace(",", "").lower()).strip()
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or not 0 < value < 100_000:
        raise BadCellError(_("“%(text)s”不是面积，请填大于 0 的数字，例如 89.5。") % {"text": text[:20]})
    return value.quantize(Decimal("0.01"))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\-]+", "", _folded(text)).lower()


@cache
def _words_of(choices: type[TextChoices]) -> Mapping[str, str]:
    """Our own words for the values, in every language: what we wrote can be read again."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {_squeezed(str(label)): str(value) for value, label in choices.choices}
    return found


def _choice(text: str, known: Mapping[str, str], own: type[TextChoices], allowed: str) -> str:
    word = _squeezed(text)
    value = known.get(word) or _words_of(own).get(word)
    if value is None:
        raise BadCellError(_("不认识“%(text)s”，请填：%(allowed)s。") % {"text": text[:20], "allowed": allowed})
    return value


def tenure(text: str) -> str:
    return _choice(text, TENURES, Home.Tenure, _("自住、出租、空置、未知"))


def kind(text: str) -> str:
    return _choice(text, KINDS, Residency.Kind, _("业主、租户、家属"))


def name(text: str) -> str:
    """Any text; what looks like a formula stays the text it is."""
    return _short(re.sub(r"\s+", " ", text.strip()), 60)


def phone(text: str) -> str:
    """The digits of a telephone number."""
    plain = _folded(text)
    if re.search(r"\d[.]?\d*e\+?\d+", plain.lower()):
        raise BadCellError(_("“%(text)s”被 Excel 改成了科学计数，请把该列设为“文本”格式后重新填写。") % {"text": text[:20]})
    if re.search(r"[^\d\s+()\-.]", plain) or plain.startswith(("=", "@")):
        raise BadCellError(_("“%(text)s”里有不是电话号码的字符，请只填一个号码。") % {"text": text[:20]})
    digits = phone_digits(plain)
    if problem := phone_problem(digits):
        raise BadCellError(problem)
    return digits


def email(text: str) -> str:
    address = _folded(text)
    try:
        validate_email(address)
    except ValidationError:
        raise BadCellError(_("“%(text)s”不是邮箱地址，请填写完整，例如 name@example.com。") % {"text": text[:40]}) from None
    return _short(address, 254)


def since(text: str, today: date) -> date:
    """2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日 or 20240305; not before 1949 and at most a year ahead."""
    plain = _folded(text)
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(\s+\d{1,2}:\d{2}(:\d{2})?)?", plain) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", plain
    )
    try:
        day = date(*(int(part) for part in match.groups()[:3])) if match else None
    except ValueError:
        day = None
    if day is None:
        raise BadCellError(_("“%(text)s”不是日期，请写成 2024-03-05。") % {"text": text[:20]})
    if not EARLIEST <= day <= today + timedelta(days=366):
        raise BadCellError(_("日期“%(text)s”不合理，请核对年份。") % {"text": text[:20]})
    return day
