"""Coming in: an unknown number, a home claimed with the code of a letter, one's own data, and notices that lead on."""

import json
import re

from playwright.sync_api import expect

from linsheng.communities.models import Building, Home
from tests.browser.steps import a_case, resolved


def ask_for_code(page, number):
    page.goto("/sign-in/phone/")
    page.get_by_label("手机号").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("验证码")).to_be_visible()


def test_a_number_that_nobody_knows_is_told_how_to_come_in(stage):
    page = stage.phone()
    ask_for_code(page, "10000055501")
    page.get_by_label("验证码").fill(stage.company.code_sent_to("10000055501"))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("还没有登记您的住房")
    expect(page.get_by_role("link", name="输入认领码")).to_be_visible()


def test_a_wrong_code_says_so_and_lets_one_try_again(stage):
    page = stage.phone()
    ask_for_code(page, "10000055502")
    right = stage.company.code_sent_to("10000055502")
    page.get_by_label("验证码").fill("000000" if right != "000000" else "111111")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("验证码不对").first).to_be_visible()
    expect(page.get_by_label("验证码")).to_be_visible()


def test_a_home_is_claimed_with_the_letter_that_the_desk_printed(stage, cast):
    building = Building.objects.get(pk=cast.building.pk)
    home = Home.objects.create(community=cast.community, building=building, number="3-2-1405", floor=14)
    code = printed_code(stage.desk("frontdesk", f"/homes/{home.pk}/"))
    page = stage.phone("", "/claim/")
    page.get_by_label("认领码").fill("AAAAA AAAAA")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator(".field-error").first).to_contain_text("认领码不对")
    page.get_by_label("认领码").fill(code.lower())
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("main")).to_contain_text("3-2-1405")
    page.get_by_label("您的姓名").fill("新邻居丙")
    page.get_by_label("您的手机号").fill("10000055503")
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码").fill(stage.company.code_sent_to("10000055503"))
    page.get_by_role("button", name="确认认领").click()
    page.get_by_role("button", name="同意并继续").click()
    page.goto("/report/")
    expect(page.locator("main")).to_contain_text("3-2-1405")


def printed_code(page):
    """Print the letter; the question before it warns that older letters stop working."""
    page.get_by_role("button", name="打印认领信").click()
    page.get_by_role("dialog").locator(".btn-primary").click()
    expect(page.get_by_text("认领码只显示这一次")).to_be_visible()
    return page.locator(".letter-secret").inner_text()


def test_refusing_the_privacy_text_leads_out(stage):
    """A session that has not agreed sees nothing but the text."""
    page = stage.phone("owner", "/consent/")
    page.get_by_role("button", name="不同意，退出").click()
    expect(page).to_have_url(re.compile(r"/privacy/"))
    page.goto("/home/")
    expect(page).to_have_url(re.compile(r"/sign-in/"))
    # Signing out ended the session that all other tests of this person share.
    stage.company.sessions.pop("owner", None)


def test_own_data_is_seen_taken_away_and_a_deletion_is_answered(stage, cast):
    page = stage.phone("neighbour", "/me/data/")
    expect(page.locator("main")).to_contain_text("3-2-1202")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载我的数据").click()
    assert "邻居乙" in json.dumps(json.loads(waiting.value.path().read_text("utf-8")), ensure_ascii=False)
    page.locator("#request").get_by_role("radio").first.check()
    page.locator("#request textarea").fill("电话写错了一位")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("我的申请")
    desk = stage.desk("manager", "/data-requests/")
    desk.get_by_role("link", name=re.compile("邻居乙")).first.click()
    desk.get_by_role("radio", name="不能办理").check()
    desk.get_by_label("答复").fill("请到前台出示证件后更正。")
    desk.get_by_role("button", name="提交答复").click()
    page.goto("/me/data/")
    expect(page.locator("main")).to_contain_text("请到前台出示证件后更正。")


def test_a_notice_leads_to_its_case_and_is_read_then(stage, cast):
    case = resolved(cast, a_case(cast, "垃圾房的门合页断了"), "合页已换新。")
    page = stage.phone("owner", "/home/")
    page.get_by_role("link", name=re.compile("通知")).click()
    page.get_by_role("button", name=re.compile("未读.*垃圾房的门合页断了")).first.click()
    page.wait_for_url(re.compile(f"/t/{case.track_token}/|/my/cases/{case.pk}/"))
    expect(page.locator("main")).to_contain_text("合页已换新。")
