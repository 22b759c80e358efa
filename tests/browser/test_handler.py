"""The handler, on a phone: what is mine, what waits, what is done."""

import re

from playwright.sync_api import expect

from tests.browser.steps import a_case, begin, jpeg, press, said, started


def test_own_work_comes_first_and_a_free_one_can_be_taken(stage, cast):
    mine, free = started(cast, a_case(cast, "水泵房异响很大")), a_case(cast, "顶楼消防门关不严")
    page = stage.phone("handler", "/cases/")
    expect(page.get_by_role("link", name="水泵房异响很大")).to_be_visible()
    page.goto(f"/cases/{free.pk}/")
    press(page, "领取")
    said(page, "已领取")
    free.refresh_from_db()
    assert (free.handler, mine.handler) == (cast.handler, cast.handler)


def test_waiting_stops_the_clock_and_tells_the_resident_why(stage, cast):
    case = started(cast, a_case(cast, "门禁主机烧坏"))
    page = stage.phone("handler", f"/cases/{case.pk}/")
    dialog = begin(page, "转为等待")
    dialog.get_by_role("radio").first.click()
    dialog.get_by_label("原因").fill("主板要从厂家调货")
    dialog.get_by_role("button", name="转为等待").click()
    said(page, "已转为等待")
    expect(page.get_by_text("不计时").first).to_be_visible()
    resident = stage.phone("owner", f"/my/cases/{case.pk}/")
    expect(resident.get_by_text("主板要从厂家调货").first).to_be_visible()
    press(page, "恢复处理")
    said(page, "已恢复处理")


def test_a_result_is_written_with_a_set_phrase_and_a_photo(stage, cast):
    case = started(cast, a_case(cast, "走廊扶手松动"))
    page = stage.phone("handler", f"/cases/{case.pk}/")
    dialog = begin(page, "填写结果")
    dialog.get_by_text("常用语").click()
    dialog.locator("[data-insert]").first.click()
    expect(dialog.get_by_label("处理结果")).not_to_have_value("")
    dialog.locator("input[type=file]").set_input_files([jpeg("一.jpg"), jpeg("二.jpg", "#448844")])
    expect(dialog.locator("[data-photo-preview] li")).to_have_count(2)
    dialog.get_by_role("button", name="提交结果").click()
    said(page, "结果已填写")
    case.refresh_from_db()
    assert (case.state, case.photos.filter(stage="after").count()) == ("resolved", 2)


def test_a_dialog_closes_by_escape_and_gives_the_focus_back(stage, cast):
    case = started(cast, a_case(cast, "楼梯灯感应失灵"))
    page = stage.desk("handler", f"/cases/{case.pk}/")
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("处理结果")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_others_work_is_not_seen(stage, cast):
    case = a_case(cast, "与工程无关的一件事", item=cast.item)
    page = stage.phone("cleaner")
    answer = page.goto(f"/cases/{case.pk}/")
    assert answer.status in {403, 404}
    expect(page.get_by_role("main")).to_have_text(re.compile(r"\S"))
    stage.complaints = [words for words in stage.complaints if "status of 40" not in words]
