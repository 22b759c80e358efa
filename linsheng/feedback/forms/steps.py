"""One small form for each action on a case. They clean what was typed; whether it may be done is up to the action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from linsheng.feedback import telling
from linsheng.feedback.forms.filter import item_choices
from linsheng.feedback.forms.photos import PhotosField
from linsheng.feedback.models import Callback, Case, Kind, Photo, ResultNotice
from linsheng.feedback.queries.places import Handler
from linsheng.feedback.storyline import CONTACT_METHODS, WAITING_FOR
from linsheng.standards.models import ServiceItem, Urgency

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES_NO: tuple[tuple[str, LazyText], ...] = (("yes", _("是")), ("no", _("否")))
LONGEST = 5000
Method, Stage = ResultNotice.Method, Photo.Stage


@dataclass(frozen=True)
class About:
    """What a form has to know of its case; only filled in where the form asks for it (see ``needs``)."""

    case: Case
    handlers: list[Handler] = field(default_factory=list)
    items: list[ServiceItem] = field(default_factory=list)
    duplicates: list[Case] = field(default_factory=list)


def words(label: "StrOrPromise", *, required: bool = True, rows: int = 3, help_text: "StrOrPromise" = "") -> forms.CharField:
    """A few lines of text."""
    widget = forms.Textarea(attrs={"rows": rows})
    errors = {"required": _("请填写这一项。")}
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=LONGEST, widget=widget, error_messages=errors
    )


def line(label: "StrOrPromise", limit: int, *, required: bool = False, help_text: "StrOrPromise" = "") -> forms.CharField:
    """One line of text."""
    errors = {"required": _("请填写这一项。")}
    return forms.CharField(label=label, required=required, max_length=limit, help_text=help_text, error_messages=errors)


def one_of(
    label: "StrOrPromise", choices: Iterable[tuple[Any, Any]], *, required: bool = True, initial: str | None = None
) -> forms.ChoiceField:
    """Radios."""
    errors = {"required": _("请选择一项。")}
    return forms.ChoiceField(
        label=label, choices=choices, required=required, initial=initial, widget=forms.RadioSelect, error_messages=errors
    )


def some(*values: Any) -> list[tuple[Any, Any]]:  # members of any choices
    """Choices from members of an enum of choices."""
    return [(value.value, value.label) for value in values]


class StepForm(forms.Form):
    """A form about a case; this plain one has no field at all: only a button."""

    needs: frozenset[str] = frozenset()

    def __init__(
        self, data: Mapping[str, str] | None = None, files: "MultiValueDict[str, UploadedFile[Any]] | None" = None, *, about: About
    ) -> None:
        super().__init__(data, files)
        self.about = about
        self.prepare(about)

    def prepare(self, about: About) -> None:
        """Fill in what depends on the case."""

    def choose(self, name: str, choices: Iterable[tuple[Any, Any]], initial: str | None = None) -> None:
        """The choices of a field that depend on the case."""
        chooser = cast(forms.ChoiceField, self.fields[name])
        chooser.choices = list(choices)
        chooser.initial = initial


def handler_words(handler: Handler) -> str:
    """张师傅 · 工程组 · 手上 3 件"""
    load = ngettext("手上 %(n)d 件", "手上 %(n)d 件", handler.load) % {"n": handler.load}
    return " · ".join(filter(None, (handler.name, handler.team_name, load)))


class AssignForm(StepForm):
    needs = frozenset({"handlers"})
    handler = one_of(_("指派给"), [])

    def prepare(self, about: About) -> None:
        """Everybody but the present handler; the first one of the item's team is proposed."""
        others = [h for h in about.handlers if h.pk != about.case.handler_id]
        proposed = others[0].username if others and others[0].team == about.case.team else None
        self.choose("handler", [(h.username, handler_words(h)) for h in others], proposed)


class ContactForm(StepForm):
    method = one_of(_("方式"), CONTACT_METHODS.items(), initial="phone")
    reached = one_of(_("联系上了吗"), YES_NO, initial="yes")
    text = words(_("说了什么"), required=False, help_text=_("反映人会看到，请只写与这件事有关的话。"))

    def prepare(self, about: About) -> None:
        """Whoever asked for confidentiality can only be left a message."""
        if about.case.confidential:
            self.choose("method", [("message", CONTACT_METHODS["message"])], "message")


class WaitForm(StepForm):
    reason = words(_("原因"), help_text=_("反映人会看到。"))
    until = forms.DateTimeField(
        label=_("预计恢复时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def prepare(self, about: About) -> None:
        # "for" is a word of the language.
        self.fields = {"for": one_of(_("等什么"), WAITING_FOR.items()), **self.fields}


class ResolveForm(StepForm):
    text = words(_("处理结果"), rows=4, help_text=_("用反映人能看懂的话写：做了什么，现在怎样，以后要注意什么。"))
    photo = PhotosField(label=_("处理后的照片"), required=False)


def offer_hand_methods(form: forms.Form, case: Case) -> bool:
    """The ways in which staff can tell this reporter, in the fields ``method`` and ``note``; whether posting is one of them."""
    methods = telling.hand_methods(case)
    chooser = cast(forms.ChoiceField, form.fields["method"])
    chooser.choices, chooser.initial = some(*methods), methods[0].value
    posting = Method.POSTED in methods
    if posting:
        form.fields["note"].help_text = _("现场张贴的，写明贴在哪里。")
    return posting


class TellForm(StepForm):
    method = one_of(_("方式"), [])
    reached = one_of(_("告知到了吗"), [("yes", _("已告知本人")), ("no", _("没有联系上"))])
    note = line(_("备注"), 200)

    def prepare(self, about: About) -> None:
        """The ways in which this reporter can be told."""
        self.posting = offer_hand_methods(self, about.case)
        if self.posting:
            self.choose("reached", [("yes", _("已张贴，或已告知本人")), ("no", _("没有联系上"))])


class ReopenForm(StepForm):
    reason = words(_("哪里没有解决"), help_text=_("反映人会看到。"))


class ReferForm(StepForm):
    reason = words(_("转给谁，为什么"), help_text=_("反映人会看到，请写明对方单位和联系方式。"))


class DeclineForm(StepForm):
    reason = words(_("不能受理的原因"), help_text=_("反映人会看到，请说明依据，以及可以怎么办。"))


class MergeForm(StepForm):
    needs = frozenset({"duplicates"})
    into = line(_("合并到（编号）"), 30, required=True, help_text=_("两件的经过都会保留，每位反映人仍会分别告知和回访。"))

    def clean_into(self) -> str:
        return str(self.cleaned_data["into"]).strip().upper()


class ReclassifyForm(StepForm):
    needs = frozenset({"items"})
    item = forms.ChoiceField(label=pgettext_lazy("one", "服务项目"))
    urgency = one_of(_("紧急程度"), Urgency.choices)
    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices)
    reason = line(_("说明"), 200, help_text=_("只有工作人员看到。时限会按收到时生效的承诺重新计算。"))

    def prepare(self, about: About) -> None:
        """Begin with what the case is now."""
        self.choose("item", item_choices(about.items), about.case.item.code)
        self.initial = {"urgency": about.case.urgency, "kind": about.case.kind}


class CallbackForm(StepForm):
    """Nothing is answered beforehand: whoever asks must not answer for the reporter."""

    method = one_of(_("方式"), some(Callback.Method.PHONE, Callback.Method.VISIT), initial="phone")
    outcome = one_of(_("回访情况"), Callback.Outcome.choices)
    contacted = one_of(_("有没有人联系过您？"), YES_NO, required=False)
    solved = one_of(_("问题解决了吗？"), YES_NO, required=False)
    satisfied = one_of(_("对处理满意吗？"), Callback.Satisfied.choices, required=False)
    note = line(_("备注"), 300, help_text=_("记原话，不加评论。"))


class NoteForm(StepForm):
    text = words(_("内部备注"), rows=2, help_text=_("只有工作人员看到。"))


class AddForm(StepForm):
    text = words(_("补充内容"), help_text=_("代反映人记录，反映人也会看到。"))


class PhotoForm(StepForm):
    photo = PhotosField(label=_("照片"), error_messages={"required": _("请选择照片。")})
    stage = one_of(_("什么时候拍的"), some(Stage.BEFORE, Stage.AFTER, Stage.REPORT), initial="before")
    internal = forms.BooleanField(label=_("只给工作人员看"), required=False)
