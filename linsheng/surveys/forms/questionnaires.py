"""What is typed into the pages of questionnaires and waves."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linsheng.standards.models import ServiceItem
from linsheng.standards.queries import items_of
from linsheng.surveys.actions import Wording
from linsheng.surveys.models import Block, Question, QuestionnaireVersion, QuestionType
from linsheng.surveys.queries.questionnaires import NO_CONTACT

CODE = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")
QUESTIONNAIRE_CODE = re.compile(r"^[a-z][a-z0-9-]*$")


class QuestionnaireForm(forms.Form):
    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("英文小写字母开头，例如 half-year。之后不能改。"))
    title = forms.CharField(label=_("名称"), max_length=80)
    title_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().lower()
        if not QUESTIONNAIRE_CODE.match(code):
            raise forms.ValidationError(gettext("代码只用小写英文字母、数字和短横线。"))
        return code


class IntroForm(forms.Form):
    intro = forms.CharField(label=_("开头的话"), max_length=600, required=False, widget=forms.Textarea({"rows": 3}))
    intro_en = forms.CharField(label=_("开头的话（英文）"), max_length=900, required=False, widget=forms.Textarea({"rows": 3}))


class BlockForm(forms.Form):
    """A block's words, and its gate as ``question: answer``."""

    title = forms.CharField(label=_("标题"), max_length=60)
    title_en = forms.CharField(label=_("英文标题"), max_length=90, required=False)
    hint = forms.CharField(label=_("提示语"), max_length=200, required=False, help_text=_("写在题目上方，如“请勿写姓名、房号”。"))
    hint_en = forms.CharField(label=_("英文提示"), max_length=300, required=False)
    shuffled = forms.BooleanField(label=_("块内题目随机排列"), required=False, initial=True)
    gate = forms.ModelChoiceField(
        label=_("只问这样回答的人"),
        queryset=Question.objects.none(),
        required=False,
        empty_label=_("人人都问"),
        help_text=_("例如只有“投诉过吗”答“有”的人，才看到“投诉处理”。"),
    )
    gate_values = forms.CharField(label=_("哪些选项"), required=False, help_text=_("选项代码，多个用逗号隔开，例如 yes。"))

    def __init__(self, *args: Any, version: QuestionnaireVersion, block: Block | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gates = version.questions.filter(kind=QuestionType.SINGLE, block__gate=None)
        field = self.fields["gate"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = gates.exclude(block=block) if block else gates

    def clean_gate_values(self) -> list[str]:
        return [part.strip() for part in re.split(r"[,，、;；\s]+", str(self.cleaned_data["gate_values"])) if part.strip()]


def options_text(options: list[dict[str, str]]) -> str:
    """``yes|有|Yes``, a line an option."""
    return "\n".join("|".join(filter(None, (o["value"], o["label"], o.get("label_en", "")))) for o in options)


def parse_options(text: str) -> list[dict[str, str]]:
    """Lines ``value|中文|English`` → options; without a value the place counts."""
    found = []
    for place, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        parts = [part.strip() for part in re.split(r"[|｜]", line)]
        value, label, english = [*parts, "", ""][:3] if len(parts) > 1 else (str(place), parts[0], "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", value):
            raise forms.ValidationError(gettext("第 %(n)s 行：选项代码只用英文字母、数字，例如 yes|有|Yes。") % {"n": place})
        if value == NO_CONTACT:
            raise forms.ValidationError(gettext("第 %(n)s 行：代码 na 留给“没接触过”，请换一个。") % {"n": place})
        found.append({"value": value, "label": label, "label_en": english})
    return found


class QuestionForm(forms.Form):
    """A question's wording. Where it is about a service item it takes that item's code."""

    item = forms.ModelChoiceField(
        label=_("服务项目"), queryset=ServiceItem.objects.none(), required=False, empty_label=_("不对应服务项目")
    )
    code = forms.CharField(
        label=_("代码"),
        max_length=60,
        required=False,
        help_text=_("留空时用服务项目的代码；没有服务项目的题目必须填，例如 recommend。"),
    )
    kind = forms.ChoiceField(label=_("题型"), choices=QuestionType.choices)
    text = forms.CharField(label=_("题目"), max_length=200, widget=forms.Textarea({"rows": 2}))
    text_en = forms.CharField(label=_("英文题目"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    hint = forms.CharField(label=_("说明"), max_length=200, required=False)
    hint_en = forms.CharField(label=_("英文说明"), max_length=300, required=False)
    options = forms.CharField(
        label=_("选项"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("单选、多选每行一个：代码|中文|English。五级量表留空就用“很不满意……很满意”。"),
    )
    no_contact = forms.BooleanField(label=_("可以选“没接触过/不清楚”"), required=False, initial=True)
    background = forms.BooleanField(label=_("背景题（不计入满意度）"), required=False)

    def __init__(self, *args: Any, organisation_id: int, question: Question | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items: QuerySet[ServiceItem] = items_of(organisation_id, retired=bool(question and question.item_id))
        field = self.fields["item"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = items

    def clean_options(self) -> list[dict[str, str]]:
        return parse_options(str(self.cleaned_data["options"]))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        code = str(values.get("code") or "").strip().lower()
        item = values.get("item")
        if not code and item:
            code = item.code
        if not CODE.match(code):
            self.add_error("code", gettext("请选一个服务项目，或填代码：小写英文字母、数字、下划线和一个点。"))
        values["code"] = code
        return values

    def wording(self) -> Wording:
        """The question as it was typed; only of a valid form."""
        return Wording(**self.cleaned_data)


def initial_of_question(question: Question) -> dict[str, Any]:
    names = ("item", "code", "kind", "text", "text_en", "hint", "hint_en", "no_contact", "background")
    return {name: getattr(question, name) for name in names} | {"options": options_text(question.options)}


def initial_of_block(block: Block) -> dict[str, Any]:
    names = ("title", "title_en", "hint", "hint_en", "shuffled", "gate")
    return {name: getattr(block, name) for name in names} | {"gate_values": ", ".join(block.gate_values)}
