"""Scanning a label without an account, on a telephone inside WeChat; and the desk entering slips by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from linsheng.feedback.models import Case
from linsheng.intake.actions.places import create_place
from linsheng.intake.models import Place, Slip
from tests.browser.company import now
from tests.browser.steps import jpeg


@pytest.fixture
def lift(cast):
    found = Place.objects.filter(community=cast.community, building=cast.building, spot="2号电梯", retired_at=None).first()
    return found or create_place(community=cast.community, building=cast.building, spot="2号电梯", by=None, now=now())


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_scan_say_it_and_follow_it_by_link(stage, lift, script):
    page, text = stage.wechat("", f"/q/{lift.code}", java_script_enabled=script), f"轿厢里有异味{'，很重' if script else ''}"
    expect(page.get_by_role("heading", level=1)).to_contain_text("3栋 2号电梯")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("说一句发生了什么").fill(text)
    page.locator("input[type=file]").set_input_files(jpeg("异味.jpg"))
    page.get_by_label("您的电话").fill("138 0000 1234")
    page.get_by_role("button", name="提交反映").click()
    page.wait_for_url(re.compile(r"/done/"))
    case = Case.objects.get(text=text)
    expect(page.locator(".received b")).to_have_text(case.number)
    assert (case.location, case.contact_phone, case.photos.count()) == ("3栋 2号电梯", "13800001234", 1)
    page.get_by_role("link", name="看进展").click()
    expect(page.get_by_role("region", name="进展")).to_contain_text("收到")
    page.get_by_role("link", name="补充").click()
    page.get_by_label("补充说明").fill("二楼也闻得到")
    page.get_by_role("button", name="提交补充").click()
    expect(page.get_by_text("二楼也闻得到")).to_be_visible()


def test_a_dead_network_loses_nothing_and_danger_shows_the_telephone(stage, lift):
    page, text = stage.wechat("", f"/q/{lift.code}"), "电梯里困人了，一位老人"
    page.get_by_label("说一句发生了什么").fill(text)
    expect(page.locator("#report-hints").get_by_role("link", name="119")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="提交反映").click()
    expect(page.locator("#toasts")).to_contain_text("网络不通")
    expect(page.get_by_label("说一句发生了什么")).to_have_value(text)
    page.context.set_offline(False)
    page.get_by_role("button", name="提交反映").click()
    page.wait_for_url(re.compile(r"/done/"))
    assert Case.objects.filter(text=text).count() == 1
    expect(page.get_by_role("link", name="119")).to_be_visible()


def test_the_desk_enters_five_slips_without_the_mouse(stage, cast):
    page = stage.desk("frontdesk", "/paper/new/")
    page.get_by_label("从哪里收来").fill("键盘测试箱")
    page.get_by_role("button", name="开始录入").click()
    page.wait_for_url(re.compile(r"/paper/\d+/$"))
    expect(page.locator("[data-slip-row] input[name='r0-who']")).to_be_focused()
    keys = page.keyboard
    for number in range(5):
        keys.type("3-2-1201")
        keys.press("Enter")
        keys.type("老周")
        keys.press("Enter")
        keys.type("电梯")
        keys.press("Enter")
        keys.press("Tab")
        keys.type(f"键盘录入的第 {number} 张纸条")
        keys.press("Enter")
    keys.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("已登记 5 件")
    slips = Slip.objects.filter(batch__box="键盘测试箱")
    assert sorted(slip.case.text for slip in slips.select_related("case")) == [f"键盘录入的第 {n} 张纸条" for n in range(5)]
    assert {slip.case.home for slip in slips.select_related("case__home")} == {cast.home}
