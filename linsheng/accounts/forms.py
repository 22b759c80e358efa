"""What is typed at sign-in and on one's own pages: cleaned here, saved by actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
USERNAME = {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
PHONE = {"type": "tel", "autocomplete": "tel-national", "inputmode": "tel"}


class PasswordField(forms.CharField):
    """A password, kept as typed; ``kind`` (current, new) tells the browser's password store which one it is."""

    def __init__(self, *, kind: str = "current", **options: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": f"{kind}-password"})
        super().__init__(max_length=128, strip=False, widget=widget, **options)


class SignInForm(forms.Form):
    username = forms.CharField(label=_("用户名"), max_length=60, widget=forms.TextInput(USERNAME))
    password = PasswordField(label=_("密码"))


class PhoneForm(forms.Form):
    phone = forms.CharField(label=_("手机号"), max_length=20, widget=forms.TextInput(PHONE))


class CodeForm(forms.Form):
    """A code from a text message or an authenticator app, or a recovery code."""

    code = forms.CharField(label=_("验证码"), max_length=20, widget=forms.TextInput(ONE_TIME))


class PasswordChangeForm(forms.Form):
    old = PasswordField(label=_("原密码"))
    new = PasswordField(label=_("新密码"), kind="new", help_text=_("至少 10 个字符，不要全是数字，也不要与用户名相近。"))
    again = PasswordField(label=_("再输一次新密码"), kind="new")

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("new", again) != again:
            raise forms.ValidationError(_("两次输入的新密码不一样。"))
        return again


class PasswordForm(forms.Form):
    password = PasswordField(label=_("密码"))


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("写明哪个程序使用，例如“电话系统”。"))


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("邮箱"), max_length=254, required=False, widget=forms.EmailInput({"autocomplete": "email"}))
