"""The browser of all tests that need a real one: Debian's chromium, started once, driven by Playwright.

A plugin of the root ``conftest.py``: Playwright can run only once in a process.
"""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


REASONS: set[str] = set()


def executable() -> str | None:
    """The browser that ``CHROMIUM`` names, else the first one found."""
    wanted = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES
    return next((found for name in wanted if (found := shutil.which(name))), None)


def skip_aloud(reason: str) -> None:
    """Skip, and say so at the end even where skips are only counted; in CI a missing browser is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"browser tests cannot run: {reason}")
    REASONS.add(reason)
    pytest.skip(f"browser tests skipped: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in sorted(REASONS):
        terminalreporter.write_line(f"BROWSER TESTS SKIPPED: {reason}", yellow=True, bold=True)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import Error, sync_playwright

    path = executable()
    if path is None:
        skip_aloud("no chromium (install Debian's chromium, or set CHROMIUM to its path)")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread; the database is asked between its calls, never inside them.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        try:
            started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            skip_aloud(f"{path} does not start: {error.message.splitlines()[0]}")
        yield started
        started.close()
