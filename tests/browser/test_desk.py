"""The front desk: a call in thirty seconds by keyboard, bulk work, telling and calling back."""

import re

import pytest
from playwright.sync_api import expect

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case
from tests.browser.company import now
from tests.browser.steps import a_call, a_case, bar, begin, choose, press, resolved, said, started


def type_until(page, selector):
    """Tab on until something is focused, as somebody without a mouse does."""
    for _ in range(40):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reaches {selector}")


def test_a_call_is_logged_by_keyboard_alone(stage, cast):
    page = stage.desk("frontdesk", "/cases/")
    page.keyboard.press("c")
    page.wait_for_url("**/calls/new/")
    expect(page.locator("[name=number]")).to_be_focused()
    page.keyboard.type("10000000001")
    expect(page.locator("#callers")).to_contain_text("业主甲")
    expect(page.locator("#callers")).to_contain_text("3-2-1201")
    expect(page.locator("#callers input[type=radio]:checked")).not_to_have_value("none")
    type_until(page, "#id_item_typed")
    page.keyboard.type("照明")
    page.keyboard.press("Enter")
    type_until(page, "[name=text]")
    page.keyboard.type("十二楼走廊的灯全灭了")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    said(page, "已登记，编号")
    case = Case.objects.get(text="十二楼走廊的灯全灭了")
    assert (case.channel, case.home, case.item.code) == ("phone", cast.home, "facility.lighting_roads")
    assert case.resident == cast.residents["owner"]
    entry = case.events.order_by("pk").first()
    assert entry is not None


def test_without_javascript_a_call_is_looked_up_by_a_button(stage, cast):
    page = stage.desk("frontdesk", "/calls/new/", java_script_enabled=False)
    page.locator("[name=number]").fill("10000000002")
    page.get_by_role("button", name="查来电").click()
    expect(page.locator("#callers")).to_contain_text("邻居乙")
    page.get_by_label("服务项目").select_option("facility.lighting_roads")
    page.get_by_label("说了什么").fill("楼道窗户关不上")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    assert Case.objects.get(text="楼道窗户关不上").resident == cast.residents["neighbour"]


def test_what_somebody_reported_before_is_shown_while_it_is_written_down(stage, cast):
    a_case(cast, "地下车库东侧积水很深，车过不去")
    page = stage.desk("frontdesk", "/calls/new/")
    page.locator("[name=number]").fill("10000000002")
    page.locator("#id_item_typed").fill("电梯")
    page.keyboard.press("Enter")
    page.get_by_label("说了什么").fill("地下车库东侧积水很深")
    expect(page.locator("#similar")).to_contain_text("车过不去")


def test_checked_rows_are_assigned_at_once(stage, cast):
    texts = [f"{n}号楼门厅的地垫卷边绊人" for n in "五六八"]
    for text in texts:
        a_case(cast, text)
    page = stage.desk("frontdesk", "/cases/?view=unassigned&q=地垫卷边")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.locator("[data-check-all]").check()
    expect(page.locator("[data-bulk-label]")).to_contain_text("3")
    page.locator("#bulk-handler").select_option("handler")
    page.locator("[data-bulkbar]").get_by_role("button", name="指派").click()
    said(page, "3")
    assert set(Case.objects.filter(text__in=texts).values_list("handler__username", flat=True)) == {"handler"}


def test_the_handler_is_not_the_one_who_asks_whether_it_was_good(stage, cast):
    case = resolved(cast, a_call(cast, "信报箱的锁打不开"))
    tell_by_phone(stage.desk("frontdesk", f"/cases/{case.pk}/"))
    handler = stage.phone("handler", f"/cases/{case.pk}/")
    expect(handler.get_by_text("信报箱的锁打不开").first).to_be_visible()
    assert handler.get_by_role("link", name=re.compile("^回访")).count() == 0
    assert handler.request.get(f"/cases/{case.pk}/callback/").status in {403, 409}
    ask(stage.desk("colleague", f"/cases/{case.pk}/"))
    callback = case.callbacks.get()
    assert (callback.asked_by, callback.solved, callback.satisfied) == (cast.colleague, True, "satisfied")


def tell_by_phone(page):
    dialog = begin(page, "告知结果")
    expect(dialog).to_contain_text("请照着念")
    choose(dialog, "已告知本人")
    dialog.get_by_role("button", name="登记").click()
    said(page, "已登记")


def ask(page):
    dialog = begin(page, "回访")
    choose(dialog, "已答复")
    answers = dialog.locator(".answers fieldset")
    choose(answers.nth(0), "是")
    choose(answers.nth(1), "是")
    choose(answers.nth(2), "满意")
    dialog.get_by_role("button", name="登记回访").click()
    said(page, "已登记回访")


def test_the_desk_merges_what_is_the_same(stage, cast):
    first, second = a_case(cast, "二号楼大堂空调滴水成滩"), a_case(cast, "二号楼大堂空调滴水，地上成滩")
    page = stage.desk("frontdesk", f"/cases/{second.pk}/")
    dialog = begin(page, "合并")
    dialog.get_by_label("合并到").fill(first.number)
    dialog.get_by_role("button", name="合并", exact=True).click()
    expect(page.get_by_text("这一件已合并")).to_be_visible()
    second.refresh_from_db()
    assert (second.state, second.parent) == ("merged", first)


def test_a_case_that_changed_meanwhile_says_why_nothing_was_done(stage, cast):
    case = started(cast, a_case(cast, "儿童滑梯螺丝松了"))
    page = stage.desk("frontdesk", f"/cases/{case.pk}/")
    dialog = begin(page, "填写结果")
    dialog.get_by_label("处理结果").fill("已拧紧全部螺丝")
    actions.resolve_case(case=case, text="别人先填了", by=Actor.staff(cast.handler), now=now())
    dialog.get_by_role("button", name="提交结果").click()
    expect(dialog.locator(".form-errors, .notice, .field-error").first).to_be_visible()
    expect(dialog.get_by_label("处理结果")).to_have_value("已拧紧全部螺丝")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_notes_among_staff_look_different_and_stay_inside(stage, cast, script):
    case = started(cast, a_case(cast, f"快递柜屏幕不亮{script}"))
    page = stage.desk("frontdesk", f"/cases/{case.pk}/", java_script_enabled=script)
    page.get_by_label("内部备注，反映人看不到").fill("先问厂家保修期")
    page.get_by_role("button", name="添加备注").click()
    expect(page.get_by_text("先问厂家保修期")).to_be_visible()
    resident = stage.phone("owner", f"/my/cases/{case.pk}/")
    expect(resident.get_by_role("region", name="进展")).to_be_visible()
    assert "先问厂家保修期" not in resident.content()


def test_every_action_has_a_page_without_javascript(stage, cast):
    case = started(cast, a_case(cast, "走廊瓷砖空鼓翘起"))
    page = stage.desk("frontdesk", f"/cases/{case.pk}/", java_script_enabled=False)
    bar(page).get_by_role("link", name=re.compile("^填写结果")).first.click()
    page.get_by_label("处理结果").fill("已重新铺贴。")
    page.get_by_role("button", name="提交结果").click()
    expect(page.get_by_text("结果已填写").first).to_be_visible()
    press(page, "办结")
    expect(page.get_by_text("已办结").first).to_be_visible()
