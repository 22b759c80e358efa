"""The questionnaire a new company starts with, as rows."""

from datetime import datetime

from django.db import transaction

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.communities.models import Organisation
from linsheng.standards.models import ServiceItem
from linsheng.surveys import default_questionnaire as default
from linsheng.surveys.models import Block, Question, Questionnaire, QuestionnaireVersion


@transaction.atomic
def install_defaults(*, organisation: Organisation, by: User | None, now: datetime) -> QuestionnaireVersion | None:
    """Give a company that has no questionnaire the default one; safe to repeat. Its service tree has to be there."""
    if Questionnaire.objects.filter(organisation=organisation).exists():
        return None
    made = Questionnaire.objects.create(
        organisation=organisation, code=default.CODE, title=default.TITLE, title_en=default.TITLE_EN, created_at=now
    )
    version = QuestionnaireVersion.objects.create(
        questionnaire=made, number=1, intro=default.INTRO, intro_en=default.INTRO_EN, created_at=now, made_by=by
    )
    items = {item.code: item for item in ServiceItem.objects.filter(organisation=organisation)}
    by_code: dict[str, Question] = {}
    for place, spec in enumerate(default.BLOCKS):
        block = Block.objects.create(
            version=version,
            order=place,
            title=spec.title,
            title_en=spec.title_en,
            hint=spec.hint,
            hint_en=spec.hint_en,
            shuffled=spec.shuffled,
            gate=by_code.get(spec.gate),
            gate_values=["yes"] if spec.gate else [],
        )
        rows = Question.objects.bulk_create(_question(version, block, spec, order, items) for order in range(len(spec.questions)))
        by_code |= {row.code: row for row in rows}
    record("surveys.install_defaults", by=by, now=now, subject=version, organisation_id=organisation.pk)
    return version


def _question(version: QuestionnaireVersion, block: Block, spec: default.B, order: int, items: dict[str, ServiceItem]) -> Question:
    q = spec.questions[order]
    return Question(
        version=version,
        block=block,
        order=order,
        code=q.code,
        key=q.code,
        kind=q.kind,
        item=items.get(q.code),
        text=q.text,
        text_en=q.text_en,
        hint=q.hint,
        hint_en=q.hint_en,
        options=[{"value": value, "label": label, "label_en": english} for value, label, english in q.options],
        no_contact=q.no_contact,
        background=spec.background,
    )
