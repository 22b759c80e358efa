"""What residents say and staff answer, item by item: made-up texts for demo data, one module a service dimension."""

from collections.abc import Mapping
from types import MappingProxyType

from linsheng.simulate.corpus import (
    complaint,
    environment,
    facility,
    life,
    openness,
    parking,
    repair,
    safety,
    service,
    staff,
    value,
)
from linsheng.simulate.corpus.shape import KINDS, WAITS, ItemTexts, Scenario

_MODULES = (service, staff, complaint, facility, repair, safety, parking, environment, openness, life, value)

CORPUS: Mapping[str, ItemTexts] = MappingProxyType({texts.code: texts for module in _MODULES for texts in module.TEXTS})
"""The texts of every service item by its code."""

__all__ = ["CORPUS", "KINDS", "WAITS", "ItemTexts", "Scenario"]
