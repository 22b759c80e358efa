"""The whole result of a closed wave, from its answers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from linsheng.surveys.models import QuestionType, Wave
from linsheng.surveys.queries.closed import ClosedWave, Said, closed_wave, comments_of
from linsheng.surveys.results.asking import questions_of
from linsheng.surveys.results.changes import Earlier, comparison_of
from linsheng.surveys.results.comments import comments_result
from linsheng.surveys.results.importance import drivers_of
from linsheng.surveys.results.response import response_result
from linsheng.surveys.results.samples import SMALLEST_GROUP, frame_of
from linsheng.surveys.results.shapes import FORMAT, HIDDEN_CELLS, STEPS, TENURE, Asked, Note, Progress, WaveResult
from linsheng.surveys.results.tables import choices_of, items_of, lows_of, parts_of, tables_of

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Whole:
    """All that was said in a wave, while it is being closed; words in no order."""

    closed: ClosedWave
    said: list[Said]


def reckoned(
    wave: Wave,
    before: tuple[Wave, WaveResult] | None = None,
    progress: Progress | None = None,
    *,
    whole: Whole | None = None,
) -> WaveResult:
    """Everything that may be known of a closed wave; `before`: the last comparable wave and its result; `whole`: what was said,
    else what was kept of it is read. Raises ``Conflict`` before closing. The same answers always give the same result."""
    step = _Steps(progress)
    closed, said = (whole.closed, whole.said) if whole else (closed_wave(wave), comments_of(wave))
    asked = questions_of(wave)
    found = replace(_begun(closed), whole=whole is not None)
    step.next()
    if found.few:
        return replace(found, notes=(Note("few", n=len(closed)),))
    frame = frame_of(closed)
    found = _with_tables(found, closed, asked)
    step.next()
    found = replace(found, drivers=drivers_of(frame, asked, found.by_key))
    step.next()
    texts = [each for each in asked if each.kind == QuestionType.TEXT]
    found = replace(found, comments=tuple(comments_result(each, said, answers=len(closed)) for each in texts))
    step.next()
    if before is not None and not before[1].few:
        found = replace(found, comparison=comparison_of(frame, Earlier.of(*before), asked, found))
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
    nowhere = sum(not tenure for tenure in closed.tenures)
    if nowhere:
        yield Note("no_tenure", n=nowhere)
    if closed.left_out and not found.whole:
        yield Note("left_out", n=closed.left_out)
    silent = [place.label for place in found.response.places if not place.answered]
    if silent:
        yield Note("silent_places", tuple(silent), len(silent))
    if TENURE not in found.margins:
        yield Note("no_tenure_weights")
    hidden = sum(table.hidden for table in found.tables)
    if hidden:
        yield Note(HIDDEN_CELLS, n=hidden)
    if found.comparison is not None and found.comparison.mode_changed:
        yield Note("mode_changed")
