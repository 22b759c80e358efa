"""The filter of the workboard: every part of it stands in the address, so that a list can be kept as a bookmark."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linsheng.core.ui.markup import markup
from linsheng.core.widgets import PlainInput, PlainSelect, people_input, take_as_they_are
from linsheng.feedback.models import CaseState, Channel, Kind
from linsheng.feedback.queries import BoardFilter
from linsheng.feedback.queries.places import Choice
from linsheng.standards.models import ServiceItem, Urgency

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Choices = Sequence[tuple[Any, Any]]
MORE = ("channel", "kind", "from", "to")


def any_of(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Choices with one for "no restriction" before them."""
    return [("", _("全部")), *choices]


def item_choices(items: Iterable[ServiceItem]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Service items under their dimensions."""
    return grouped((str(item.dimension), item.code, str(item)) for item in items)


def grouped(names: Iterable[tuple[str, str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(dimension, code, name) of items, in their order, under their dimensions."""
    return [(dimension, [row[1:] for row in rows]) for dimension, rows in groupby(names, key=itemgetter(0))]


def midnight(day: date | None, *, after: bool = False) -> datetime | None:
    """The local midnight at which a day begins (or ends)."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1) if after else day, time(), get_current_timezone())


def chosen_of(label: "StrOrPromise", choices: Choices = ()) -> forms.ChoiceField:
    """One of several, or all."""
    return forms.ChoiceField(label=label, required=False, choices=any_of(choices), widget=PlainSelect)


class FilterForm(forms.Form):
    """Whatever cannot be read is left out of the filter, and said beside its field."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=80, widget=PlainInput("search"))
    item = chosen_of(pgettext_lazy("one", "服务项目"))
    handler = chosen_of(_("处理人"))
    state = chosen_of(_("状态"), CaseState.choices)
    urgency = chosen_of(_("紧急程度"), Urgency.choices)
    channel = chosen_of(_("渠道"), Channel.choices)
    kind = chosen_of(_("类型"), Kind.choices)

    def __init__(self, data: QueryDict, *, items: Iterable[tuple[str, str, str]], handlers: Choice) -> None:
        """``items`` as ``item_names`` gives them."""
        super().__init__(data)
        self.fields["from"] = forms.DateField(label=_("反映日期从"), required=False, widget=PlainInput("date"))
        self.fields["to"] = forms.DateField(label=_("到"), required=False, widget=PlainInput("date"))
        self._choose("item", any_of(grouped(items)))
        self._offer(handlers)

    def _offer(self, handlers: Choice) -> None:
        if handlers.typed:
            self.fields["handler"] = forms.CharField(label=_("处理人"), required=False, max_length=80)
        elif handlers:
            self._choose("handler", any_of((handler.username, handler.name) for handler in handlers.listed))
        else:
            del self.fields["handler"]

    def _choose(self, name: str, choices: Choices) -> None:
        take_as_they_are(cast(forms.ChoiceField, self.fields[name]), choices)

    def _control(self, name: str) -> SafeString:
        """A select with its label, which filters as soon as it changes, or a field to type a name in."""
        bound = self[name]
        if isinstance(bound.field, forms.ChoiceField):
            widget = bound.as_widget(attrs={"class": "form-select", "data-submit-on-change": True})
        else:
            look = {"id": bound.auto_id, "class": "form-control"}
            widget = people_input(name, bound.value(), source=reverse("feedback:people"), attrs=look)
        return markup(
            '<div class="field"><label class="form-label" for="{}">{}</label>{}</div>', bound.auto_id, bound.label, widget
        )

    @property
    def bar(self) -> list[SafeString]:
        """The selects that are always there."""
        return [self._control(name) for name in ("item", "handler", "state", "urgency") if name in self.fields]

    @property
    def more(self) -> list[SafeString]:
        """The rarer ones; the two dates stand beside them."""
        return [self._control(name) for name in ("channel", "kind")]

    @property
    def chosen(self) -> bool:
        """Whether anything is filtered at all."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def more_open(self) -> bool:
        """Whether one of the rarer conditions is in use."""
        return any(self.data.get(name) for name in MORE)

    def wanted(self, *, view: str, scope: str, community: int | None) -> BoardFilter:
        """The filter of the lists' queries."""
        self.is_valid()
        clean = self.cleaned_data
        plain = {name: clean.get(name, "") for name in ("item", "handler", "channel", "kind", "urgency", "q")}
        states = (clean["state"],) if clean.get("state") else ()
        since, until = midnight(clean.get("from")), midnight(clean.get("to"), after=True)
        return BoardFilter(view=view, scope=scope, community=community, states=states, since=since, until=until, **plain)
