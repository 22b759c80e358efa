"""Form controls drawn in one go: Django renders a template for each of them, and for each option of a list."""

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linsheng.core.ui.html import attributes
from linsheng.core.ui.markup import escaped, joined, markup

# (value, label), or (heading, its options)
Option = tuple[str, Any]


def _option(option: Option, chosen: frozenset[str]) -> SafeString:
    value, label = option
    if isinstance(label, tuple):
        return markup('<optgroup label="{}">{}</optgroup>', value, joined(_option(own, chosen) for own in label))
    mark = SafeString(" selected") if value in chosen else SafeString("")
    return markup('<option value="{}"{}>{}</option>', value, mark, label)


@lru_cache(maxsize=256)
def _options(options: tuple[Option, ...], chosen: frozenset[str]) -> SafeString:
    """The options as HTML; the same list stands on every page of a company."""
    return joined(_option(option, chosen) for option in options)


def _said(choices: Any) -> tuple[Option, ...]:
    """Choices in words, so that they can be compared."""
    return tuple((str(value), _said(label) if isinstance(label, list | tuple) else str(label)) for value, label in choices)


class PlainSelect(forms.Select):
    """The same element that Django's own makes."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = frozenset(str(v) for v in (value if isinstance(value, list | tuple) else [value]) if v is not None)
        own = attributes({"name": name, **self.build_attrs(self.attrs, attrs)})
        return markup("<select{}>{}</select>", own, _options(_said(self.choices), chosen))


def take_as_they_are(field: forms.ChoiceField, choices: Any) -> None:
    """Offer a list of pairs (or of headings with their pairs): told as usual, Django looks at each of a thousand people twice."""
    field._choices = field.widget._choices = choices  # type: ignore[attr-defined]


class PlainInput(forms.TextInput):
    """An ``<input>`` of the type it is made with."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        self.input_type = kind
        super().__init__(attrs)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        shown = self.format_value(value)
        given = SafeString("") if shown is None else SafeString(f' value="{escaped(shown)}"')
        return markup(
            '<input type="{}"{}{}>', self.input_type, attributes({"name": name, **self.build_attrs(self.attrs, attrs)}), given
        )


def people_input(name: str, value: Any, *, source: str, attrs: dict[str, Any]) -> SafeString:
    """A field for a person's name or sign-in name, with proposals from ``source`` while it is typed."""
    places = f"{attrs['id']}-people"
    own = {"list": places, "autocomplete": "off", "maxlength": 80, "placeholder": _("输入姓名或用户名")}
    asking = {"hx-get": source, "hx-trigger": "input changed delay:200ms", "hx-target": f"#{places}", "hx-swap": "innerHTML"}
    return markup('{}<datalist id="{}"></datalist>', PlainInput("text").render(name, value, own | asking | attrs), places)


def plain_select(name: str, choices: Any, *, id: str, classes: str = "form-select") -> SafeString:
    """A select outside a form object."""
    return PlainSelect({"id": id, "class": classes}, choices).render(name, None)
