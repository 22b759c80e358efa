"""The newest model of a company, loaded once a process and again when there is a newer one."""

import logging
from threading import Lock
from typing import TYPE_CHECKING

from linsheng.intake.models import TriageModel

if TYPE_CHECKING:
    from linsheng.intake.triage.model import Learned

_log = logging.getLogger(__name__)
_kept: dict[int, tuple[tuple[int, str], "Learned | None"]] = {}
_lock = Lock()


def current_model(organisation_id: int) -> "Learned | None":
    """What to propose with; None while nothing is trained, or what is stored cannot be trusted."""
    rows = TriageModel.objects.filter(organisation=organisation_id).order_by("-version")
    newest = rows.values_list("version", "digest").first()
    if newest is None:
        return None
    kept = _kept.get(organisation_id)
    if kept is None or kept[0] != newest:
        with _lock:
            _kept[organisation_id] = kept = (newest, _loaded(rows.first()))
    return kept[1]


def _loaded(row: TriageModel | None) -> "Learned | None":
    # numpy: only in houses that trained a model.
    from linsheng.intake.triage.model import unpacked

    try:
        return unpacked(row) if row else None
    except (ValueError, KeyError, OSError):
        _log.exception("a triage model cannot be used; proposing from the lexicon")
        return None
