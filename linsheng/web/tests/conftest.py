"""A server for the tests that need a real one; the browser is that of ``tests/browser/chromium.py``."""

from collections.abc import Iterator

import pytest
from django.conf import settings


@pytest.fixture(scope="session")
def uncollected_static() -> Iterator[None]:
    """The live server starts before any test's own settings: it, too, must not look for collected static files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WHITENOISE_AUTOREFRESH", True, raising=False)
        yield
