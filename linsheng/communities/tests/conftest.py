import pytest
from django.test import Client

from linsheng.accounts.tests.outbox import Outbox

BACKEND = "linsheng.accounts.backends.AccountBackend"


@pytest.fixture
def outbox(settings):
    """Text messages end in a list."""
    settings.SMS_SENDER = "linsheng.accounts.tests.outbox.Outbox"
    Outbox.sent, Outbox.broken = [], False
    return Outbox


@pytest.fixture
def enter(cast):
    """A client signed in as somebody of the cast."""

    def make(person: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, person), backend=BACKEND)
        return client

    return make


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    settings.HOME = tmp_path
