"""Pictures of every page, for people to look at: each role, phone and desk, and if wished large text, English and print.

    LINSHENG_HOME=… .venv/bin/python tools/screenshots.py FOLDER --url http://127.0.0.1:8000 [--large] [--english] [--print]

It needs a running server and the same database: it opens a session for one of each role of the demo company (or for
those named by ``--as role=username``), walks along the links of the pages from the first one, and takes a picture of one
page of each kind. ``--sheets`` puts them side by side, so that many are seen at a glance.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import django
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
django.setup()

from django.urls import Resolver404, resolve  # noqa: E402  # the settings come first

from linsheng.accounts.models import User  # noqa: E402
from linsheng.feedback.queries import own_cases, visible_to  # noqa: E402
from linsheng.simulate import demo  # noqa: E402
from tests.browser.chromium import ARGUMENTS, executable  # noqa: E402
from tests.browser.company import open_session  # noqa: E402

SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1440, "height": 900}},
}
HIGHEST = 6000
ANONYMOUS = "anonymous"
# Lists that look different by what is asked of them, and pages that nothing links to.
EXTRAS = {
    "frontdesk": ("/cases/?view=late", "/cases/?view=to_ask", "/cases/?q=没有这样的词", "/cases/?view=ended"),
    "resident": ("/my/cases/?tab=done", "/my/cases/?tab=followed", "/report/?item=facility.lift"),
    ANONYMOUS: ("/sign-in/", "/privacy/", "/nothing-here/", "/t/nobody/"),
}
NO_PAGES = re.compile(
    r"export|\.xlsx|\.csv|download|/photos?/|^/api/v1/openapi|^/static/|^/media/|switch_community|/open/$|gallery"
)


@dataclass
class Walk:
    """One role's way through the pages at one size."""

    context: BrowserContext
    url: str
    folder: Path
    suffix: str = ""
    seen: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def go(self, starts: list[str], only: str = "") -> None:
        waiting, page = list(starts), self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", self._heard)
        while waiting:
            path = waiting.pop(0)
            kind = kind_of(path, named=path in starts)
            if kind is None or kind in self.seen:
                continue
            self.seen.add(kind)
            answer = visit(page, path)
            if answer is None or "text/html" not in answer.headers.get("content-type", ""):
                continue
            if not only or only in kind:
                self.shoot(page, kind)
            waiting += links(page, self.url)
        page.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.location.get('url', '')}: {message.text}")

    def shoot(self, page: Page, kind: str) -> None:
        settle(page)
        self.folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", kind)
        usual = page.viewport_size or SIZES["desk"]["viewport"]
        # A window as high as the page: what is fixed to its bottom then stands at the bottom of the picture.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": usual["width"], "height": min(max(usual["height"], height), HIGHEST)})
        page.screenshot(path=self.folder / f"{len(self.seen):02d}_{name}{self.suffix}.png")
        page.set_viewport_size(usual)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.problems.append(f"{page.url}: {wide} px too wide")


def visit(page: Page, path: str) -> Response | None:
    """The answer; nothing where the address hands out a file."""
    try:
        return page.goto(path, wait_until="load")
    except Error as error:
        if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
            return None
        raise


def settle(page: Page) -> None:
    """Charts drawn, pictures there, nothing moving."""
    page.evaluate("document.fonts.ready")
    if page.locator("figure[data-chart]").count():
        page.locator("figure[data-chart] svg").first.wait_for(timeout=5000)
    page.evaluate("Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)))")


def links(page: Page, url: str) -> list[str]:
    """The addresses on the page that lead to other pages of ours, in the order in which they stand."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    places = [urlsplit(urljoin(page.url, href)) for href in found]
    own = [p for p in places if f"{p.scheme}://{p.netloc}" == url]
    return [f"{p.path}{'?' + p.query if p.query else ''}" for p in own]


def kind_of(path: str, *, named: bool = False) -> str | None:
    """What stands for all pages of one kind: the name of the address, and which action or tab it is."""
    if NO_PAGES.search(path):
        return None
    plain, _mark, query = path.partition("?")
    try:
        match = resolve(plain)
    except Resolver404:
        return plain if named else None
    words = [str(value) for value in match.kwargs.values() if named or (not str(value).isdigit() and len(str(value)) < 15)]
    extra = [query] if named and query else []
    return "-".join([match.view_name, *words, *extra])


def session_of(username: str) -> str:
    return open_session(User.objects.get(username=username))


def cast(chosen: list[str]) -> dict[str, str]:
    """Role → username, of the demo company unless named."""
    if chosen:
        return dict(pair.split("=", 1) for pair in chosen)
    return {role: user.username for role, (user, _place) in demo.people().items()}


def examples(role: str, username: str) -> list[str]:
    """One case in each state, as this person sees it: they look different."""
    if not username or role not in {"resident", "frontdesk", "handler", "auditor"}:
        return []
    user, place = User.objects.get(username=username), "/my/cases/" if role == "resident" else "/cases/"
    cases = own_cases(user) if role == "resident" else visible_to(user)
    newest: dict[str, int] = dict(cases.order_by("received_at").values_list("state", "pk"))
    return [f"{place}{pk}/" for _state, pk in sorted(newest.items())]


def looks(options: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any], list[dict[str, str]]]]:
    """(name, options of the browser, cookies) of each way in which the pages are to be seen."""
    language = {"locale": "zh-CN"}
    yield "", language, []
    if options.large:
        yield "large", language, [{"name": "text", "value": "large"}]
    if options.english:
        yield "english", {"locale": "en-GB"}, [{"name": "django_language", "value": "en"}]


def walk_all(browser: Browser, options: argparse.Namespace) -> list[str]:
    problems: list[str] = []
    roles = {**cast(options.people), ANONYMOUS: ""}
    for role, username in roles.items():
        if options.roles and role not in options.roles.split(","):
            continue
        for look, settings, cookies in looks(options):
            for size in options.sizes.split(","):
                context = browser.new_context(base_url=options.url, **SIZES[size], **settings)
                own = [{"name": "sessionid", "value": session_of(username)}] if username else []
                kept: Any = [{**cookie, "url": options.url} for cookie in [*cookies, *own]]
                context.add_cookies(kept)
                walk = Walk(context, options.url, options.folder / "-".join(filter(None, (role, size, look))))
                walk.go(["/", *EXTRAS.get(role, ()), *examples(role, username)], options.only)
                problems += [f"{role} {size} {look}: {problem}" for problem in walk.problems]
                context.close()
    return problems


def print_figures(browser: Browser, options: argparse.Namespace) -> None:
    """What the printer gets: the manager's pages of figures as A4."""
    context = browser.new_context(base_url=options.url, **SIZES["desk"], locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": session_of(cast(options.people)["manager"]), "url": options.url}])
    page, folder = context.new_page(), options.folder / "print"
    folder.mkdir(parents=True, exist_ok=True)
    page.goto("/")
    for path in {path.split("?")[0] for path in links(page, options.url)}:
        kind = kind_of(path)
        if kind and kind.startswith("reports:"):
            page.goto(path)
            settle(page)
            page.pdf(path=folder / f"{kind.replace(':', '_')}.pdf", format="A4", print_background=True)
    context.close()


def sheet(pictures: list[Path], target: Path, *, columns: int, width: int, height: int) -> None:
    """Pictures side by side, their tops only."""
    rows = -(-len(pictures) // columns)
    page = Image.new("RGB", (columns * (width + 12), rows * (height + 24)), "#888888")
    for index, path in enumerate(pictures):
        picture = Image.open(path).convert("RGB")
        picture = picture.resize((width, round(picture.height * width / picture.width))).crop((0, 0, width, height))
        corner = (index % columns * (width + 12), index // columns * (height + 24))
        page.paste(picture, (corner[0], corner[1] + 18))
        ImageDraw.Draw(page).text((corner[0] + 4, corner[1] + 3), path.stem, fill="white")
    page.save(target)


def make_sheets(folder: Path) -> None:
    for place in sorted(path for path in folder.iterdir() if path.is_dir() and any(path.glob("*.png"))):
        pictures, phone = sorted(place.glob("*.png")), "phone" in place.name
        many, shape = (
            (5, {"columns": 5, "width": 390, "height": 1500}) if phone else (4, {"columns": 2, "width": 960, "height": 900})
        )
        for start in range(0, len(pictures), many):
            sheet(pictures[start : start + many], folder / f"{place.name}-{start // many + 1}.png", **shape)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--as", dest="people", action="append", default=[], metavar="ROLE=USERNAME")
    parser.add_argument("--roles", default="", help="only these, comma-separated")
    parser.add_argument("--sizes", default="phone,desk")
    parser.add_argument("--only", default="", help="only pages whose kind contains this")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--english", action="store_true")
    parser.add_argument("--print", dest="paper", action="store_true")
    parser.add_argument("--sheets", action="store_true")
    options = parser.parse_args()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        problems = walk_all(browser, options)
        if options.paper:
            print_figures(browser, options)
        browser.close()
    if options.sheets:
        make_sheets(options.folder)
    print("\n".join(problems) or "nothing complained")


if __name__ == "__main__":
    main()
