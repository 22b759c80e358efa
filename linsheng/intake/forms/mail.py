"""Mail: the list's filter, and a mailbox as typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Community
from linsheng.intake.actions.mail.mailboxes import FIELDS
from linsheng.intake.models import Mailbox, Outcome

HELP = {
    "address": _("居民写信的地址，也是我们回信的发件地址。"),
    "name": _("回信时显示的名称；不填就用小区名称。"),
    "reply_style": _("居民回信时凭地址里的标记认出是哪一件，别人猜不到。服务商支持加号地址时选第一种。"),
    "host": _("例如 imap.exmail.qq.com。邮件由命令 receive_mail 送入时可以不填。"),
    "folder": _("一般是 INBOX。"),
    "done_folder": _("不填就留在原处，标为已读。"),
    "smtp_host": _("例如 smtp.exmail.qq.com。不填就用本系统的发信服务器。"),
    "smtp_username": _("不填就用收信的登录名和密码。"),
    "smtp_from": _("不填就用邮箱地址；多数服务商要求与登录名一致。"),
    "trusted_server": _("收信服务器在 Authentication-Results 里写的名字，例如 mx.example.com；不填就不看验证结果。"),
    "require_authentication": _("开启后，没有验证结果的来信也先隔离，等人放行。"),
}


class MailFilterForm(forms.Form):
    q = forms.CharField(label=_("搜索"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *Outcome.choices, ("after_end", _("结束后来信"))]
    )

    def wanted(self) -> tuple[str, str]:
        """State and words; what cannot be read filters nothing."""
        self.is_valid()
        return self.cleaned_data.get("state", ""), self.cleaned_data.get("q", "")


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A mailbox; the stored secret is never shown, and stays when nothing is typed."""

    community = forms.ChoiceField(
        label=_("小区"),
        help_text=_("不认识的发件人来信归到这里。"),
        widget=forms.Select(attrs={"data-taken-from": "others"}),
    )
    others = forms.MultipleChoiceField(
        label=_("也服务于"),
        required=False,
        help_text=_("上面选的小区以外，还有哪些小区的居民写信到这里。"),
        widget=forms.CheckboxSelectMultiple,
    )
    secret = forms.CharField(
        label=_("密码或授权码"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    smtp_secret = forms.CharField(
        label=_("发信密码或授权码"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    smtp_port = forms.IntegerField(label=_("发信端口"), min_value=1, max_value=65535, initial=465, required=False)
    port = forms.IntegerField(label=_("端口"), min_value=1, max_value=65535, initial=993)

    class Meta:
        model = Mailbox
        fields = FIELDS
        help_texts = HELP

    def __init__(self, *args: Any, communities: Iterable[Community], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = {place.code: place for place in communities}
        choices = [(place.code, place.name) for place in self.places.values()]
        for name in ("community", "others"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # both are choice fields
        if self.instance.pk:
            self.initial["community"] = self.instance.community.code
            self.initial["others"] = [place.code for place in self.instance.others.all()]
        self.fields["smtp_security"].required = False
        for name in ("secret", "smtp_secret"):
            stored = bool(getattr(self.instance, name))
            self.fields[name].help_text = _("已保存，不会显示；不改就留空。") if stored else _("QQ、163 等邮箱请用授权码。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("host") and not cleaned.get("username"):
            self.add_error("username", gettext("请填写登录名，一般就是邮箱地址。"))
        if cleaned.get("host") and not cleaned.get("secret") and not self.instance.secret:
            self.add_error("secret", gettext("请填写密码或授权码。"))
        cleaned["smtp_port"] = cleaned.get("smtp_port") or Mailbox._meta.get_field("smtp_port").default
        cleaned["smtp_security"] = cleaned.get("smtp_security") or Mailbox.Security.SSL
        own_login = cleaned.get("smtp_host") and cleaned.get("smtp_username")
        if own_login and not cleaned.get("smtp_secret") and not self.instance.smtp_secret:
            self.add_error("smtp_secret", gettext("请填写密码或授权码。"))
        return cleaned

    @property
    def chosen(self) -> tuple[Community, list[Community]]:
        return self.places[self.cleaned_data["community"]], [self.places[code] for code in self.cleaned_data["others"]]
