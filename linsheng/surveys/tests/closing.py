"""Closed waves for tests: many homes, answers by chance, some gates shut, some without contact."""

import random

from linsheng.surveys import actions, sealing
from linsheng.surveys.models import Ballot, Wave
from linsheng.surveys.queries.questionnaires import NO_CONTACT, asked, flat
from linsheng.surveys.tests.factories import add_homes, open_wave


def chance_form(questions, rng: random.Random) -> dict[str, list[str]]:
    """Most answer everything; a tenth of the marks are "no contact", gates are open for some."""
    given = {}
    for each in questions:
        offered = [choice.value for choice in each.choices if choice.value != NO_CONTACT]
        if each.kind == "text":
            given[each.key] = [f"希望多修路灯 {rng.random()}"] if rng.random() < 0.4 else []
        elif each.question.no_contact and rng.random() < 0.1:
            given[each.key] = [NO_CONTACT]
        else:
            given[each.key] = [rng.choice(offered)]
    given["complaint.made"] = ["yes" if rng.random() < 0.3 else "no"]
    given["repair.made"] = ["yes" if rng.random() < 0.5 else "no"]
    return given


def closed(community, now, *, sizes=(30, 12, 4), rate=0.8, seed=1, tenants=0.3, **changes) -> Wave:
    """A wave over new buildings of these sizes, answered by ``rate`` of the homes and closed."""
    rng = random.Random(seed)
    first = community.buildings.count() + 10
    for number, size in enumerate(sizes):
        for home in add_homes(community, 1, size, first=first + number):
            if rng.random() < tenants:
                type(home).objects.filter(number=home.number, community=community).update(tenure="let")
    return answered(open_wave(community, now, **changes), now, rate=rate, rng=rng)


def answered(wave: Wave, now, *, rate=0.8, rng: random.Random | None = None) -> Wave:
    rng = rng or random.Random(1)
    questions = list(flat(asked(wave.version)))
    for ballot in Ballot.objects.filter(wave=wave).select_related("wave__version", "stratum"):
        if rng.random() < rate:
            code = sealing.code_for(wave, ballot)
            actions.cast_answer(code=code, wave_id=wave.pk, given=chance_form(questions, rng), key=f"{ballot.pk}", now=now)
    actions.close_wave(wave=wave, by=None, now=now)
    actions.keep_result(wave=wave, now=now)
    return Wave.objects.select_related("version__questionnaire", "organisation").get(pk=wave.pk)
