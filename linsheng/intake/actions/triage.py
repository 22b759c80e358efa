"""Keeping what was proposed and chosen; learning from closed cases."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.communities.models import Organisation
from linsheng.core.errors import Invalid
from linsheng.feedback.models import Case
from linsheng.feedback.proposals import Choice
from linsheng.intake.models import ProposalChoice, TriageModel
from linsheng.intake.queries.triage import examples_of, models_of, names_in
from linsheng.intake.triage.examples import FEWEST_CASES
from linsheng.standards.queries import items_of

# Older editions can be learned again; the newest is the one in use.
KEPT_VERSIONS = 5
FEWEST_ITEMS = 2


def keep_choice(*, case: Case, choice: Choice, now: datetime) -> ProposalChoice:
    """Keep what the form of this case had proposed, and whether it was taken; a form sent twice counts once."""
    chosen = case.item.code
    values = {
        "proposed": choice.codes,
        "first": choice.codes[:1] == [chosen],
        "among": chosen in choice.codes,
        "clicked": choice.clicked == chosen and chosen in choice.codes,
        "source": choice.source[:10],
        "version": choice.version,
        "at": now,
    }
    return ProposalChoice.objects.get_or_create(case=case, defaults=values)[0]


def train_triage(*, organisation: Organisation, by: User | None, now: datetime) -> TriageModel:
    """Learn from the company's closed cases and keep the numbers as its next version. ``Invalid`` while there are too few."""
    from linsheng.intake.triage.learning import NothingInCommon, learned
    from linsheng.intake.triage.model import digest_of

    examples = examples_of(organisation)
    if len(examples) < FEWEST_CASES or len({one.code for one in examples[: len(examples) // 2]}) < FEWEST_ITEMS:
        sentence = _("办结的反映还不够：现有 %(n)s 件，满 %(least)s 件才能学习。在此之前按词表建议。")
        raise Invalid(sentence % {"n": len(examples), "least": FEWEST_CASES})
    try:
        model, report = learned(examples, list(items_of(organisation.pk)), names_in(organisation))
    except NothingInCommon as error:
        raise Invalid(_("这些反映里没有足够多人共用的词，还学不了。在此之前按词表建议。")) from error
    vocabulary, weights = list(model.vocabulary), model.packed()
    with transaction.atomic():
        newest = models_of(organisation).values_list("version", flat=True).first() or 0
        row = TriageModel.objects.create(
            organisation=organisation,
            version=newest + 1,
            trained_at=now,
            cases=len(examples),
            vocabulary=vocabulary,
            classes=list(model.classes),
            weights=weights,
            by_model=model.by_model,
            by_lexicon=model.by_lexicon,
            digest=digest_of(vocabulary, list(model.classes), weights, model.by_model, model.by_lexicon),
            report=report,
        )
        TriageModel.objects.filter(organisation=organisation, version__lte=row.version - KEPT_VERSIONS).delete()
        data = {"version": row.version, "cases": row.cases, "digest": row.digest}
        record("triage.train", by=by, now=now, organisation_id=organisation.pk, data=data)
    return row
