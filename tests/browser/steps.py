"""What people do on the pages, by the words that they read there."""

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError, expect

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case
from tests.browser.company import now

TOAST = "#toasts"


def jpeg(name: str = "电梯.jpg", color: str = "#aa4444") -> Any:
    """A photo as a phone would send it, in Playwright's form."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def choose(place: Page | Locator, name: str, *, kind: str = "radio") -> None:
    """Tap a chip, a tile, a star or an option."""
    option = place.get_by_role(kind, name=name, exact=True)  # type: ignore[arg-type]  # radio or checkbox
    option.click()
    expect(option).to_be_checked()


def report(page: Page, *, item: str, place: str, text: str, photo: Any = None) -> None:
    """The three taps, and sending."""
    page.goto("/report/")
    page.get_by_role("radio", name=item, exact=True).click()
    page.get_by_role("radio", name=place, exact=True).click()
    page.get_by_label("说一句发生了什么").fill(text)
    if photo is not None:
        page.get_by_label("照片", exact=False).first.set_input_files(photo)
    page.get_by_role("button", name=re.compile("提交反映|继续提交")).click()


def reported_number(page: Page) -> str:
    """The number on the page that thanks for a report."""
    try:
        page.wait_for_url(re.compile(r"/report/\d+/done/"))
    except TimeoutError as late:
        raise AssertionError(page.locator("main").inner_text()) from late
    return page.locator(".received b").first.inner_text()


def bar(page: Page) -> Locator:
    return page.get_by_role("group", name="现在可以办理")


def begin(page: Page, action: str) -> Locator:
    """Open an action's dialog from the case's bar, or from its menu 更多."""
    direct = bar(page).get_by_role("link", name=re.compile(rf"^{action}")).locator("visible=true")
    if not direct.count():
        bar(page).locator("summary").click()
    bar(page).get_by_role("link", name=re.compile(rf"^{action}")).locator("visible=true").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_be_visible()
    return dialog


def press(page: Page, action: str) -> None:
    """An action that needs no words."""
    button = bar(page).get_by_role("button", name=re.compile(rf"^{action}")).locator("visible=true")
    if not button.count():
        bar(page).locator("summary").click()
    button.first.click()


def said(page: Page, words: str) -> None:
    """A toast says so."""
    expect(page.locator(TOAST)).to_contain_text(words)


def case_of(number: str) -> Case:
    return Case.objects.get(number=number)


def a_case(cast: Any, text: str, **changes: Any) -> Case:
    """The owner's report, set by the action itself."""
    plain = {"community": cast.community, "item": cast.item, "text": text, "resident": cast.residents["owner"], "home": cast.home}
    return actions.receive_case(report=actions.Report(**(plain | changes)), by=Actor(user=cast.owner, reporter=True), now=now())


def a_call(cast: Any, text: str) -> Case:
    """Phoned in by somebody unknown, without account or mail: the result has to be told by hand."""
    who = {"channel": "phone", "contact_name": "路人甲", "contact_phone": "10000009999"}
    report = actions.Report(community=cast.community, item=cast.item, text=text, **who)
    return actions.receive_case(report=report, by=Actor.staff(cast.frontdesk), now=now())


def assigned(cast: Any, case: Case) -> Case:
    return actions.assign_case(case=case, handler=cast.handler, by=Actor.staff(cast.frontdesk), now=now())


def started(cast: Any, case: Case) -> Case:
    return actions.start_case(case=assigned(cast, case), by=Actor.staff(cast.handler), now=now())


def resolved(cast: Any, case: Case, result: str = "已修好，请您放心使用。") -> Case:
    return actions.resolve_case(case=started(cast, case), text=result, by=Actor.staff(cast.handler), now=now())
