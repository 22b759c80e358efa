"""The components in a real browser: looks, keys, drafts, and what screen readers need."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_gallery(browser, uncollected_static, live_server, settings):
    """Opens the gallery; afterwards nothing may have been complained about (a refused style, a failed script)."""
    settings.COMPONENT_GALLERY = True
    complaints: list[str] = []
    contexts = []

    def opened(query: str = "", **options) -> Page:
        context = browser.new_context(**{"viewport": DESK, "locale": "zh-CN", **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/gallery/{query}")
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()


def with_large_text(page: Page) -> Page:
    page.context.add_cookies([{"name": "text", "value": "large", "url": page.url}])
    page.reload()
    return page


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("side", ["staff", "resident", "public"])
def test_axe_finds_nothing_serious_and_the_policy_refuses_nothing(open_gallery, side, viewport):
    page = open_gallery(f"?side={side}", viewport=viewport)
    page.locator("#chart-control svg").wait_for()
    assert open_gallery.complaints == []
    # axe itself is an injected script: it gets a page of its own, with the policy off.
    page = open_gallery(f"?side={side}", viewport=viewport, bypass_csp=True)
    page.locator("#chart-control svg").wait_for()
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == []


def test_large_text_has_a_contrast_of_seven(open_gallery):
    page = with_large_text(open_gallery("?side=resident", viewport=PHONE, bypass_csp=True))
    rule = {"type": "rule", "values": ["color-contrast-enhanced"]}
    found = Axe().run(page, options={"runOnly": rule, "rules": {"color-contrast-enhanced": {"enabled": True}}})
    assert found.response["violations"] == []
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("side", ["staff", "resident", "public"])
def test_nothing_is_wider_than_a_phone(open_gallery, side, locale):
    page = open_gallery(f"?side={side}", viewport=PHONE, locale=locale)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with_large_text(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_what_residents_touch_is_large_enough(open_gallery):
    page = open_gallery("?side=resident", viewport=PHONE)
    selector = "main .btn, main .form-control, main .form-select, main .chip, main .tile, main .star, main .check-line"
    sizes = page.eval_on_selector_all(selector, "all => all.map(e => [e.className, e.getBoundingClientRect().height])")
    assert [(name, height) for name, height in sizes if 0 < height < 44] == []


def test_without_javascript_everything_is_there(open_gallery):
    page = open_gallery("?side=public", viewport=PHONE, java_script_enabled=False)
    expect(page.locator(".chart-table[open]")).to_have_count(4)
    expect(page.locator(".bulkbar")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.locator(".page-actions .menu summary").click()
    expect(page.locator(".page-actions .menu-list")).to_be_visible()


def test_stars_fill_up_to_the_chosen_one_by_keyboard(open_gallery):
    page = open_gallery("?side=resident", viewport=PHONE)
    page.locator("#id_stars_1").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#id_stars_3")).to_be_checked()
    star = "getComputedStyle(document.querySelector('#id_stars_{} ~ .icon')).color"
    assert page.evaluate(star.format(2)) == page.evaluate(star.format(3)) != page.evaluate(star.format(4))


class TestDrafts:
    def test_a_dead_network_loses_nothing(self, open_gallery):
        page = open_gallery("?side=resident", viewport=PHONE)
        page.locator("#id_text").press_sequentially("三号电梯坏了")
        page.locator("label.tile", has_text="电梯").first.click()
        page.context.set_offline(True)
        page.locator("form[data-draft] button[type=submit]").click()
        expect(page.locator("#toasts")).to_contain_text("网络不通")
        expect(page.locator("#id_text")).to_have_value("三号电梯坏了")
        page.context.set_offline(False)
        page.reload()
        expect(page.locator("#id_text")).to_have_value("三号电梯坏了")
        expect(page.locator("input[name=item][value=lift]").first).to_be_checked()
        expect(page.locator(".draft-note")).to_contain_text("已恢复")

    def test_a_failing_server_loses_nothing(self, open_gallery):
        page = open_gallery("?side=resident")
        page.locator("#id_text").press_sequentially("漏水")
        page.route(
            "**/gallery/**",
            lambda route: route.fulfill(status=500, body="") if route.request.method == "POST" else route.fallback(),
        )
        page.locator("form[data-draft] button[type=submit]").click()
        expect(page.locator("#toasts")).to_contain_text("服务器出错了")
        expect(page.locator("#id_text")).to_have_value("漏水")

    def test_what_was_sent_does_not_come_back(self, open_gallery):
        page = open_gallery("?side=resident")
        page.locator("#id_text").press_sequentially("漏水")
        page.locator("form[data-draft] button[type=submit]").click()
        expect(page.locator("#id_text")).to_have_value("")
        page.reload()
        expect(page.locator("#id_text")).to_have_value("")

    def test_it_can_be_thrown_away(self, open_gallery):
        page = open_gallery("?side=resident")
        page.locator("#id_text").press_sequentially("漏水")
        page.get_by_role("button", name="清空草稿").click()
        page.reload()
        expect(page.locator("#id_text")).to_have_value("")


class TestKeys:
    def test_j_and_k_move_and_the_help_lists_the_keys(self, open_gallery):
        page = open_gallery()
        page.locator("h1").click()
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("tr[data-current]")).to_contain_text("0043")
        page.keyboard.press("k")
        expect(page.locator("tr[data-current]")).to_contain_text("0042")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="键盘快捷键")).to_contain_text("指派")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="键盘快捷键")).to_have_count(0)

    def test_letters_stay_letters_while_typing(self, open_gallery):
        page = open_gallery()
        page.locator("#id_text").press_sequentially("j?")
        expect(page.locator("#id_text")).to_have_value("j?")
        expect(page.locator("tr[data-current]")).to_have_count(0)

    def test_escape_closes_a_menu_and_gives_the_focus_back(self, open_gallery):
        page = open_gallery()
        summary = page.locator(".page-actions .menu summary")
        summary.click()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.locator(".page-actions .menu-list")).to_be_hidden()
        expect(summary).to_be_focused()


def test_a_dialog_opens_and_what_cannot_be_undone_is_asked(open_gallery):
    page = open_gallery()
    page.get_by_role("link", name="转出").click()
    expect(page.get_by_role("dialog", name="转出反映")).to_be_visible()
    page.get_by_role("dialog", name="转出反映").get_by_role("button", name="取消").click()
    expect(page.get_by_role("dialog", name="转出反映")).to_be_hidden()
    page.get_by_role("button", name="催一下").click()
    expect(page.get_by_role("dialog")).to_contain_text("一天只能催一次")


def test_checked_rows_are_counted(open_gallery):
    page = open_gallery()
    expect(page.locator(".bulkbar")).to_be_hidden()
    boxes = page.locator("[data-bulk] tbody input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator(".bulkbar")).to_contain_text("已选 3 件")
    page.locator("[data-check-all]").check()
    expect(page.locator(".bulkbar")).to_contain_text("已选 5 件")


def test_chosen_photos_are_shown_and_can_be_taken_back(open_gallery, settings):
    page = open_gallery("?side=resident", viewport=PHONE)
    picture = {"name": "lift.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    page.locator("#id_photos").set_input_files([picture, {**picture, "name": "door.png"}])
    expect(page.locator("[data-photo-preview] li")).to_have_count(2)
    page.get_by_role("button", name="移除 lift.png").click()
    expect(page.locator("[data-photo-preview] li")).to_have_count(1)
    assert page.evaluate("document.querySelector('#id_photos').files[0].name") == "door.png"


def test_a_failed_htmx_request_says_what_to_do(open_gallery):
    page = open_gallery()
    page.route(
        "**/nothing/**",
        lambda route: route.fulfill(status=409, content_type="application/problem+json", body='{"detail": "它已经办结。"}'),
    )
    page.evaluate("htmx.ajax('GET', '/nothing/', '#main')")
    expect(page.locator("#toasts")).to_contain_text("它已经办结。")
    expect(page.locator("h1")).to_be_visible()


def test_printing_opens_the_tables_and_hides_the_frame(open_gallery):
    page = open_gallery()
    page.locator("#chart-control svg").wait_for()
    expect(page.locator("#chart-control .chart-table[open]")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#chart-control .chart-table[open]")).to_have_count(1)
    expect(page.locator(".topbar")).to_be_hidden()
    expect(page.locator(".print-header")).to_be_visible()
