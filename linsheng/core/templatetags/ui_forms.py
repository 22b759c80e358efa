"""Forms: each field with its label, help and error beside it; part of the ``ui`` library."""

from collections.abc import Iterator
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linsheng.core.templatetags.ui_blocks import component
from linsheng.core.ui.looks import STAR_WORDS
from linsheng.core.ui.markup import EMPTY, markup

register = template.Library()

LINE = '<div class="field{}"><label class="form-label" for="{}">{}{}</label>{}{}</div>'


def shape_of(bound: BoundField) -> str:
    """Which of the field templates fits the widget."""
    widget = bound.field.widget
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "line"


def _widget_class(bound: BoundField, shape: str) -> str:
    usual = "form-select" if isinstance(bound.field.widget, forms.Select) else "form-control"
    own = bound.field.widget.attrs.get("class", "")
    names = [own, "form-check-input" if shape == "check" else usual, "is-invalid" if bound.errors else ""]
    return " ".join(filter(None, names))


def described_by(bound: BoundField, hint: str) -> str:
    """The ids of the help and the error of a field, as ``_components/field_notes.html`` writes them."""
    found = [f"{bound.auto_id}_helptext"] if hint else []
    if bound.errors:
        found.append(f"{bound.auto_id}_error")
    return " ".join(found)


def _values(bound: BoundField, label: str, hint: str, attrs: dict[str, object]) -> dict[str, Any]:
    hint = str(hint or bound.help_text)
    own = {name.replace("_", "-"): value for name, value in attrs.items() if value not in (False, None, "")}
    return {
        "field": bound,
        "label": label or bound.label,
        "hint": hint,
        "attrs": own,
        "described_by": described_by(bound, hint),
        "optional": not bound.field.required,
    }


def line(bound: BoundField, values: dict[str, Any]) -> SafeString:
    """A label over its control, with its notes; only those need a template, and most fields have none."""
    optional = markup(' <span class="optional">{}</span>', _("选填")) if values["optional"] else EMPTY
    notes = component("field_notes", values) if values["hint"] or bound.errors else EMPTY
    faulty = " field-faulty" if bound.errors else ""
    return markup(LINE, faulty, bound.id_for_label, values["label"], optional, values["widget"], notes)


@register.simple_tag
def field(bound: BoundField, label: str = "", hint: str = "", **attrs: object) -> SafeString:
    """A form field; further arguments become attributes of its widget."""
    if bound.is_hidden:
        return bound.as_widget()
    values, shape = _values(bound, str(label), str(hint), attrs), shape_of(bound)
    if shape in {"line", "check"}:
        own = {"class": _widget_class(bound, shape), "aria-describedby": values["described_by"] or None, **values["attrs"]}
        values["widget"] = bound.as_widget(attrs={name: value for name, value in own.items() if value is not None})
    if shape == "line":
        return line(bound, values)
    return component(f"field_{shape}", values)


@register.simple_tag
def fields(form: forms.BaseForm) -> SafeString:
    """Every field of a form, in its order."""
    return SafeString("".join(field(bound) for bound in form))


@register.simple_tag
def form_errors(form: forms.BaseForm) -> SafeString:
    """A summary at the top: what does not belong to one field, and a link to each field that has an error."""
    return (
        component("form_errors", {"form": form, "faulty": [bound for bound in form if bound.errors]})
        if form.errors
        else SafeString("")
    )


@register.simple_tag
def file_input(bound: BoundField, label: str = "", hint: str = "", camera: bool = True) -> SafeString:
    """Photos from the camera or the album, shown small before they are sent."""
    values = _values(bound, str(label), str(hint), {})
    return component("field_file", {**values, "camera": camera})


def _options(bound: BoundField) -> Iterator[BoundWidget]:
    return iter(bound.subwidgets)


@register.simple_tag
def star_input(bound: BoundField, label: str = "", hint: str = "") -> SafeString:
    """One to five stars, empty at first, each with its word."""
    chosen = str(bound.value() or "")
    rows = [(number, word, chosen == str(number)) for number, word in enumerate(STAR_WORDS, start=1)]
    return component("star_input", {**_values(bound, str(label), str(hint), {}), "stars": rows})


@register.simple_tag
def chip_input(bound: BoundField, label: str = "", hint: str = "") -> SafeString:
    """Radios or checkboxes as chips."""
    options = [option for option in _options(bound) if option.data["value"] not in ("", None)]
    return component("chip_input", {**_values(bound, str(label), str(hint), {}), "options": options})


def _icon_of(option: BoundWidget, icons: dict[str, str]) -> str:
    value = option.data["value"]
    return icons.get(str(value), "") or getattr(getattr(value, "instance", None), "icon", "") or "circle-dot"


@register.simple_tag
def tile_input(bound: BoundField, label: str = "", hint: str = "", icons: dict[str, str] | None = None) -> SafeString:
    """Radios as big tiles with a picture: ``icons`` maps values to icon names, or the choice's object has ``icon``."""
    options = [(option, _icon_of(option, icons or {})) for option in _options(bound) if option.data["value"] not in ("", None)]
    return component("tile_input", {**_values(bound, str(label), str(hint), {}), "options": options})
