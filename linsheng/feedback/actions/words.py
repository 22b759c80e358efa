"""What people typed, before it is kept."""

from django.utils.translation import gettext as _

from linsheng.core.errors import Invalid

LONGEST = 5000


def optional(text: str, field: str = "text", *, longest: int = LONGEST) -> str:
    """The text without outer blanks (and without what PostgreSQL cannot keep); raises ``Invalid`` when it is too long."""
    stripped = text.replace("\x00", "").strip()
    if len(stripped) > longest:
        sentence = _("内容太长，请控制在 %(n)s 字以内。") % {"n": longest}
        raise Invalid(sentence, fields={field: sentence})
    return stripped


def needed(text: str, field: str, sentence: str, *, longest: int = LONGEST) -> str:
    """The stripped text; raises ``Invalid`` naming the field when nothing is left, or too much."""
    stripped = optional(text, field, longest=longest)
    if not stripped:
        raise Invalid(sentence, fields={field: sentence})
    return stripped
