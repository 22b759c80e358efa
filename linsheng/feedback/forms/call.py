"""The phone log: what somebody says at the desk or on the phone, on one form."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community
from linsheng.core.ids import unguessable
from linsheng.core.text import is_dialable
from linsheng.feedback.forms.filter import item_choices
from linsheng.feedback.forms.steps import line, one_of, some, words
from linsheng.feedback.models import Channel, Kind
from linsheng.feedback.queries.places import Handler
from linsheng.standards.models import ServiceItem, Urgency

LATER, ASSIGN, ANSWERED = "later", "assign", "answered"
NEXT = ((LATER, _("登记，稍后指派")), (ASSIGN, _("现在指派")), (ANSWERED, _("已当场答复")))
# A form that lay open longer than this says nothing about when the call began.
LONGEST_CALL = timedelta(hours=4)


class CallForm(forms.Form):
    """Who calls may stay unknown; what it is about and the words may not."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    started_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    call = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    seconds = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    channel = one_of(_("渠道"), some(Channel.PHONE, Channel.DESK, Channel.PAPER, Channel.PATROL), initial=Channel.PHONE)
    number = line(_("来电号码"), 30)
    who = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    took = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)  # the proposal taken by its button
    community = forms.ChoiceField(label=_("小区"))
    home = line(_("房号"), 30, help_text=_("名单里没有时填写，如 3-2-1201；公共区域可不填。"))
    contact_name = line(_("称呼"), 60)
    item = forms.ChoiceField(label=pgettext_lazy("one", "服务项目"), error_messages={"required": _("请选择是哪方面的事。")})
    text = words(_("说了什么"), rows=3)
    location = line(_("位置"), 120)
    urgency = one_of(_("紧急程度"), Urgency.choices, initial=Urgency.NORMAL)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("按内容判断")), *Kind.choices])
    confidential = forms.BooleanField(label=_("反映人要求保密"), required=False)
    received_at = forms.DateTimeField(
        label=_("收到时间"),
        required=False,
        help_text=_("纸条、巡查等早先收到的，填当时的时间。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    then = one_of(_("接下来"), NEXT, initial=LATER)
    handler = forms.ChoiceField(label=_("指派给"), required=False)
    answer = words(_("当场怎么答复的"), required=False, rows=2, help_text=_("反映人会看到，回访由别的同事进行。"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        communities: Iterable[Community],
        items: Iterable[ServiceItem],
        handlers: Iterable[Handler],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"key": unguessable(), **(initial or {})})
        self.places = {community.code: community for community in communities}
        self.items = list(items)
        people = [(h.username, " · ".join(filter(None, (h.name, h.team_name)))) for h in handlers]
        self._choose("community", [(code, str(place)) for code, place in self.places.items()])
        self._choose("item", [("", _("输入或选择…")), *item_choices(self.items)])
        self._choose("handler", [("", _("选择处理人")), *people])
        if len(self.places) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.fields["community"].initial = next(iter(self.places))

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        if number and not is_dialable(number):
            raise forms.ValidationError(_("请核对电话号码。"))
        return number

    @property
    def chosen_item(self) -> ServiceItem | None:
        """The item as it stands in the form, valid or not."""
        code = self["item"].value()
        return next((item for item in self.items if item.code == code), None)

    def clean(self) -> dict[str, Any]:
        """What was chosen for afterwards needs its own answer."""
        values = super().clean() or self.cleaned_data
        if values.get("then") == ASSIGN and not values.get("handler"):
            self.add_error("handler", gettext("请选择指派给谁，或改为稍后指派。"))
        if values.get("then") == ANSWERED and not values.get("answer", "").strip():
            self.add_error("answer", gettext("请写明当场答复了什么。"))
        return values

    def began(self, now: datetime) -> datetime | None:
        """When the call began, as far as that can be believed."""
        started: datetime | None = self.cleaned_data.get("started_at")
        if self.cleaned_data.get("channel") != Channel.PHONE or started is None:
            return None
        return min(started, now) if now - started <= LONGEST_CALL else None
