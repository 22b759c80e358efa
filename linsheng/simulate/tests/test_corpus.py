"""The texts of the demo company: complete, filled, varied, coherent, and the same for the same seed."""

import random
import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from linsheng.simulate.corpus import CORPUS, KINDS, WAITS, comments, common, desk
from linsheng.simulate.corpus.shape import Lines, matching
from linsheng.simulate.phrasing import Slot, Template, compile_template, lines
from linsheng.simulate.profiles import PROFILES, urgency_shares
from linsheng.simulate.situation import Place
from linsheng.simulate.slots import DYNAMIC
from linsheng.simulate.texts import Story, TextMaker
from linsheng.standards.default_promises import URGENCIES
from linsheng.standards.default_tree import ITEMS

ZONE = ZoneInfo("Asia/Shanghai")
CHANNELS = ("app", "qr", "phone", "email", "desk", "paper", "forum", "patrol")
OUTCOMES = ("satisfied", "basically", "not", "unreached")
STORY_WORDS = frozenset({"topic", "spot"})


def some_place(rng: random.Random) -> Place:
    floor = rng.randint(1, 32)
    unit = rng.choice(("", "1单元", "2单元"))
    return Place("翠湖苑", f"{rng.randint(1, 15)}栋", unit, floor, f"{floor}{rng.randint(1, 6):02d}")


def some_time(rng: random.Random) -> datetime:
    return datetime(2026, rng.randint(1, 12), 5, rng.randint(0, 23), tzinfo=ZONE)


def some_case(rng: random.Random) -> tuple[str, str, str, Place]:
    codes = list(PROFILES)
    code = rng.choices(codes, [PROFILES[one].weight for one in codes])[0]
    kinds = PROFILES[code].kinds
    kind = rng.choices(list(kinds), list(kinds.values()))[0]
    urgencies = urgency_shares(code, kind)
    return code, kind, rng.choices(list(urgencies), list(urgencies.values()))[0], some_place(rng)


def every_text(maker: TextMaker, story: Story) -> Iterator[str]:
    """One of each text that can be asked for about a case."""
    code, kind = story.item_code, story.kind
    yield from (story.text, story.location, story.topic)
    yield from (maker.on_channel(story, channel) for channel in CHANNELS)
    yield from (maker.result(code, kind, story), maker.contact(story), maker.unreached(story), maker.told(story))
    yield from (maker.note(code, story), maker.decline(code, kind, story), maker.refer(code, story), maker.reopen(story))
    yield from (maker.waiting(code, wait, story) for wait in WAITS)
    yield from (maker.withdraw(story), maker.urge(story), maker.supplement(story))
    yield from (maker.callback_note(outcome, story) for outcome in OUTCOMES)
    yield from (maker.rating_comment(stars, code, maker.rating_reasons(stars), story) for stars in range(1, 6))
    letter = maker.email(story, "陈芷琪", "10000000001")
    yield from (letter.subject, letter.body)


def all_cases() -> list[tuple[str, str, str]]:
    return [
        (code, kind, urgency)
        for code, texts in CORPUS.items()
        for kind in texts.kinds()
        for urgency in URGENCIES
        if urgency in texts.urgencies(kind)
    ]


def test_every_item_of_the_default_tree_has_texts_and_a_profile_and_nothing_else_has():
    codes = {item.code for item in ITEMS}
    assert set(CORPUS) == codes
    assert set(PROFILES) == codes


def test_every_item_has_words_for_each_kind_that_makes_sense_for_it():
    mended = {"facility.lift", "facility.water_fire", "facility.lighting_roads", "repair.home", "repair.public", "parking.charging"}
    for code, texts in CORPUS.items():
        expected = {"complaint", "suggestion", "praise"}
        expected |= set() if code == "staff.attitude" else {"enquiry"}
        expected |= {"repair"} if code in mended else set()
        assert expected <= set(texts.kinds()), code
        assert all("normal" in texts.urgencies(kind) for kind in expected), code


def test_dangers_to_life_and_property_have_emergencies():
    dangerous = {
        *("facility.lift", "facility.water_fire", "facility.lighting_roads", "repair.home", "repair.public"),
        *("safety.gate", "safety.patrol", "safety.fire_lane", "parking.order", "parking.charging"),
        *("environment.green", "environment.pest", "life.neighbour", "life.pets"),
    }
    found = {code for code, texts in CORPUS.items() for kind in KINDS if "emergency" in texts.urgencies(kind)}
    assert found == dangerous


def test_every_slot_of_every_template_is_known():
    shared = [*desk.UNREACHED, *desk.TOLD, *desk.TOLD_TALK, *desk.NOTES, *desk.REFERS, *desk.WITHDRAWS, *desk.URGES]
    shared += [
        *desk.SUPPLEMENTS,
        *desk.ASIDES,
        *desk.GREETINGS,
        *desk.CLOSINGS,
        *desk.RESULT_HEADS,
        *desk.RESULT_HEADS_TALK,
        *common.ON_SITE,
    ]
    tables = (common.HAILS, common.HISTORY, common.ASKS, common.WORDS, common.STAFF_OF, common.SINCE, common.RAIN, common.HEAT)
    tables += (desk.CONTACTS, desk.WAITS, desk.DECLINES, desk.REOPENS, desk.RESULT_TAILS, desk.NOTES_QUIET)
    tables += (comments.BY_STARS, comments.BY_REASON, comments.CALLBACK_NOTES)
    shared += [template for table in tables for texts in table.values() for template in texts]
    everywhere = STORY_WORDS | set(DYNAMIC) | set(common.WORDS)
    assert {name for template in shared for name in template.slots()} <= everywhere


@pytest.mark.parametrize("code", CORPUS)
def test_every_slot_of_an_item_is_known_in_each_of_its_scenarios(code):
    texts = CORPUS[code]
    own: list[Lines] = [texts.notes, texts.declines, texts.refers, texts.good, texts.bad, *texts.waits.values()]
    everywhere = STORY_WORDS | set(DYNAMIC) | set(common.WORDS)
    for scenario in texts.scenarios:
        blocks = [*own, scenario.done, scenario.spots, scenario.effects]
        templates = [line.template for block in blocks for line in block]
        templates += [say.template for say in scenario.says]
        templates += [word for words in scenario.slots.values() for word in words]
        named = {name for template in templates for name in template.slots()}
        assert named <= everywhere | set(scenario.slots), scenario.topic


def literals(template: Template) -> Iterator[str]:
    for part in template.parts:
        for choice in part if isinstance(part, tuple) else (part,):
            if isinstance(choice, str):
                yield choice
            elif isinstance(choice, Template):
                yield from literals(choice)


@pytest.mark.parametrize("code", CORPUS)
def test_no_slot_lost_its_braces(code):
    texts = CORPUS[code]
    blocks = [texts.notes, texts.declines, texts.refers, texts.good, texts.bad, *texts.waits.values()]
    for scenario in texts.scenarios:
        templates = [line.template for block in [*blocks, scenario.done, scenario.spots, scenario.effects] for line in block]
        templates += [say.template for say in scenario.says]
        for literal in (literal for template in templates for literal in literals(template)):
            assert set(re.findall(r"[A-Za-z_]{2,}", literal)) <= {"LED", "PPR", "DN"}, literal


@pytest.mark.parametrize("code", CORPUS)
def test_every_tag_names_a_matter_of_its_item_and_every_matter_has_a_place_and_a_result(code):
    texts = CORPUS[code]
    own: list[Lines] = [texts.notes, texts.declines, texts.refers, texts.good, texts.bad, *texts.waits.values()]
    for scenario in texts.scenarios:
        for line in (line for block in [*own, scenario.spots, scenario.effects] for line in block):
            assert line.tags <= texts.topics()
        matters = {say.topic for say in scenario.says} | {scenario.topic}
        assert all(line.tags <= matters for line in scenario.done), scenario.topic
        for say in scenario.says:
            assert matching(scenario.done, say.topic), say.topic
            assert matching(scenario.spots, say.topic), say.topic


def test_no_text_has_an_unfilled_slot_or_doubled_punctuation():
    rng = random.Random(5)
    maker = TextMaker(rng)
    broken = re.compile(r"[{}|\[\]]|[，。！？：、]{2}|^[，。]|None")
    for code, kind, urgency in all_cases():
        for _ in range(12):
            story = maker.story(code, kind, urgency, some_place(rng), at=some_time(rng))
            for text in every_text(maker, story):
                assert text
                assert not broken.search(text), text


def test_texts_are_chinese_sentences_of_a_plausible_length():
    rng = random.Random(6)
    maker = TextMaker(rng)
    for _ in range(5000):
        text = maker.report(*some_case(rng))
        latin = set(re.findall(r"[A-Za-z]{2,}", text))
        assert not latin, text
        assert 6 <= len(text) <= 260, text


def test_ten_thousand_reports_are_more_than_95_percent_distinct():
    rng = random.Random(7)
    maker = TextMaker(rng)
    reports = [maker.report(*some_case(rng)) for _ in range(10_000)]
    assert len(set(reports)) > 9_500


def test_a_page_of_fifty_reports_of_one_item_does_not_repeat_itself():
    rng = random.Random(8)
    maker = TextMaker(rng)
    for code in CORPUS:
        page = [maker.report(code, "complaint", "normal", some_place(rng)) for _ in range(50)]
        assert len(set(page)) >= 44, code


def test_the_same_seed_gives_the_same_texts_and_another_seed_others():
    def told(seed: int) -> list[str]:
        rng = random.Random(seed)
        maker = TextMaker(rng)
        return [text for _ in range(60) for text in every_text(maker, maker.story(*some_case(rng)))]

    assert told(7) == told(7)
    assert told(7) != told(8)


def test_a_report_names_the_home_of_its_reporter_and_no_other():
    rng = random.Random(9)
    maker = TextMaker(rng)
    place = Place("翠湖苑", "3栋", "2单元", 12, "1203")
    reports = [maker.report(code, kind, urgency, place) for code, kind, urgency in all_cases() for _ in range(20)]
    buildings = {found for report in reports for found in re.findall(r"\d+栋", report)}
    assert buildings == {"3栋"}
    assert any("1203" in report for report in reports)


def test_the_result_speaks_of_the_same_lift_as_the_report():
    rng = random.Random(10)
    maker = TextMaker(rng)
    compared = 0
    for _ in range(400):
        story = maker.story("facility.lift", "repair", "normal", some_place(rng))
        reported = set(re.findall(r"[123]号梯", story.text + story.location))
        resolved = set(re.findall(r"[123]号梯", maker.result("facility.lift", "repair", story)))
        if reported and resolved:
            compared += 1
            assert resolved == reported
    assert compared > 30


def test_the_result_answers_the_matter_that_was_reported():
    rng = random.Random(11)
    maker = TextMaker(rng)
    for _ in range(300):
        story = maker.story("repair.home", "repair", "normal", some_place(rng))
        result = maker.result("repair.home", "repair", story)
        assert (story.topic == "马桶漏水") == ("换了马桶" in result)
        assert (story.topic == "外墙渗水") == ("蜘蛛人" in result)


def test_nothing_is_said_of_a_time_of_day_that_is_still_to_come():
    rng = random.Random(12)
    maker = TextMaker(rng)
    later = [template for texts in common.WHEN_TODAY.values() for template in texts]
    words = {part for template in later for part in template.parts if isinstance(part, str)}
    for _ in range(3000):
        code, kind, urgency, place = some_case(rng)
        text = maker.report(code, kind, urgency, place, at=datetime(2026, 5, 4, 7, tzinfo=ZONE))
        assert not any(word in text for word in words), text


def test_typhoons_heat_and_festivals_keep_to_their_season():
    rng = random.Random(13)
    maker = TextMaker(rng)
    reports = [maker.report(*some_case(rng), at=datetime(2026, 1, 9, 10, tzinfo=ZONE)) for _ in range(5000)]
    assert not any(word in report for report in reports for word in ("台风天", "大热天", "端午", "国庆"))


def test_staff_note_a_call_down_in_the_third_person():
    rng = random.Random(14)
    maker = TextMaker(rng)
    for _ in range(2000):
        noted = maker.on_channel(maker.story(*some_case(rng)), "phone")
        assert not re.search(r"我|你们", noted), noted


def test_a_letter_is_greeted_and_signed():
    rng = random.Random(15)
    maker = TextMaker(rng)
    story = maker.story("facility.lift", "repair", "normal", Place("翠湖苑", "3栋", "2单元", 12, "1203"))
    letter = maker.email(story, "陈芷琪", "10000000001")
    assert story.topic in letter.subject
    assert story.text in letter.body
    assert letter.body.endswith("陈芷琪\n3栋2单元1203\n10000000001\n")


def test_reasons_are_ticked_for_three_stars_or_fewer_and_are_known():
    maker = TextMaker(random.Random(16))
    for stars in range(1, 6):
        drawn = [maker.rating_reasons(stars) for _ in range(300)]
        assert all(bool(reasons) == (stars <= 3) for reasons in drawn)
        assert {reason for reasons in drawn for reason in reasons} <= set(comments.RATING_REASONS)
    assert set(comments.REASON_WEIGHTS) == set(comments.BY_REASON) == set(comments.RATING_REASONS)


def test_good_and_bad_stars_get_different_words():
    maker = TextMaker(random.Random(17))
    best = {maker.rating_comment(5, code) for code in CORPUS for _ in range(30)}
    worst = {maker.rating_comment(1, code, ("slow",)) for code in CORPUS for _ in range(30)}
    assert not best & worst
    assert all(best | worst)


def test_texts_can_be_asked_for_without_a_story():
    maker = TextMaker(random.Random(18))
    for code, texts in CORPUS.items():
        for kind in texts.kinds():
            assert maker.result(code, kind)
            assert maker.decline(code, kind)
        assert maker.note(code)
        assert maker.refer(code)
        assert all(maker.waiting(code, wait) for wait in WAITS)


def test_a_staff_member_can_be_praised_by_name():
    maker = TextMaker(random.Random(19))
    place = Place("翠湖苑", "3栋")
    texts = [maker.story("repair.home", "praise", "normal", place, staff="李师傅").text for _ in range(40)]
    assert any("李师傅" in text for text in texts)


@pytest.mark.parametrize("code", PROFILES)
def test_the_shares_of_a_profile_add_up_and_have_words(code):
    profile = PROFILES[code]
    assert sum(profile.kinds.values()) == pytest.approx(1)
    assert len(profile.months) == 12
    for kind in profile.kinds:
        shares = urgency_shares(code, kind)
        assert sum(shares.values()) == pytest.approx(1)
        assert set(shares) <= CORPUS[code].urgencies(kind)


def test_templates_may_hold_slots_inside_alternatives():
    template = compile_template("在{floor}楼{等了{days}|马上}修")
    assert template.slots() == {"floor", "days"}
    assert template.parts[1] == Slot("floor")


def test_a_template_with_unbalanced_braces_is_refused():
    for text in ("{a", "a}", "{a|b", "{{a}}"):
        with pytest.raises(ValueError, match=r"brace|name"):
            compile_template(text)


def test_a_block_is_one_template_a_line():
    assert lines("  甲\n\n  乙  \n") == (Template(("甲",)), Template(("乙",)))
