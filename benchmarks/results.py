"""Figure 8: the result of a large wave, reckoned while it is closed and then shown. ``python -m benchmarks.results ANSWERS``: a
closed wave, who reads it, and the seconds that closing took, as JSON."""

import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.client import Connection, Request, timed
from benchmarks.places import Place
from benchmarks.table import Row

PAGE_WITHIN = 1.0
SHARE_ANSWERING, SHARE_WRITING = 0.7, 0.3
PARTS = ("overview", "items", "groups", "map", "low", "comments")
WORDS = ("楼道灯坏了没人修", "电梯早晚要等很久", "电动车堵了消防通道", "垃圾清运太晚有味道", "停车位不够，晚上没处停", "保洁很干净")


def results(place: Place, answers: int) -> Iterator[Row]:
    """8. A wave of so many answers: closed with its result, its pages read from then on."""
    place.run("django", "collectstatic", "--no-input", "--verbosity", "0")
    found = place.ask("benchmarks.results", str(answers))
    words = f"closing a wave of {found['answers']:,} answers, {found['buildings']} buildings, with its result"
    yield Row(words, f"{found['took']:.1f} s", "once")
    with place.serving() as port:
        connection, times = Connection(port), {}
        for part in PARTS:
            page = Request.make(f"/surveys/{found['wave']}/results/{part}/", cookie=found["session"])
            times[part] = [timed(connection, page) for _ in range(5)]
    first, slowest = times["overview"][0], max(statistics.median(each) for each in times.values())
    yield Row(
        "… its first page, the first one after the start (loads the programme)",
        f"{first:.2f} s",
        wanted=f"< {PAGE_WITHIN:.0f} s",
        holds=None,
    )
    yield Row("… its slowest page", f"{slowest:.2f} s", wanted=f"< {PAGE_WITHIN:.0f} s", holds=slowest < PAGE_WITHIN)


def _closed(answers: int) -> Any:
    """A wave that so many homes answered, sealed and opened as always."""
    from django.db import transaction  # noqa: PLC0415  # after the set-up

    from benchmarks.wave import make  # noqa: PLC0415
    from linsheng.core import clock  # noqa: PLC0415
    from linsheng.surveys import actions, sealing  # noqa: PLC0415
    from linsheng.surveys.models import Ballot, BallotState, SealedAnswer, Wave  # noqa: PLC0415
    from linsheng.surveys.queries.questionnaires import asked, flat  # noqa: PLC0415

    rng, now = random.Random(8), clock.now()
    wave = Wave.objects.get(pk=make(round(answers / SHARE_ANSWERING))["wave"])
    questions = list(flat(asked(wave.version)))
    capacity = sealing.capacity_for([each.question for each in questions])
    ballots = rng.sample(list(Ballot.objects.filter(wave=wave)), answers)
    rows = [SealedAnswer(wave=wave, sealed=sealing.seal(wave, _content(ballot, questions, rng), capacity)) for ballot in ballots]
    with transaction.atomic():
        SealedAnswer.objects.bulk_create(rows, batch_size=500)
        for ballot in ballots:
            ballot.state, ballot.answered_on, ballot.mode = BallotState.ANSWERED, now.date(), "web"
        Ballot.objects.bulk_update(ballots, ["state", "answered_on", "mode"], batch_size=500)
        begun = time.perf_counter()
        return actions.close_wave(wave=wave, by=None, now=now), time.perf_counter() - begun


def _content(ballot: Any, questions: list[Any], rng: random.Random) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for each in questions:
        if each.kind in {"scale", "ten"}:
            values[each.key] = rng.choices((1, 2, 3, 4, 5), (1, 2, 4, 6, 4))[0]
        elif each.choices:
            values[each.key] = rng.choice(each.choices).value
        elif rng.random() < SHARE_WRITING:
            values[each.key] = f"{rng.choice(WORDS)}，{rng.choice(WORDS)}"
    return {"stratum": ballot.stratum_id, "tenure": rng.choice(("owner", "owner", "let")), "mode": "web", "values": values}


def _make(answers: int) -> dict[str, Any]:
    from benchmarks.people import session_of  # noqa: PLC0415  # after the set-up
    from linsheng.accounts.models import User  # noqa: PLC0415
    from linsheng.communities.models import Post  # noqa: PLC0415
    from linsheng.core import clock  # noqa: PLC0415

    wave, took = _closed(answers)
    user = User.objects.create(username="bench-director", name="Benchmark", password="!")  # noqa: S106  # no password at all
    Post.objects.create(user=user, organisation=wave.organisation, role="director", started_at=clock.now())
    return {"wave": wave.pk, "answers": answers, "buildings": wave.strata.count(), "took": took, "session": session_of(user)}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_make(int(sys.argv[1]))))
