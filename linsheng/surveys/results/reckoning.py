"""The whole result of a closed wave, from its answers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from linsheng.surveys.models import QuestionType, Wave
from linsheng.surveys.queries.closed import ClosedWave, closed_wave, comments_of
from linsheng.surveys.results.asking import questions_of
from linsheng.surveys.results.changes import comparison_of
from linsheng.surveys.results.comments import comments_result
from linsheng.surveys.results.importance import drivers_of
from linsheng.surveys.results.response import response_result
from linsheng.surveys.results.samples import SMALLEST_GROUP, frame_of
from linsheng.surveys.results.shapes import FORMAT, STEPS, TENURE, Asked, Note, Progress, WaveResult
from linsheng.surveys.results.tables import choices_of, items_of, lows_of, parts_of, tables_of

CONFIDENCE: Final = 0.95


def reckoned(wave: Wave, before: tuple[Wave, WaveResult] | None = None, progress: Progress | None = None) -> WaveResult:
    """Everything that may be known of a closed wave; `before`: the last comparable wave and its result. Raises ``Conflict`` before
    closing. The same answers always give the same result."""
    step = _Steps(progress)
    closed, asked = closed_wave(wave), questions_of(wave)
    found = _begun(closed)
    step.next()
    if found.few:
        return replace(found, notes=(Note("few", n=len(closed)),))
    frame = frame_of(closed)
    found = _with_tables(found, closed, asked)
    step.next()
    found = replace(found, drivers=drivers_of(frame, asked, found.by_key))
    step.next()
    said = comments_of(wave)
    texts = [each for each in asked if each.kind == QuestionType.TEXT]
    found = replace(found, comments=tuple(comments_result(each, said, answers=len(closed)) for each in texts))
    step.next()
    if before is not None and not before[1].few:
        earlier = frame_of(closed_wave(before[0]))
        found = replace(found, comparison=comparison_of(frame, earlier, asked, found, before[1]))
    step.next()
    return replace(found, notes=tuple(_notes(closed, found)))


class _Steps:
    """Says how far it is."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.done = progress, 0

    def next(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, STEPS)


def _begun(closed: ClosedWave) -> WaveResult:
    wave = closed.wave
    return WaveResult(
        format=FORMAT,
        wave=wave.pk,
        answers=len(closed),
        few=len(closed) < SMALLEST_GROUP,
        anonymous=wave.anonymous,
        census=wave.method == "census",
        confidence=CONFIDENCE,
        target=float(wave.target),
        margins=(),
        response=response_result(closed),
    )


def _with_tables(found: WaveResult, closed: ClosedWave, asked: list[Asked]) -> WaveResult:
    parts = parts_of(frame_of(closed), asked)
    names = {community.code: community.name for community in closed.wave.communities.all()}
    tables = tuple(tables_of(parts, names))
    labels = {(table.by, level.value): level.label for table in tables for level in table.levels}
    return replace(
        found,
        items=tuple(items_of(parts, asked, closed)),
        choices=tuple(choices_of(closed, asked)),
        tables=tables,
        low_areas=tuple(lows_of(parts, asked, labels)),
        margins=tuple(parts[0].sample.spec.margins) if parts else (),
    )


def _notes(closed: ClosedWave, found: WaveResult) -> Iterator[Note]:
    """What the reader must know beside the figures; `words.note_words` says it."""
    unplaced = sum(label is None for label in closed.strata)
    if unplaced:
        yield Note("unplaced", n=unplaced)
    silent = [place.label for place in found.response.places if not place.answered]
    if silent:
        yield Note("silent_places", tuple(silent), len(silent))
    if TENURE not in found.margins:
        yield Note("no_tenure_weights")
    hidden = sum(table.hidden for table in found.tables)
    if hidden:
        yield Note("hidden_cells", n=hidden)
    if found.comparison is not None and found.comparison.mode_changed:
        yield Note("mode_changed")
