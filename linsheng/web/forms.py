"""What is typed on the pages of channels."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community
from linsheng.messaging.adapters.base import Field, Provider
from linsheng.messaging.configuring import secrets_of
from linsheng.messaging.models import GROUPS, ChannelSetting
from linsheng.messaging.preferences import TEXTED_BY_DEFAULT, kinds_for


class ChannelForm(forms.Form):
    """A channel as its provider wants to know it. A stored secret is never shown, and stays when nothing is typed."""

    name = forms.CharField(label=_("群名称"), max_length=40, help_text=_("自己认得的名字，例如“翠湖苑工程群”。"))
    community = forms.TypedChoiceField(label=_("小区"), required=False, coerce=int, empty_value=None)
    kinds = forms.MultipleChoiceField(label=_("哪些通知走这里"), required=False, widget=forms.CheckboxSelectMultiple)
    on = forms.BooleanField(label=_("启用"), required=False, help_text=_("测试通过后再启用。"))

    def __init__(
        self, *args: Any, provider: Provider, setting: ChannelSetting, communities: Iterable[Community], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.provider, self.setting = provider, setting
        self.own = [field.name for field in provider.fields]
        stored = secrets_of(setting)
        for field in provider.fields:
            self.fields[field.name] = _made(field, bool(stored.get(field.name)))
            if not field.secret:
                self.initial[field.name] = setting.config.get(field.name, field.initial if not setting.pk else "")
        self._common(communities)

    def _common(self, communities: Iterable[Community]) -> None:
        channel, setting = self.provider.channel, self.setting
        kinds = kinds_for(channel)
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]  # a choice field
        default = [kind.value for kind in kinds if kind in TEXTED_BY_DEFAULT]
        self.initial.update(name=setting.name, on=setting.on, community=setting.community_id or "")
        self.initial["kinds"] = setting.kinds if setting.pk else default
        places = [("", _("全公司")), *((place.pk, place.name) for place in communities)]
        self.fields["community"].choices = places  # type: ignore[attr-defined]  # a choice field
        if channel not in GROUPS:
            del self.fields["name"], self.fields["community"]
        if not kinds:
            del self.fields["kinds"]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """What the provider asks for, to be shown together."""
        return [self[name] for name in self.own]

    @property
    def values(self) -> dict[str, Any]:
        """What ``save_channel`` takes."""
        cleaned = self.cleaned_data
        return {
            "typed": {name: cleaned[name] for name in self.own},
            "name": cleaned.get("name", ""),
            "community_id": cleaned.get("community"),
            "kinds": cleaned.get("kinds", []),
            "on": cleaned["on"],
        }


def _made(field: Field, stored: bool) -> forms.Field:
    """The form's field; what is missing is said by the action, which knows what is stored."""
    help_text = field.help
    if field.secret and stored:
        help_text = _("已保存，不会显示；不改就留空。")
    given: dict[str, Any] = {"label": field.label, "required": False, "help_text": help_text}
    if field.choices:
        return forms.ChoiceField(choices=field.choices, **given)
    widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
    if field.secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    elif field.lines:
        widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(max_length=1000, widget=widget, **given)
