"""One company for all browser tests; each test gets a stage, and nothing on it may have been complained about."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from playwright.sync_api import expect

from tests.browser.chromium import skip_aloud
from tests.browser.company import Company, database_named, running_company
from tests.browser.stage import Stage

# Pages answer in well under a second; machines that run everything at once do not.
expect.set_options(timeout=10_000)
VENDOR = ("htmx.js", "tabler.css", "echarts.js", "icons.svg")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def company(browser: Any, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Company]:
    missing = [name for name in VENDOR if not (project.BASE_DIR / "static/vendor" / name).exists()]
    if missing:
        skip_aloud(f"static/vendor lacks {', '.join(missing)} (make setup-dev puts them there)")
    with django_db_blocker.unblock(), running_company(tmp_path_factory.mktemp("company")) as running:
        yield running


@pytest.fixture(autouse=True)
def _plain_environment(settings: Any, company: Company, django_db_blocker: Any) -> Iterator[None]:
    """Instead of the environment of the other tests: the server's own database and files."""
    settings.MEDIA_ROOT = company.home / "media"
    with django_db_blocker.unblock(), database_named(company.database):
        yield


@pytest.fixture
def stage(browser: Any, company: Company) -> Iterator[Stage]:
    stage = Stage(browser, company)
    yield stage
    stage.close()
    assert stage.complaints == []


@pytest.fixture
def cast(company: Company) -> Any:
    """The cast that lives in the running company (and not, as elsewhere, in the test's own transaction)."""
    return company.cast
