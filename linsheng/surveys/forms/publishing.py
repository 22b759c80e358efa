"""Choosing what residents see."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linsheng.core.ui.figures import decimals_words
from linsheng.surveys.actions import Answered, Choice
from linsheng.surveys.actions.publishing import MOST_REPLIES
from linsheng.surveys.models import Publication
from linsheng.surveys.published import choosable, quotable_of
from linsheng.surveys.results import WaveResult

BLANK_ROWS = 2


class PublicationForm(forms.Form):
    """Questions, comments, and how much beside them."""

    foreword = forms.CharField(
        label=_("开头的话"), max_length=600, required=False, widget=forms.Textarea({"rows": 3}), help_text=_("选填。住户先看到它。")
    )
    foreword_en = forms.CharField(label=_("开头的话（英文）"), max_length=900, required=False, widget=forms.Textarea({"rows": 2}))
    questions = forms.MultipleChoiceField(label=_("公布哪些题"), required=False, widget=forms.CheckboxSelectMultiple)
    changes = forms.BooleanField(label=_("写明和上次相比"), required=False)
    buildings = forms.BooleanField(label=_("按楼栋列出"), required=False, help_text=_("人数太少的楼栋不显示。"))
    quotes = forms.MultipleChoiceField(
        label=_("住户写的话"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("人名、房号、电话已遮住；请再读一遍，看得出是谁写的、说的是谁的，不要选。"),
    )

    def __init__(self, *args: Any, result: WaveResult, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = [(item.asked.key, _label(item.asked.short, item.estimate.mean)) for item in choosable(result)]
        texts = list(dict.fromkeys(quote["text"] for quote in quotable_of(result)))
        self.fields["questions"].choices = items  # type: ignore[attr-defined]  # a field of choices
        self.fields["quotes"].choices = [(text, text) for text in texts]  # type: ignore[attr-defined]  # as above
        if not texts:
            del self.fields["quotes"]
        if result.comparison is None:
            del self.fields["changes"]
        if result.table("building") is None:
            del self.fields["buildings"]

    def choice(self, replies: list[Answered]) -> Choice:
        """What was chosen."""
        names = ("questions", "quotes", "buildings", "changes", "foreword", "foreword_en")
        return Choice(**{name: self.cleaned_data[name] for name in names if name in self.cleaned_data}, replies=replies)


def _label(name: str, mean: float | None) -> str:
    return f"{name} · {decimals_words(mean, 2)}"


class ReplyForm(forms.Form):
    """One thing that was said, and what was done."""

    said = forms.CharField(label=_("您说"), max_length=200, required=False)
    done = forms.CharField(label=_("我们做了"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}))
    said_en = forms.CharField(label=_("您说（英文）"), max_length=300, required=False)
    done_en = forms.CharField(label=_("我们做了（英文）"), max_length=600, required=False, widget=forms.Textarea({"rows": 2}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, other in (("said", "done"), ("done", "said")):
            if data.get(other) and not data.get(name):
                self.add_error(name, _("两栏都要写；不要这一条，就两栏都清空。"))
        return data


ReplyFormSet = forms.formset_factory(ReplyForm, extra=BLANK_ROWS, max_num=MOST_REPLIES, absolute_max=MOST_REPLIES)


def replies_of(formset: Any) -> list[Answered]:
    """The rows that are filled in."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("said")]
    return [Answered(**{name: row.get(name, "") for name in ("said", "done", "said_en", "done_en")}) for row in rows]


def initial_of_publication(found: Publication) -> dict[str, Any]:
    """The form as it was saved."""
    names = ("foreword", "foreword_en", "questions", "changes", "buildings")
    return {name: getattr(found, name) for name in names} | {"quotes": [quote["text"] for quote in found.quotes]}


def initial_of_replies(found: Publication) -> list[dict[str, str]]:
    rows = found.replies.all() if found.pk else []
    return [{"said": row.said, "done": row.done, "said_en": row.said_en, "done_en": row.done_en} for row in rows]
