"""The satisfaction survey on a phone: with and without JavaScript, through a lost network; and forms keyed in at a desk."""

import re

import pytest
from playwright.sync_api import expect

from linsheng.surveys.models import Ballot, SealedAnswer
from linsheng.surveys.queries.questionnaires import asked, flat
from linsheng.surveys.sealing import unseal
from linsheng.surveys.tests.factories import add_homes, code_of, open_wave
from tests.browser.company import now


@pytest.fixture(scope="module")
def wave(company, django_db_blocker):
    from tests.browser.company import database_named

    with django_db_blocker.unblock(), database_named(company.database):
        add_homes(company.cast.other_community, 3, 12)
        return open_wave(company.cast.other_community, now())


@pytest.fixture
def homes(wave):
    return [ballot.home for ballot in Ballot.objects.filter(wave=wave).select_related("home")]


def content_of(wave) -> dict:
    """The one answer that was added last (the urn has no order: there is only one, or none before)."""
    contents = [unseal(wave, row.sealed)["values"] for row in SealedAnswer.objects.filter(wave=wave)]
    SealedAnswer.objects.filter(wave=wave).delete()
    assert len(contents) == 1
    return contents[0]


def card(page):
    return page.locator("[data-card]:not([hidden])")


def tap(page, words: str) -> None:
    """Choose on the open card; the next one comes by itself."""
    before = card(page).get_attribute("data-key")
    card(page).get_by_text(words, exact=True).tap()
    expect(page.locator(f'[data-card][data-key="{before}"]')).to_be_hidden()


def answer_on(page, *, until: str) -> None:
    """Go on with "比较满意", "没有" and the first choice of everything else."""
    while card(page).count() and card(page).get_attribute("data-key") != until:
        kind, first = card(page).get_attribute("data-kind"), card(page).locator(".survey-choice span")
        if kind == "text":
            card(page).get_by_role("button", name="下一题").tap()
            continue
        words = first.all_inner_texts()
        tap(page, "没有" if "没有" in words else words[3] if kind == "scale" else words[0])


def test_a_phone_answers_card_by_card_through_a_lost_network(stage, wave, homes):
    page = stage.wechat()
    page.goto(f"/s/{code_of(wave, homes[0])}")
    assert page.url.endswith("/s/")
    expect(card(page)).to_have_count(0)
    page.get_by_role("button", name="开始作答").tap()
    expect(page.locator("[data-count]")).to_have_text("1 / 26")
    tap(page, "很满意")
    tap(page, "差不多")
    page.get_by_role("button", name="上一题").tap()
    expect(card(page).get_by_label("差不多")).to_be_checked()
    card(page).get_by_role("button", name="下一题").tap()
    # Closed and opened again on the same phone: it goes on where it was.
    page.goto("/s/")
    expect(page.get_by_text("接着答就好")).to_be_visible()
    page.get_by_role("button", name="开始作答").tap()
    expect(page.locator("[data-count]")).to_have_text("3 / 26")
    page.context.set_offline(True)
    answer_on(page, until="open.improve")
    card(page).get_by_role("textbox").fill("电梯慢")
    answer_on(page, until="")
    page.get_by_role("button", name="提交答卷").tap()
    expect(page.get_by_text("现在没有网络")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="谢谢您")).to_be_visible(timeout=20_000)
    values = content_of(wave)
    assert values["overall"] == 5 and values["expectation"] == 3 and values["open.improve"] == "电梯慢"
    assert values["complaint.made"] == "no" and "complaint.handling" not in values
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('linsheng:survey:')).length") == 0


def test_a_complaint_opens_its_questions(stage, wave, homes):
    page = stage.phone("", f"/s/{code_of(wave, homes[1])}")
    page.get_by_role("button", name="开始作答").tap()
    answer_on(page, until="complaint.made")
    tap(page, "有")
    assert card(page).get_attribute("data-key") in {"complaint.handling", "complaint.followup"}
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"/ 28$"))


def test_without_javascript_it_is_one_form(stage, wave, homes):
    page = stage.phone("", f"/s/{code_of(wave, homes[2])}", java_script_enabled=False)
    scales = [each.key for each in flat(asked(wave.version)) if each.kind == "scale" and not each.gate_key]
    for key in scales:
        page.locator(f'[name="q-{key}"][value="4"]').check(force=True)
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_role("heading", name="谢谢您")).to_be_visible()
    values = content_of(wave)
    assert values == dict.fromkeys(scales, 4)
    page.goto(f"/s/{code_of(wave, homes[2])}")
    expect(page.get_by_text("已经用过")).to_be_visible()


def test_the_survey_is_read_in_english_and_large(stage, wave, homes):
    page = stage.phone("", f"/s/{code_of(wave, homes[3])}", locale="en-US")
    page.get_by_role("button", name="Begin").tap()
    expect(card(page).get_by_text("Very satisfied")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_a_lost_network_loses_no_answer(stage, wave, homes):
    page = stage.phone("", f"/s/{code_of(wave, homes[7])}", java_script_enabled=False)
    page.locator('[name="q-overall"][value="2"]').check(force=True)
    page.locator('[name="q-open.improve"]').fill("楼道灯不亮")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交答卷").click(no_wait_after=True)
    expect(page.get_by_role("button", name="提交答卷")).to_have_count(0)
    page.context.set_offline(False)
    # The browser's own page for no network: loading it again sends the form again.
    page.reload()
    expect(page.get_by_role("heading", name="谢谢您")).to_be_visible()
    assert content_of(wave) == {"overall": 2, "open.improve": "楼道灯不亮"}


FORMS = 30
# What a trained hand keys in an hour is 8,000 and more; this is an unhurried one of our front desks.
KEYS_A_SECOND = 2.2
PAPER = {"scale": "4", "ten": "9", "single": "2"}


class Keyboard:
    """Hands on the keys of a page, counted; never a mouse."""

    def __init__(self, page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, words: str) -> None:
        for key in words:
            self.press(key)


def key_in(hands: Keyboard, wave, number: str, *, made: str = "2", last: str = "") -> None:
    """One form from its number to its saving; ``made``: whether they complained and had a repair (1 yes)."""
    hands.type(number)
    hands.press("Enter")
    # Machines type sooner than the page is there.
    expect(hands.page.locator("[data-entry][data-ready]")).to_be_visible()
    for each in flat(asked(wave.version)):
        if each.gate_key and made == "2":
            continue
        if each.kind == "text":
            hands.press("Enter")
        else:
            hands.press(made if each.key.endswith(".made") else PAPER[each.kind])
    if last:
        hands.press("ArrowUp")
        hands.press(last)
    expect(hands.page.locator("[type=submit]", has_text="保存")).to_be_focused()
    hands.press("Enter")


@pytest.fixture
def at_the_desk(company):
    """The front desk and a colleague work where the forms came in."""
    from linsheng.communities.models import Post

    people = [company.cast.frontdesk, company.cast.colleague]
    Post.objects.filter(user__in=people).update(community=company.cast.other_community)
    yield
    Post.objects.filter(user__in=people).update(community=company.cast.community)


@pytest.fixture
def paper_wave(company, wave):
    """A second wave of the same homes, in which nobody has answered."""
    return open_wave(company.cast.other_community, now(), title="纸质问卷", ends_on=now().date())


@pytest.mark.timeout(120)
def test_thirty_paper_forms_take_ten_minutes_of_keys(stage, paper_wave, at_the_desk):
    """No mouse, no look at the page but where the focus is. Keys are counted (915 when this was written, 30.5 a form): seven
    minutes of an unhurried hand, and turning thirty sheets."""
    page = stage.desk("frontdesk", f"/surveys/entry/?wave={paper_wave.pk}")
    hands, serials = Keyboard(page), list(Ballot.objects.filter(wave=paper_wave).values_list("serial", flat=True)[:FORMS])
    for place, serial in enumerate(serials):
        key_in(hands, paper_wave, str(serial), made="1" if place % 5 == 0 else "2")
        expect(page.get_by_text("已录入，等另一位同事复核")).to_be_visible()
        expect(page.get_by_label("房号，或信右上角的编号")).to_be_focused()
    held = Ballot.objects.filter(wave=paper_wave, state="held").select_related("entry")
    assert held.count() == FORMS
    answered = [unseal(paper_wave, ballot.entry.sealed)["values"] for ballot in held]
    assert all(values["recommend"] == 9 and values["overall"] == 4 for values in answered)
    assert sum("complaint.handling" in values for values in answered) == FORMS / 5
    minutes = hands.pressed / KEYS_A_SECOND / 60
    told = f"{hands.pressed} keys, {hands.pressed / FORMS:.1f} a form: {minutes:.1f} minutes at {KEYS_A_SECOND} a second"
    assert minutes < 8, told


def test_a_second_pair_of_hands_sees_what_differs(stage, paper_wave, at_the_desk):
    first = Keyboard(stage.desk("frontdesk", f"/surveys/entry/?wave={paper_wave.pk}"))
    serial = str(Ballot.objects.filter(wave=paper_wave)[0].serial)
    key_in(first, paper_wave, serial)
    expect(first.page.get_by_text("已录入，等另一位同事复核")).to_be_visible()
    second = Keyboard(stage.desk("colleague", f"/surveys/entry/?wave={paper_wave.pk}"))
    # The last question keyed otherwise: three to ten years instead of one to three.
    key_in(second, paper_wave, serial, last="3")
    page = second.page
    expect(page.get_by_text("有 1 处和第一遍不同")).to_be_visible()
    expect(page.get_by_text("第一遍：2")).to_be_visible()
    expect(page.locator(".differs input")).to_be_focused()
    assert SealedAnswer.objects.filter(wave=paper_wave).count() == 0
    second.press("Control+Enter")
    expect(page.get_by_text("复核完成，已计入")).to_be_visible()
    (row,) = SealedAnswer.objects.filter(wave=paper_wave)
    assert unseal(paper_wave, row.sealed)["values"]["years"] == "3"


def test_a_figure_that_is_no_choice_stays_to_be_typed_again(stage, paper_wave, at_the_desk):
    hands = Keyboard(stage.desk("frontdesk", f"/surveys/entry/?wave={paper_wave.pk}"))
    hands.type(str(Ballot.objects.filter(wave=paper_wave)[0].serial))
    hands.press("Enter")
    field = hands.page.locator('[name="k-overall"]')
    expect(field).to_be_focused()
    hands.press("7")
    expect(field).to_be_focused()
    expect(field).to_have_class(re.compile("is-invalid"))
    hands.press("3")
    expect(field).to_have_value("3")
    expect(hands.page.locator('[name="k-expectation"]')).to_be_focused()
