"""The kept result of a closed wave, and the wave that it is compared with. See ``surveys.results`` for what is in it."""

from linsheng.surveys.models import KeptResult, Wave, WaveState
from linsheng.surveys.queries.closed import must_be_closed
from linsheng.surveys.results import WaveResult, restored


def result_of(wave: Wave) -> WaveResult | None:
    """What may be known of the wave (one query), None while it is not reckoned yet; raises ``Conflict`` before closing."""
    must_be_closed(wave)
    data = KeptResult.objects.filter(wave=wave).values_list("data", flat=True).first()
    return None if data is None else restored(data)


def comparable_before(wave: Wave) -> Wave | None:
    """The last wave closed before this one, of the same questionnaire, in exactly the same communities.

    With other communities a part of one wave would be set against a part of the other: a filter that nobody has shown yet."""
    if wave.closed_at is None:
        return None
    mine = set(wave.communities.values_list("pk", flat=True))
    rows = Wave.objects.filter(
        organisation=wave.organisation_id,
        version__questionnaire=wave.version.questionnaire_id,
        state=WaveState.CLOSED,
        closed_at__lt=wave.closed_at,
    )
    rows = rows.select_related("version").prefetch_related("communities").order_by("-closed_at", "-pk")
    return next((row for row in rows if {community.pk for community in row.communities.all()} == mine), None)
