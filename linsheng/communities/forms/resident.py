"""What residents type: claiming a home, and their own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.accounts.forms import PHONE
from linsheng.accounts.models import DataRequest
from linsheng.communities.models import Residency


class ClaimForm(forms.Form):
    code = forms.CharField(
        label=_("认领码"),
        max_length=20,
        help_text=_("信件上的 10 位字母和数字，不分大小写。"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ClaimantForm(forms.Form):
    """Who claims; the number is left out for somebody signed in."""

    name = forms.CharField(label=_("您的姓名"), max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    kind = forms.ChoiceField(
        label=_("您是"), choices=Residency.Kind.choices, widget=forms.RadioSelect, initial=Residency.Kind.OWNER
    )
    phone = forms.CharField(
        label=_("您的手机号"), max_length=20, widget=forms.TextInput(PHONE), help_text=_("以后用它登录，会收到验证码。")
    )


class DataRequestForm(forms.Form):
    kind = forms.ChoiceField(label=_("要办理的事项"), choices=DataRequest.Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("说明"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("更正：写明哪里不对、应改成什么；删除：可以不写。"),
    )


class AnswerForm(forms.Form):
    done = forms.ChoiceField(
        label=_("办理结果"),
        choices=[("yes", _("已办理")), ("no", _("不能办理"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("答复"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
