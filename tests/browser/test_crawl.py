"""Every page for everybody who may see it, on a phone and at a desk: no complaint of the browser, nothing too wide,
nothing that a screen reader cannot make sense of, no dead link; and with scripts off the page is still there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Page

from linsheng.core.testing import PermissionRow
from tests.browser.inspect_page import WIDTHS, axe, chinese, settled, too_wide
from tests.browser.steps import a_case, resolved
from tests.test_permissions import rows

ROWS = rows()
EVERY_ROLE = ("anonymous", "owner", "frontdesk", "handler", "supervisor", "manager", "director", "auditor", "administrator")
# Files, answers for programs, and addresses that only lead on.
NOT_PAGES = re.compile(
    r"api_schema|healthz|photo|messaging:open|jobs:progress|export|template|errors|web:home|download|\.xlsx|\.csv"
    r"|place_labels|slip_sheet|slip_scan|surveys:paper|print_letters|push_worker|mail_raw|mail_file|mail_html"
)
# Leaves, or changes what the other pages of this crawl need.
NEVER = re.compile(r"sign-out|switch_community")


@dataclass
class Crawl:
    """What all crawls of the run know together: the addresses, and the pages that have been looked at closely."""

    addresses: dict[str, str] = field(default_factory=dict)
    examined: set[str] = field(default_factory=set)
    checked_links: set[tuple[str, str]] = field(default_factory=set)

    def pages_of(self, who: str, cast: Any) -> Iterator[tuple[str, str]]:
        """(name, address) of each page that somebody may see."""
        for row in ROWS:
            if row.method == "GET" and who in row.allowed and not NOT_PAGES.search(row.name + row.query):
                name = self.name(row, cast)
                yield name, self.addresses[name]

    def name(self, row: PermissionRow, cast: Any) -> str:
        """The row's own name; its address is made once, as making it may create what it shows."""
        name = f"{row.name}{row.query}#{ROWS.index(row)}"
        if name not in self.addresses:
            self.addresses[name] = reverse(row.name, kwargs=row.args(cast)) + row.query
        return name


@pytest.fixture(scope="module")
def crawl() -> Crawl:
    return Crawl()


def is_page(page: Page, address: str) -> bool:
    """Whether there is something to look at (or to complain of): files, fragments and answers for programs have no main part."""
    answer = page.request.get(address)
    html = "text/html" in answer.headers.get("content-type", "")
    return answer.status >= 400 or (html and "<main" in answer.text())


def faults(page: Page, name: str, crawl: Crawl) -> Iterator[str]:
    """What is wrong with the opened page at both widths; the slow look is taken once a page."""
    closely = name not in crawl.examined
    crawl.examined.add(name)
    for width, size in WIDTHS.items():
        page.set_viewport_size(size)
        settled(page)
        if wide := too_wide(page):
            yield f"{width}: too wide because of {wide}"
        if closely:
            yield from (f"{width}: {finding}" for finding in axe(page))


def links(page: Page) -> set[str]:
    """The own addresses that the page leads to."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    places = [urlsplit(urljoin(page.url, href)) for href in found if not href.startswith(("tel:", "mailto:", "#"))]
    here = urlsplit(page.url).netloc
    return {
        f"{p.path}{'?' + p.query if p.query else ''}" for p in places if p.netloc == here and not NEVER.search(p.path + p.query)
    }


def kind(path: str) -> str:
    """Addresses of one kind are looked at once."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return path
    return "-".join(
        [match.view_name, *(str(v) for v in match.kwargs.values() if not str(v).isdigit()), *re.findall(r"[?&](\w+)=", path)]
    )


def dead_links(page: Page, who: str, crawl: Crawl) -> Iterator[str]:
    for path in sorted(links(page)):
        key = (who, kind(path))
        if key in crawl.checked_links:
            continue
        crawl.checked_links.add(key)
        answer = page.request.get(path, max_redirects=0)
        if answer.status >= 400:
            yield f"its link to {path} answers {answer.status}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", EVERY_ROLE)
def test_every_page_of(stage, cast, crawl, who):
    found: list[str] = []
    page = stage.desk("" if who == "anonymous" else who)
    for name, address in crawl.pages_of(who, cast):
        if not is_page(page, address):
            continue
        answer = page.goto(address)
        if answer is None or answer.status >= 400:
            found.append(f"{address}: answers {answer.status if answer else 'nothing'}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.set_viewport_size(WIDTHS["desk"])
        found += [f"{name} {address}: {fault}" for fault in faults(page, name, crawl)]
        found += [f"{name} {address}: {fault}" for fault in dead_links(page, who, crawl)]
        found += [f"{name}: {complaint}" for complaint in stage.complaints]
        stage.complaints.clear()
    assert not found, "\n" + "\n".join(found)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", ["owner", "frontdesk", "administrator", "manager"])
def test_without_javascript_each_page_has_its_content(stage, cast, crawl, who):
    found: list[str] = []
    plain, usual = stage.phone(who, java_script_enabled=False), stage.phone(who)
    for name, address in crawl.pages_of(who, cast):
        if f"plain {name}" in crawl.examined or not is_page(usual, address):
            continue
        crawl.examined.add(f"plain {name}")
        for page in (plain, usual):
            page.goto(address)
        found += [f"{name} {address}: {fault}" for fault in losses(plain, usual)]
    assert not found, "\n" + "\n".join(found)


def losses(plain: Page, usual: Page) -> Iterator[str]:
    """What the page without scripts lacks of the same page with them."""
    for part in ("main h1", "main form", "main a[href]", "main table", "main button[type=submit]"):
        with_scripts, without = usual.locator(part).count(), plain.locator(part).count()
        if without < with_scripts:
            yield f"{part}: {without} instead of {with_scripts}"
    if not plain.locator("main").inner_text().strip():
        yield "nothing to read"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", ["owner", "frontdesk", "manager", "administrator", "anonymous"])
def test_in_english_no_chinese_is_left_but_what_people_wrote(stage, cast, crawl, who):
    resolved(cast, a_case(cast, "请看英文页面"))
    page = stage.desk("" if who == "anonymous" else who, locale="en-GB")
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": stage.company.url}])
    found: list[str] = []
    for name, address in crawl.pages_of(who, cast):
        if f"english {name}" in crawl.examined or not is_page(page, address):
            continue
        crawl.examined.add(f"english {name}")
        page.goto(address)
        if words := chinese(page):
            found.append(f"{name} {address}: {'、'.join(sorted(words))}")
        page.set_viewport_size(WIDTHS["phone"])
        if wide := too_wide(page):
            found.append(f"{name} {address}: on a phone too wide because of {wide}")
        page.set_viewport_size(WIDTHS["desk"])
    assert not found, "\n" + "\n".join(found)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", ["owner", "frontdesk", "manager", "administrator", "anonymous"])
def test_large_text_fits_a_phone(stage, cast, crawl, who):
    page = stage.phone("" if who == "anonymous" else who)
    page.context.add_cookies([{"name": "text", "value": "large", "url": stage.company.url}])
    found: list[str] = []
    for name, address in crawl.pages_of(who, cast):
        if f"large {name}" in crawl.examined or not is_page(page, address):
            continue
        crawl.examined.add(f"large {name}")
        page.goto(address)
        assert page.evaluate("document.documentElement.dataset.text") == "large"
        settled(page)
        if wide := too_wide(page):
            found.append(f"{name} {address}: too wide because of {wide}")
    assert not found, "\n" + "\n".join(found)
