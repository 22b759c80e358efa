"""How pages are read: by keyboard, in large text, in English, by screen readers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import a_case, started


def test_keys_move_through_the_board_open_a_case_and_list_themselves(stage, cast):
    texts = [f"架空层第{n}根柱子掉漆" for n in "一二三"]
    for text in texts:
        a_case(cast, text)
    page = stage.desk("frontdesk", "/cases/?q=掉漆")
    current = page.locator("tr[data-current]")
    page.keyboard.press("j")
    first = current.inner_text()
    page.keyboard.press("j")
    assert current.inner_text() != first
    page.keyboard.press("k")
    assert current.inner_text() == first
    page.keyboard.press("?")
    keys = page.get_by_role("dialog")
    for word in ("下一行", "打开", "搜索", "来电登记"):
        expect(keys).to_contain_text(word)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="搜索").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url(re.compile(r"/assign/"))


def test_the_key_r_begins_the_result(stage, cast):
    started(cast, a_case(cast, "信报箱铭牌脱落"))
    page = stage.desk("handler", "/cases/?q=铭牌脱落")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_url(re.compile(r"/resolve/"))


def test_letters_typed_into_a_field_are_only_letters(stage):
    page = stage.desk("frontdesk", "/cases/")
    page.keyboard.press("/")
    page.keyboard.type("caj?")
    expect(page.get_by_role("searchbox", name="搜索").first).to_have_value("caj?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_search_finds_words_of_two_characters(stage, cast):
    a_case(cast, "儿童乐园的沙坑里有碎玻璃")
    page = stage.desk("frontdesk", "/cases/")
    page.keyboard.press("/")
    page.keyboard.type("沙坑")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="儿童乐园的沙坑里有碎玻璃")).to_be_visible()


def test_large_text_is_one_tap_and_is_remembered(stage, cast):
    page = stage.phone("neighbour", "/me/")
    page.get_by_role("button", name="大字版").first.click()
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    page.goto("/home/")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.goto("/me/")
    page.get_by_role("button", name="标准字号").first.click()
    expect(page.locator("html")).to_have_attribute("data-text", "usual")


def test_the_first_tab_leads_past_the_navigation(stage):
    page = stage.desk("frontdesk", "/cases/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize("viewport", ["phone", "desk"])
def test_a_person_signed_out_is_asked_to_sign_in_and_comes_back(stage, viewport):
    page = getattr(stage, viewport)("", "/cases/")
    expect(page).to_have_url(re.compile(r"/sign-in/"))
    page.get_by_label("用户名").fill("frontdesk")
    page.get_by_label("密码", exact=True).fill("correct-horse-battery")
    page.get_by_role("button", name="登录", exact=True).click()
    agree(page)
    expect(page).to_have_url(re.compile(r"/cases/"))


def agree(page):
    """The privacy text comes before the first page, once."""
    page.wait_for_load_state()
    if "/consent/" in page.url:
        page.get_by_role("button", name="同意并继续").click()
