"""Reporting where the network fails, where no script runs, and where a neighbour was first."""

import re

import pytest
from playwright.sync_api import expect

from linsheng.feedback.models import Case
from tests.browser.steps import a_case, choose, jpeg, report, reported_number


def fill_in(page, *, item, place, text):
    """The form on one page, as it is without JavaScript."""
    page.goto("/report/")
    choose(page, item)
    choose(page, place)
    page.get_by_label("说一句发生了什么").fill(text)


def test_without_javascript_the_whole_way_is_plain_pages(stage):
    page = stage.phone("owner", "/", java_script_enabled=False)
    page.get_by_role("link", name="我要反映").first.click()
    fill_in(page, item="供水消防", place="本楼公共区", text="消防栓下面一直滴水")
    page.locator("input[type=file]").set_input_files(jpeg("水.jpg"))
    page.get_by_role("button", name="提交反映").click()
    number = reported_number(page)
    page.get_by_role("link", name="看进展").click()
    expect(page.get_by_role("region", name="进展")).to_contain_text("收到")
    page.get_by_role("link", name="补充").click()
    page.get_by_label("补充说明").fill("已经流到电梯口了")
    page.get_by_role("button", name="提交补充").click()
    expect(page.get_by_text("已经流到电梯口了")).to_be_visible()
    page.get_by_role("link", name="撤回").click()
    page.get_by_role("button", name="确定撤回").click()
    expect(page.get_by_role("region", name="进展")).to_contain_text("撤回")
    case = Case.objects.get(number=number)
    assert (case.state, case.photos.count()) == ("withdrawn", 1)


def test_a_form_with_a_hole_says_so_beside_it_and_keeps_the_rest(stage):
    page = stage.phone("owner", java_script_enabled=False)
    page.goto("/report/")
    page.get_by_label("说一句发生了什么").fill("楼下很吵")
    page.get_by_role("button", name="提交反映").click()
    expect(page.get_by_text("请点选是哪方面的事。").first).to_be_visible()
    expect(page.get_by_label("说一句发生了什么")).to_have_value("楼下很吵")


def test_a_dead_network_loses_nothing_and_sending_again_makes_no_second_case(stage):
    page, text = stage.phone("owner"), "地库入口的灯坏了两盏，晚上看不见"
    page.goto("/report/")
    page.get_by_role("radio", name="电梯", exact=True).click()
    page.get_by_role("radio", name="地库", exact=True).click()
    page.get_by_label("说一句发生了什么").fill(text)
    page.locator("input[type=file]").set_input_files(jpeg("灯.jpg"))
    expect(page.locator("#report-hints [data-kind]")).to_be_attached()  # nothing else is on its way when the network goes
    page.context.set_offline(True)
    page.get_by_role("button", name="提交反映").click()
    expect(page.locator("#toasts")).to_contain_text("网络不通")
    expect(page.get_by_label("说一句发生了什么")).to_have_value(text)
    page.context.set_offline(False)
    page.get_by_role("button", name="提交反映").click()
    reported_number(page)
    assert Case.objects.filter(text=text).count() == 1
    assert Case.objects.get(text=text).photos.count() == 1


def test_an_answer_that_got_lost_is_no_second_case(stage):
    """The report arrived, the thanks did not: the person sends the same form again."""
    page, text = stage.phone("owner"), "单元门禁刷卡没有反应"
    page.goto("/report/")
    page.get_by_role("radio", name="电梯", exact=True).click()
    page.get_by_role("radio", name="大门", exact=True).click()
    page.get_by_label("说一句发生了什么").fill(text)
    lost = []

    def deliver_and_lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"/report/$"), deliver_and_lose)
    page.get_by_role("button", name="提交反映").click()
    expect(page.locator("#toasts")).to_contain_text("网络不通")
    assert Case.objects.filter(text=text).count() == 1, "the server has it already"
    page.get_by_role("button", name="提交反映").click()
    reported_number(page)
    assert Case.objects.filter(text=text).count() == 1
    assert [status for status in lost if status != 302] == []
    stage.complaints = [words for words in stage.complaints if "ERR_FAILED" not in words]


def test_a_draft_survives_closing_the_page(stage):
    page, text = stage.phone("neighbour"), "写到一半接了个电话"
    page.goto("/report/")
    page.get_by_role("radio", name="电梯", exact=True).click()
    page.get_by_role("radio", name="本楼电梯", exact=True).click()
    page.get_by_label("说一句发生了什么").fill(text)
    expect(page.locator(".draft-note")).to_be_visible()
    again = page.context.new_page()
    page.close()
    again.goto("/report/")
    expect(again.get_by_label("说一句发生了什么")).to_have_value(text)
    expect(again.get_by_text("已恢复您上次没交的内容")).to_be_visible()
    again.get_by_role("button", name="清空草稿").click()
    again.reload()
    expect(again.get_by_label("说一句发生了什么", exact=False)).to_have_value("")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_same_matter_of_a_neighbour_is_joined_by_one_tap(stage, cast, script):
    words = f"七号门前的路灯一直闪{'烁' if script else '动'}不停"
    first = a_case(cast, words, location="园区 七号门", item=cast.item)
    page = stage.phone("neighbour", java_script_enabled=script)
    if script:
        page.goto("/report/")
        page.get_by_role("radio", name="电梯", exact=True).click()
        page.get_by_role("radio", name="园区", exact=True).click()
        page.get_by_label("说一句发生了什么").fill(words)
    else:
        fill_in(page, item="电梯", place="园区", text=words)
        page.get_by_role("button", name="提交反映").click()
    row = page.locator("ul.similar li", has_text=words[:6])
    row.get_by_role("button", name="我也遇到").click()
    page.wait_for_url(re.compile(r"/my/cases/\d+/"))
    expect(page.get_by_text("已记下您也遇到了这件事").first).to_be_visible()
    assert first.followers.filter(user=cast.neighbour).exists()


def test_a_confidential_report_is_answered_on_its_own_page(stage, cast):
    text = "保安队长收了钱让外来车长期停放"
    resident = stage.phone("owner")
    resident.goto("/report/")
    resident.get_by_role("radio", name="电梯", exact=True).click()
    resident.get_by_role("radio", name="地库", exact=True).click()
    resident.get_by_label("说一句发生了什么").fill(text)
    resident.get_by_label("对工作人员保密").check()
    resident.get_by_role("button", name="提交反映").click()
    number = reported_number(resident)
    expect(resident.get_by_text("已对工作人员保密").first).to_be_visible()
    case = Case.objects.get(number=number)
    for who in ("frontdesk", "manager", "director"):
        page = stage.desk(who, f"/cases/{case.pk}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("保安队长")
        content = page.content()
        assert "业主甲" not in content, f"{who} must not read who it was"
        assert "10000000001" not in content
        assert "3-2-1201" not in content
    follow_by_link(stage, case)


def follow_by_link(stage, case):
    """Without signing in, from another telephone: the page by link says where it stands and takes an answer."""
    page = stage.phone("", f"/t/{case.track_token}/")
    expect(page.get_by_role("region", name="进展")).to_contain_text("收到")
    page.get_by_role("link", name="补充").click()
    page.get_by_label("补充说明").fill("车牌尾号是 88")
    page.get_by_role("button", name="提交补充").click()
    expect(page.get_by_text("车牌尾号是 88")).to_be_visible()
    assert case.events.filter(action="add", text="车牌尾号是 88").exists()


def test_a_report_about_something_dangerous_shows_whom_to_call_at_once(stage):
    page = stage.phone("owner")
    report_danger = "电梯里困人了，快来"
    page.goto("/report/")
    page.get_by_role("radio", name="电梯", exact=True).click()
    page.get_by_role("radio", name="本楼电梯", exact=True).click()
    page.get_by_label("说一句发生了什么").fill(report_danger)
    expect(page.locator("#report-hints").get_by_role("link", name="119")).to_be_visible()
    expect(page.locator("#report-hints")).to_contain_text("听起来有危险")


def test_reporting_takes_three_taps_and_a_sentence(stage):
    """Item, place, send: nothing else must be touched, and no page is loaded in between."""
    page = stage.phone("neighbour")
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    report(page, item="电梯", place="本楼电梯", text="门缝夹住了一把雨伞")
    reported_number(page)
    assert len(loads) == 2, loads


def test_who_is_quicker_than_the_hints_is_asked_once(stage, cast):
    a_case(cast, "风扇响得像拖拉机", location="本楼电梯", item=cast.item)
    page = stage.phone("neighbour")
    page.route(re.compile(r"/report/hints/$"), lambda route: route.fulfill(status=204))
    report(page, item="电梯", place="本楼电梯", text="电梯风扇像拖拉机一样吵")
    expect(page.get_by_text("提交前请看一眼")).to_be_visible()
    page.get_by_role("button", name="继续提交").click()
    reported_number(page)
    assert Case.objects.filter(text="电梯风扇像拖拉机一样吵").count() == 1
