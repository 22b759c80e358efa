import pytest

from linsheng.accounts.tests.outbox import Outbox


@pytest.fixture
def outbox(settings):
    """Text messages end in a list."""
    settings.SMS_SENDER = "linsheng.accounts.tests.outbox.Outbox"
    Outbox.sent, Outbox.broken = [], False
    return Outbox
