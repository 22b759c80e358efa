"""Two companies side by side."""

import pytest

from conftest import Cast
from linsheng.core import clock
from tests.security.worlds import Things, far_things, own_things


@pytest.fixture
def own(cast: Cast) -> Things:
    return own_things(cast, clock.now())


@pytest.fixture
def far(cast: Cast, own: Things) -> Things:
    return far_things(cast, clock.now())
