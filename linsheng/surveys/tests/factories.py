"""Waves for tests: homes, an open wave, codes, and forms filled in."""

import random
from collections.abc import Callable
from datetime import timedelta

from linsheng.communities.models import Building, Community, Home
from linsheng.surveys import actions, sealing
from linsheng.surveys.actions import closing
from linsheng.surveys.actions.answering import contents_of
from linsheng.surveys.models import Ballot, QuestionnaireVersion, SealedAnswer, Wave
from linsheng.surveys.queries.questionnaires import asked, flat


def add_homes(community: Community, buildings: int, each: int, *, tenure: str = "owner", first: int = 10) -> list[Home]:
    made = []
    for b in range(first, first + buildings):
        building = Building.objects.create(community=community, name=f"{b}栋", order=b)
        rows = [Home(community=community, building=building, number=f"{b}-{n:04d}", floor=n, tenure=tenure) for n in range(each)]
        made += Home.objects.bulk_create(rows)
    return made


def version_of(organisation) -> QuestionnaireVersion:
    rows = QuestionnaireVersion.objects.select_related("questionnaire__organisation")
    return rows.filter(questionnaire__organisation=organisation).order_by("-number").first()


def plan_for(community: Community, now, **changes) -> actions.Plan:
    values = {
        "title": "下半年满意度调查",
        "title_en": "Second half-year survey",
        "version": version_of(community.organisation),
        "communities": [community],
        "ends_on": (now + timedelta(days=14)).date(),
    }
    return actions.Plan(**(values | changes))


def open_wave(community: Community, now, **changes) -> Wave:
    wave = actions.make_wave(plan=plan_for(community, now, **changes), by=None, now=now)
    return actions.open_wave(wave=wave, by=None, now=now)


def code_of(wave: Wave, home: Home) -> str:
    return sealing.code_for(wave, Ballot.objects.get(wave=wave, home=home))


def filler(version: QuestionnaireVersion) -> Callable[..., dict[str, list[str]]]:
    """Fills in forms of a version that is read once: for tests in which hundreds answer."""
    rows = list(flat(asked(version)))

    def fill(seed: int = 0, **changes) -> dict[str, list[str]]:
        rng = random.Random(seed)
        given = {each.key: [rng.choice(each.choices).value] if each.choices else [f"意见 {seed}"] for each in rows}
        return given | {"complaint.made": ["yes"], "repair.made": ["yes"]} | changes

    return fill


def filled(version: QuestionnaireVersion, seed: int = 0, **changes) -> dict[str, list[str]]:
    """A form that answers everything, by chance; complaints and repairs included."""
    return filler(version)(seed, **changes)


def posted(wave: Wave, given: dict[str, list[str]], key: str = "k1") -> dict[str, object]:
    """The same as a browser sends it."""
    return {"wave": wave.pk, "key": key} | {f"q-{name}": values for name, values in given.items()}


def closed_with(wave: Wave, now, rows, *, mode: str = "web") -> Wave:
    """Close a wave as if these forms had come in: ``rows`` of (home, values by key); quick, for the urn is tested elsewhere."""
    ballots = {ballot.home_id: ballot for ballot in Ballot.objects.filter(wave=wave)}
    contents = []
    for home, values in rows:
        ballot = ballots[home.pk]
        ballot.state, ballot.mode, ballot.answered_on = "answered", mode, now.date()
        extra = {} if wave.anonymous else {"home": home.pk}
        contents.append({"stratum": ballot.stratum_id, "tenure": ballot.tenure, "mode": mode, "values": dict(values), **extra})
    Ballot.objects.bulk_update(ballots.values(), ["state", "mode", "answered_on"], batch_size=500)
    Ballot.objects.filter(wave=wave, state="open").update(state="closed")
    closing._coarsen(wave, contents)
    closing._write(wave, contents)
    wave.state, wave.closed_at, wave.secret = "closed", now, ""
    wave.save(update_fields=["state", "closed_at", "secret"])
    return wave


def sealed_with(wave: Wave, now, rows) -> Wave:
    """Close a wave into whose urn these came: ``rows`` of (home, values by key, mode); by the action that closes."""
    ballots = {ballot.home_id: ballot for ballot in Ballot.objects.filter(wave=wave)}
    capacity = sealing.capacity_for(list(wave.version.questions.all()))
    urn = []
    for home, values, mode in rows:
        ballot = ballots[home.pk]
        ballot.wave, ballot.state, ballot.mode, ballot.answered_on = wave, "answered", mode, now.date()
        urn.append(SealedAnswer(wave=wave, sealed=sealing.seal(wave, contents_of(ballot, dict(values), mode), capacity)))
    SealedAnswer.objects.bulk_create(urn, batch_size=500)
    Ballot.objects.bulk_update(ballots.values(), ["state", "mode", "answered_on"], batch_size=500)
    return actions.close_wave(wave=wave, by=None, now=now)


def marks(version: QuestionnaireVersion, rng: random.Random, mean: dict[str, float] | float = 4.0, **changes) -> dict:
    """One answer around these means: everything but texts, complaints and repairs from one in three."""
    found = {"complaint.made": "yes" if rng.random() < 0.33 else "no", "repair.made": "yes" if rng.random() < 0.33 else "no"}
    mood = rng.gauss(0, 0.6)
    for each in flat(asked(version)):
        if each.gate_key and found.get(each.gate_key) != "yes":
            continue
        if each.kind in {"scale", "ten"} and rng.random() > 0.06:
            middle = mean if isinstance(mean, float) else mean.get(each.key, 4.0)
            top = 5 if each.kind == "scale" else 10
            score = (middle + mood + rng.gauss(0, 0.7)) * top / 5
            found[each.key] = min(max(round(score), 1), top)
        elif each.kind == "single" and each.key not in found:
            found[each.key] = rng.choice(each.choices).value
    return found | changes


def with_few_let(community, now) -> Wave:
    """A closed wave of two buildings with two and twelve let homes: of one building the tenure is left out."""
    homes = add_homes(community, 2, 30)
    for home in homes[:2] + homes[30:42]:
        home.tenure = "let"
        home.save(update_fields=["tenure"])
    wave = open_wave(community, now)
    sealed_with(wave, now, [(home, {"overall": 1 + place % 5}, "web") for place, home in enumerate(homes)])
    return wave
