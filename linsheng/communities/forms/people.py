"""Residents, and staff with their posts."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.permissions import Role
from linsheng.communities.actions import PersonFacts, PostFacts
from linsheng.communities.models import Community, Organisation, Residency, Team

PHONE = {"type": "tel", "inputmode": "tel"}
DAY = {"type": "date"}


def day_field(label: Any, hint: Any = "") -> forms.DateField:
    """An optional date, as browsers want it."""
    widget = forms.DateInput(DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=hint)


class PersonForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("手机号"), max_length=20, required=False, widget=forms.TextInput(PHONE), help_text=_("用来登录和识别来电。")
    )
    email = forms.EmailField(label=_("邮箱"), max_length=254, required=False)

    def facts(self) -> PersonFacts:
        return PersonFacts(**{name: self.cleaned_data[name] for name in PersonForm.base_fields})


class MoveInForm(PersonForm):
    kind = forms.ChoiceField(label=_("身份"), choices=Residency.Kind.choices)
    since = day_field(_("入住日期"))


class ResidencyForm(forms.Form):
    kind = forms.ChoiceField(label=_("身份"), choices=Residency.Kind.choices)
    since = day_field(_("入住日期"))


class MoveOutForm(forms.Form):
    until = day_field(_("迁出日期"), _("留空按今天。"))


class PostForm(forms.Form):
    """A post: where, as what, in which team."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    place = forms.ChoiceField(label=_("任职范围"), help_text=_("选整个公司，则在所有小区都有这个角色。"))
    team = forms.ChoiceField(label=_("班组"), choices=[("", _("不分班组")), *Team.choices], required=False)
    title = forms.CharField(label=_("岗位名称"), max_length=40, required=False, help_text=_("例如：3 栋管家。"))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], communities: QuerySet[Community], **options: Any) -> None:
        super().__init__(*args, **options)
        self.companies = {f"company-{o.pk}": o for o in organisations}
        self.places = {f"community-{c.pk}": c for c in communities.select_related("organisation")}
        whole = [(key, _("整个公司：%(name)s") % {"name": company.name}) for key, company in self.companies.items()]
        self.fields["place"].choices = [*((key, place.name) for key, place in self.places.items()), *whole]  # type: ignore[attr-defined]

    @property
    def organisation(self) -> Organisation:
        chosen = self.cleaned_data["place"]
        return self.companies[chosen] if chosen in self.companies else self.places[chosen].organisation

    def facts(self) -> PostFacts:
        data = self.cleaned_data
        return PostFacts(role=data["role"], community=self.places.get(data["place"]), team=data["team"], title=data["title"])


class StaffForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(label=_("邮箱"), max_length=254, required=False, help_text=_("用来接收通知。"))


class NewStaffForm(PostForm, StaffForm):
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        help_text=_("登录用，例如姓名拼音；字母、数字和 . - _。"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ["name", "username", "email", "role", "place", "team", "title"]
