"""``python -m benchmarks.wave make HOMES | count``: an open survey wave with its codes and filled forms, as JSON; what came in."""

import json
import random
import sys
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.db import transaction  # noqa: E402  # after the set-up

from linsheng.communities.models import Building, Community, Home, Organisation  # noqa: E402
from linsheng.core import clock  # noqa: E402
from linsheng.standards.actions import install_defaults as install_standards  # noqa: E402
from linsheng.surveys import actions, sealing  # noqa: E402
from linsheng.surveys.models import Ballot, QuestionnaireVersion, SealedAnswer  # noqa: E402
from linsheng.surveys.queries.questionnaires import asked, flat  # noqa: E402

HOMES_A_BUILDING, FORMS = 100, 20


def _community(homes: int) -> Community:
    organisation, now = Organisation.objects.create(code="bench", name="Benchmark"), clock.now()
    install_standards(organisation=organisation, by=None, now=now)
    actions.install_defaults(organisation=organisation, by=None, now=now)
    community = Community.objects.create(organisation=organisation, code="BENCH", name="Benchmark")
    for first in range(0, homes, HOMES_A_BUILDING):
        number = first // HOMES_A_BUILDING + 1
        building = Building.objects.create(community=community, name=f"{number}栋", order=number)
        rows = [
            Home(community=community, building=building, number=f"{number}-{n:04d}", tenure=Home.Tenure.OWNER)
            for n in range(min(HOMES_A_BUILDING, homes - first))
        ]
        Home.objects.bulk_create(rows)
    return community


def _form(version: QuestionnaireVersion, rng: random.Random) -> str:
    """Everything answered, with words, as a browser sends it."""
    said = "电梯早晚高峰要等很久，希望两台都开；楼道的灯坏了三天了。"
    given = [(f"q-{each.key}", rng.choice(each.choices).value if each.choices else said) for each in flat(asked(version))]
    return urlencode(given)


@transaction.atomic
def make(homes: int) -> dict[str, Any]:
    community, now = _community(homes), clock.now()
    version = QuestionnaireVersion.objects.get(questionnaire__organisation=community.organisation_id)
    ends = (now + timedelta(days=14)).date()
    plan = actions.Plan(title="Benchmark", version=version, communities=[community], ends_on=ends)
    wave = actions.open_wave(wave=actions.make_wave(plan=plan, by=None, now=now), by=None, now=now)
    rng = random.Random(1)
    codes = [sealing.code_for(wave, ballot) for ballot in Ballot.objects.filter(wave=wave)]
    rng.shuffle(codes)
    return {"wave": wave.pk, "codes": codes, "forms": [_form(version, rng) for _ in range(FORMS)]}


def count() -> dict[str, int]:
    return {"answered": Ballot.objects.filter(state="answered").count(), "sealed": SealedAnswer.objects.count()}


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[2])) if sys.argv[1] == "make" else count()))
