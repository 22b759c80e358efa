"""What was answered to the three questions. Nothing is chosen beforehand."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.feedback.models import Callback

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES_NO = [("yes", _("是")), ("no", _("否"))]


def one_of(label: "StrOrPromise", choices: Iterable[tuple[Any, Any]], *, required: bool = False) -> forms.ChoiceField:
    errors = {"required": _("请选择回访情况。")}
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=forms.RadioSelect, error_messages=errors)


class AskForm(forms.Form):
    outcome = one_of(_("回访情况"), Callback.Outcome.choices, required=True)
    contacted = one_of(_("有没有人联系过您？"), YES_NO)
    solved = one_of(_("问题解决了吗？"), YES_NO)
    satisfied = one_of(_("对处理满意吗？"), Callback.Satisfied.choices)
    note = forms.CharField(label=_("备注"), max_length=300, required=False, help_text=_("记原话，不加评论。"))


class SkipForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么暂时跳过"),
        max_length=200,
        help_text=_("例如：反映人请您下午再打。原因会记录。"),
        error_messages={"required": _("请写明为什么跳过。")},
    )
