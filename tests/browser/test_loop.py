"""The loop: a resident's voice goes in on a phone, and its result comes back — twice, because the first was not good enough."""

import re

from playwright.sync_api import expect

from tests.browser.steps import begin, case_of, choose, jpeg, press, report, reported_number, said

TEXT = "三号电梯按了没反应，等了十分钟"


def test_a_report_goes_round_the_loop_until_the_resident_is_content(stage, cast):
    resident = stage.wechat("", "/")
    sign_in_by_phone(resident, stage.company, "10000000001")
    resident.get_by_role("link", name="我要反映").first.click()
    report(resident, item="电梯", place="本楼电梯", text=TEXT, photo=jpeg())
    number = reported_number(resident)
    resident.get_by_role("link", name="看进展").click()
    expect(resident.get_by_role("region", name="进展")).to_contain_text("收到")
    expect(resident.locator("img[alt]").first).to_be_visible()

    assign(stage, number)
    see_who_works(resident)
    handle(stage, number, "已更换按钮板，三次试运行正常。")

    open_case(resident, number)
    expect(resident.get_by_text("已更换按钮板").first).to_be_visible()
    expect(resident.locator("a[data-photo] img").first).to_be_visible()
    rate_badly(resident)
    reopen(resident, "今天早上又按不动了")

    handle_again(stage, number, "更换了整块控制板，厂家在场试了二十次。")
    open_case(resident, number)
    rate(resident, "很满意")
    expect(resident.get_by_text("谢谢您的评价").first).to_be_visible()

    case = case_of(number)
    assert [(r.cycle, r.stars) for r in case.ratings.order_by("cycle")] == [(1, 2), (2, 5)]
    assert case.told_at is not None, "the reporter was told by the system"
    look_at_figures(stage)


def sign_in_by_phone(page, company, number):
    """A number, the code that comes by text message, and the privacy text."""
    page.get_by_role("link", name=re.compile("手机验证码")).click()
    page.get_by_label("手机号").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码").fill(company.code_sent_to(number))
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="同意并继续").click()
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()


def open_case(resident, number):
    resident.goto("/my/cases/?tab=all")
    if not resident.get_by_text(number).count():
        resident.goto("/my/cases/?tab=done")
    resident.locator("li", has_text=number).get_by_role("link").first.click()
    expect(resident.get_by_role("region", name="进展")).to_be_visible()


def assign(stage, number):
    desk = stage.desk("frontdesk", f"/cases/?q={number}")
    desk.get_by_role("link", name=re.compile("三号电梯")).click()
    dialog = begin(desk, "指派")
    dialog.get_by_text(re.compile("^张师傅")).click()
    dialog.get_by_role("button", name="指派").click()
    said(desk, "已指派")


def see_who_works(resident):
    resident.reload()
    expect(resident.get_by_role("region", name="进展")).to_contain_text("张师傅")


def handle(stage, number, result):
    """The handler, on a phone: contact, start, resolve with a photo."""
    phone = stage.phone("handler", f"/cases/?q={number}")
    phone.get_by_role("link", name=re.compile("三号电梯")).click()
    dialog = begin(phone, "联系反映人")
    dialog.get_by_label("说了什么").fill("约好上午十点去看")
    dialog.get_by_role("button", name="登记").click()
    said(phone, "已登记联系")
    press(phone, "开始处理")
    said(phone, "已开始处理")
    resolve(phone, result, jpeg("修好.jpg", "#44aa44"))


def resolve(phone, result, photo=None):
    dialog = begin(phone, "填写结果")
    dialog.get_by_label("处理结果").fill(result)
    if photo:
        dialog.locator("input[type=file]").set_input_files(photo)
    dialog.get_by_role("button", name="提交结果").click()
    said(phone, "结果已填写")


def rate_badly(resident):
    choose(resident, "2 星 不满意")
    choose(resident, "没修好", kind="checkbox")
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.get_by_text("很抱歉没让您满意")).to_be_visible()


def rate(resident, word):
    choose(resident, f"5 星 {word}")
    resident.get_by_role("button", name="提交评价").click()


def reopen(resident, reason):
    resident.locator("#reopen").get_by_role("link", name="重新打开").click()
    resident.get_by_label("哪里没有解决").fill(reason)
    resident.get_by_role("button", name="重新打开").click()
    expect(resident.get_by_role("region", name="进展")).to_contain_text("张师傅")


def handle_again(stage, number, result):
    phone = stage.phone("handler", f"/cases/?q={number}")
    phone.get_by_role("link", name=re.compile("三号电梯")).click()
    expect(phone.get_by_text("第 2 次处理")).to_be_visible()
    resolve(phone, result)


def look_at_figures(stage):
    """The manager sees the month with this case in it."""
    page = stage.desk("manager", "/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("navigation", name="导航").get_by_role("link", name="月度报表").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
