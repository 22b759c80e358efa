"""Each test has questionnaires of its own: nothing read in another one may stay."""

import sys
from collections.abc import Iterator

import pytest

from linsheng.surveys import answers
from linsheng.surveys.actions import telling


@pytest.fixture(autouse=True)
def _fresh_questions() -> Iterator[None]:
    answers._frozen_questions.cache_clear()
    yield
    answers._frozen_questions.cache_clear()


@pytest.fixture(autouse=True)
def _no_silent_failure(monkeypatch) -> None:
    """A result that cannot be reckoned at closing is only noted down; here it is a mistake."""

    def say(*_args) -> None:
        raise AssertionError from sys.exc_info()[1]

    monkeypatch.setattr(telling.log, "exception", say)
