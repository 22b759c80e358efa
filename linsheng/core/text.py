"""Chinese text for search: bigrams of Han runs, whole words of everything else."""

import re
import unicodedata

_DIALABLE = re.compile(r"[\d\s+*#()./,;、转轉分机extEXT-]+")
RUNS = re.compile(r"[一-鿿㐀-䶿]+|[0-9a-z]+")


def normalise(text: str) -> str:
    """Full-width forms folded, lower case: what is typed and what is stored meet here."""
    return unicodedata.normalize("NFKC", text).lower()


def bigrams(run: str) -> list[str]:
    """``电梯坏`` → ``电梯 梯坏``; a single character stays itself."""
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order, with repetitions."""
    found: list[str] = []
    for run in RUNS.findall(normalise(text)):
        found.extend(bigrams(run) if run[0] > "z" else [run])
    return found


def likeness(one: str, other: str) -> float:
    """Dice's coefficient of the two texts' token sets: 0 unlike, 1 alike."""
    a, b = set(tokens(one)), set(tokens(other))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def masked_phone(number: str) -> str:
    """``13800001234`` → ``138****1234``."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


def is_dialable(text: str) -> bool:
    """Whether somebody can ring this: ``+86 138 0000 0000``, ``0755-1234567 转 8012``, an extension of three digits."""
    plain = unicodedata.normalize("NFKC", text)
    return _DIALABLE.fullmatch(plain) is not None and sum(map(str.isdigit, plain)) >= 3


def phone_digits(text: str) -> str:
    """The digits of a phone number as typed; a leading +86 or 0086 falls away."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 11:
            return digits[len(prefix) :]
    return digits
