"""What somebody without an account fills in after scanning a code.

It is the residents' own form without a home (``feedback.forms.resident``): the same questions in the same words, by whichever door.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.communities.models import Building
from linsheng.core.text import phone_digits
from linsheng.feedback.forms.resident import MatterForm
from linsheng.intake.models import Place


class PublicForm(MatterForm):
    """A report at one place. ``website`` is seen by machines only."""

    key = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    location = forms.CharField(
        label=gettext_lazy("具体位置"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：2 层走廊、靠东门")}),
    )
    building = forms.ChoiceField(label=gettext_lazy("哪一栋？"), required=False)
    phone = forms.CharField(
        label=gettext_lazy("您的电话"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("只用来联系您处理这件事和告诉您结果，不作别的用途。不留电话，就用提交后的链接看进展。"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    name = forms.CharField(label=gettext_lazy("怎么称呼您"), max_length=60, required=False)
    confidential = forms.BooleanField(
        label=gettext_lazy("对工作人员保密"),
        required=False,
        help_text=gettext_lazy("不记录您的电话和称呼，答复只写在这件反映的链接里。要上门维修的事请不要勾选。"),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "data-no-draft": True})
    )

    def __init__(self, *args: Any, place: Place, buildings: Sequence[Building], **options: Any) -> None:
        super().__init__(*args, **options)
        self.buildings = {str(building.pk): building for building in buildings} if place.whole_community else {}
        if self.buildings:
            choices = [("", _("不在楼栋里，或说不清")), *((pk, building.name) for pk, building in self.buildings.items())]
            self.fields["building"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["building"]

    def clean_building(self) -> Building | None:
        return self.buildings.get(self.cleaned_data["building"])

    def clean_phone(self) -> str:
        """The digits of whatever was typed; a number without enough of them reaches nobody."""
        typed = self.cleaned_data["phone"].strip()
        digits = phone_digits(typed)
        if typed and not 7 <= len(digits) <= 15:
            raise ValidationError(_("请核对电话号码，或者留空。"))
        return digits

    def renew(self, key: str) -> None:
        """Give the form that comes back another key; all that was typed stays."""
        self.data = {**self.data.dict(), "key": key, "website": ""}  # type: ignore[attr-defined]  # the request's own QueryDict


class PublicHints(PublicForm):
    """The same while it is being filled in: nothing is required yet."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.required = False

    def clean_item(self) -> Any:
        return super().clean_item() if self.cleaned_data["item"] else None
