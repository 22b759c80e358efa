"""The result of a wave, reckoned while it is being closed: what is stored afterwards would no longer give it."""

import logging
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from linsheng.surveys import answers
from linsheng.surveys.actions.results import earlier_of
from linsheng.surveys.coarsening import Asked, Content
from linsheng.surveys.mixing import FEWEST_SETS, keep_only_marks, mix, mixed_sets
from linsheng.surveys.models import QuestionType, Wave
from linsheng.surveys.queries.closed import ClosedWave, Said, columns_of
from linsheng.surveys.results import WaveResult

log: Final = logging.getLogger(__name__)
# Who is mixed with the rare ones is drawn: of a question that few answered another draw may tell less.
TRIES: Final = 8


def whole_result(wave: Wave, whole: Sequence[Content], stored: Sequence[Content]) -> WaveResult | None:
    """The result of ``whole``, with the strata of ``stored``, which are coarsened already and in the same order; from these, what
    the result would tell of them is taken. None where it fails: closing must not depend on it."""
    try:
        with transaction.atomic():
            return _Telling(wave, whole, stored).result()
    except Exception:
        log.exception("The result of wave %s could not be reckoned at closing.", wave.pk)
        return None


class _Telling:
    def __init__(self, wave: Wave, whole: Sequence[Content], stored: Sequence[Content]) -> None:
        self.wave, self.whole, self.stored = wave, whole, stored
        self.asked: Asked = answers.questions_of(wave.version)

    def result(self) -> WaveResult:
        closed, sets, found = self._reckoned()
        if self.wave.anonymous and not found.few:
            from linsheng.surveys.exports.beside import kinds_of, leave_out_gated

            keep_only_marks(self.stored, sets, self.asked)
            leave_out_gated(closed, found, kinds_of(closed, sets), self.stored, self.asked)
            mix(self.stored, sets, self.asked)
        return found

    def _reckoned(self) -> tuple[ClosedWave, list[list[int]], WaveResult]:
        """With every tenure, if that tells nothing beside the answers of which it was left out; else with those that are kept."""
        tenures = [content["tenure"] for content in self.whole]
        many = len(mixed_sets(self.stored, tenures)) if self.wave.anonymous else 0
        if not many or many >= FEWEST_SETS:
            closed = self._closed(tenures)
            found = self._found(closed)
            if found.few or not many:
                return closed, [], found
            for _try in range(TRIES):
                sets = mixed_sets(self.stored, tenures)
                if (safe := self._guarded(closed, found, sets)) is not None:
                    return closed, sets, safe
        closed = self._closed([content["tenure"] for content in self.stored])
        return closed, [], self._found(closed)

    def _guarded(self, closed: ClosedWave, found: WaveResult, sets: list[list[int]]) -> WaveResult | None:
        from linsheng.surveys.exports.beside import guarded, kinds_of

        behind = {question.key for question, block in self.asked if block.gate}
        return guarded(closed, found, kinds_of(closed, sets), [key for key in found.by_key if key not in behind])

    def _closed(self, tenures: Sequence[str]) -> ClosedWave:
        rows = [
            (content["values"], kept["stratum"], tenure, content["mode"], content.get("home"))
            for content, kept, tenure in zip(self.whole, self.stored, tenures, strict=True)
        ]
        return columns_of(self.wave, rows)

    def _found(self, closed: ClosedWave) -> WaveResult:
        from linsheng.surveys.results.reckoning import Whole, reckoned

        before = earlier_of(self.wave, now=self.wave.closed_at) if self.wave.closed_at else None
        return reckoned(self.wave, before, whole=Whole(closed, self._said()))

    def _said(self) -> list[Said]:
        texts = {question.key for question, _block in self.asked if question.kind == QuestionType.TEXT}
        return [Said(key, text, None) for content in self.whole for key, text in content["values"].items() if key in texts]
