"""What is asked: questionnaires, their versions, blocks and questions. A version that a wave used is frozen, by triggers too."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linsheng.communities.models import Organisation
from linsheng.standards.models import ServiceItem


def spoken(chinese: str, english: str) -> str:
    """The text in the reader's language; Chinese where there is no English."""
    return english if english and (get_language() or "").startswith("en") else chinese


class Questionnaire(models.Model):
    """A form that is asked again and again, through its versions."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="questionnaires", db_index=False)
    code = models.SlugField(_("代码"), max_length=40)
    title = models.CharField(_("名称"), max_length=80)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["organisation_id", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="questionnaire_code_once")]

    def __str__(self) -> str:
        return spoken(self.title, self.title_en)


class QuestionnaireVersion(models.Model):
    """One edition. A draft until a wave opens with it; from then on nothing in it changes."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    intro = models.TextField(_("开头的话"), max_length=600, blank=True)
    intro_en = models.TextField(_("开头的话（英文）"), max_length=900, blank=True)
    created_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["questionnaire_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_version_once"),
            models.UniqueConstraint(fields=["questionnaire"], condition=models.Q(frozen_at=None), name="one_draft_a_questionnaire"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} v{self.number}"

    @property
    def said_intro(self) -> str:
        return spoken(self.intro, self.intro_en)


class Block(models.Model):
    """Questions on one matter. With a gate: asked only where the answer to an earlier question is one of ``gate_values``."""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="blocks")
    order = models.PositiveIntegerField(default=0)
    title = models.CharField(_("标题"), max_length=60)
    title_en = models.CharField(_("英文标题"), max_length=90, blank=True)
    hint = models.CharField(_("提示语"), max_length=200, blank=True)
    hint_en = models.CharField(_("英文提示"), max_length=300, blank=True)
    shuffled = models.BooleanField(_("块内题目随机排列"), default=True)
    gate = models.ForeignKey(
        "Question", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("条件题")
    )
    gate_values = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["version_id", "order", "id"]

    def __str__(self) -> str:
        return spoken(self.title, self.title_en)

    @property
    def said_hint(self) -> str:
        return spoken(self.hint, self.hint_en)


class QuestionType(models.TextChoices):
    SCALE = "scale", _("五级量表（1–5，可选“没接触过”）")
    TEN = "ten", _("0–10 打分")
    SINGLE = "single", _("单选")
    MULTIPLE = "multiple", _("多选")
    TEXT = "text", _("文字")


class Question(models.Model):
    """One question. ``code`` says what it is about; ``key`` is its identity: the same over versions only with the same wording."""

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions", db_index=False)
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveIntegerField(default=0)
    code = models.CharField(_("代码"), max_length=60)
    key = models.CharField(max_length=70)
    kind = models.CharField(_("题型"), max_length=10, choices=QuestionType.choices, default=QuestionType.SCALE)
    item = models.ForeignKey(
        ServiceItem, null=True, blank=True, on_delete=models.PROTECT, related_name="questions", verbose_name=_("服务项目")
    )
    text = models.CharField(_("题目"), max_length=200)
    text_en = models.CharField(_("英文题目"), max_length=300, blank=True)
    hint = models.CharField(_("说明"), max_length=200, blank=True)
    hint_en = models.CharField(_("英文说明"), max_length=300, blank=True)
    # [{"value": "1", "label": "很不满意", "label_en": "Very dissatisfied"}]; a scale without options has the words of satisfaction.
    options = models.JSONField(default=list, blank=True)
    no_contact = models.BooleanField(_("可以选“没接触过/不清楚”"), default=True)
    background = models.BooleanField(_("背景题（不计入满意度）"), default=False)

    class Meta:
        ordering = ["version_id", "block__order", "block_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="question_key_once_a_version")]

    def __str__(self) -> str:
        return spoken(self.text, self.text_en)

    @property
    def said_hint(self) -> str:
        return spoken(self.hint, self.hint_en)

    @property
    def wording(self) -> tuple[Any, ...]:
        """Everything a respondent reads or may choose: what has to stay the same for answers to be compared."""
        options = tuple((str(o["value"]), o["label"], o.get("label_en", "")) for o in self.options)
        return (self.kind, self.text, self.text_en, self.hint, self.hint_en, options, self.no_contact)
