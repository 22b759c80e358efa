"""Named places where a test may kill the worker, to prove that nothing is lost there."""

import os
import signal

from django.conf import settings


def fault(name: str) -> None:
    """Die as by ``kill -9`` if the test asked for it here. Does nothing unless the setting FAULT_POINTS is on."""
    if settings.FAULT_POINTS and os.environ.get("LINSHENG_FAULT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
