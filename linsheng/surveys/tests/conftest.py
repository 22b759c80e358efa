"""Each test has questionnaires of its own: nothing read in another one may stay."""

from collections.abc import Iterator

import pytest

from linsheng.surveys import answers


@pytest.fixture(autouse=True)
def _fresh_questions() -> Iterator[None]:
    answers._frozen_questions.cache_clear()
    yield
    answers._frozen_questions.cache_clear()
