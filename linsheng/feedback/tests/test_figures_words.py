"""Topics, masking, charts, weak items, and the sentences made of them."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import translation

from linsheng.feedback import figures
from linsheng.feedback.figures import topics, words
from linsheng.feedback.figures.assembling import compared, share
from linsheng.feedback.figures.shapes import TrendPoint, WeakItems
from linsheng.feedback.figures.topics import Text
from linsheng.feedback.models import Callback, Case, Rating
from linsheng.feedback.tests.november import at, receive
from linsheng.standards.models import ServiceItem


@pytest.fixture(autouse=True)
def _chinese():
    """Whatever language a page of another test was asked in."""
    with translation.override("zh-hans"):
        yield


def test_words_that_name_no_topic_are_left_out():
    assert topics.words_of("您好，我家电梯又坏了，麻烦师傅尽快处理，谢谢") == {"电梯"}


def text(words_of, said="电梯坏了", confidential=False, group="a"):
    return Text(group, said, frozenset(words_of), confidential)


def test_a_word_that_everybody_always_uses_weighs_less_than_a_new_one():
    now, before = Counter({"电梯": 6, "白蚁": 5}), Counter({"电梯": 60})
    assert topics.weighed(now, before, 100) == ["白蚁", "电梯"]


def test_a_rise_is_called_one_only_beyond_chance():
    texts = [text({"白蚁"})] * 10 + [text({"电梯"})] * 10
    before = Counter({"电梯": 95}), 200
    found = {topic.word: topic for topic in topics.topics_of(texts, 20, before).words}
    assert (found["白蚁"].more, found["电梯"].more) == (True, False)
    assert (found["电梯"].texts, found["电梯"].share, found["电梯"].before) == (10, 0.5, 0.475)


def test_examples_are_masked_and_never_confidential():
    texts = [text({"电梯"}, "秘密", confidential=True)] * 3 + [text({"电梯"}, "3-2-1201电梯坏了，电话10000001234")]
    (topic,) = topics.topics_of(texts, 4, (Counter(), 0)).words
    assert topic.example == "〔房号〕电梯坏了，电话〔电话〕"
    assert topics.topics_of(texts[:3], 3, (Counter(), 0)).words[0].example == ""


def test_groups_are_told_apart_by_their_own_words():
    texts = [text({"电梯", "按钮"}, group="lift")] * 3 + [text({"电梯", "垃圾"}, group="clean")] * 3
    assert topics.words_by_group(texts) == {"lift": ("按钮", "电梯"), "clean": ("垃圾", "电梯")}


@pytest.mark.django_db
def test_large_months_are_read_by_an_even_sample(cast, monkeypatch):
    monkeypatch.setattr(topics, "MOST_READ", 4)
    for day in range(1, 9):
        receive(cast, f"11-{day:02d} 10:00", f"第{day}次电梯坏了")
    found = figures.monthly([cast.community.pk], "2026-11", now=at("11-20 10:00")).topics
    assert (found.read, found.texts) == (4, 8)
    assert found.words[0].word == "电梯"


@pytest.fixture
def rated_months(cast):
    """Twenty ratings a month from January, 16 of them good, but only six in November; callbacks all solved."""
    case = receive(cast, "01-02 10:00")
    for month in range(1, 12):
        good = 6 if month == 11 else 16 + month % 2
        for number in range(20):
            when = at(f"{month:02d}-10 10:00") + timedelta(minutes=number)
            cycle = month * 100 + number
            Rating.objects.create(case=case, community=cast.community, cycle=cycle, stars=5 if number < good else 2, at=when)
            answers = {"outcome": "answered", "contacted": True, "solved": True, "satisfied": "satisfied", "method": "phone"}
            Callback.objects.create(case=case, community=cast.community, cycle=cycle, at=when, **answers)


@pytest.mark.django_db
def test_a_month_is_judged_by_limits_from_the_months_before_it(cast, rated_months, now):
    trend = figures.satisfied_trend([cast.community.pk], figures.Month(2026, 11), now)
    assert (len(trend.points), trend.baseline, trend.provisional) == (11, 10, True)
    assert trend.last.value == 0.3 and trend.last.reasons == ("below_limit",)
    assert trend.last.centre == pytest.approx((5 * 17 + 5 * 16) / 200)
    assert words.trend_words(trend).startswith("低于控制下限，超出波动，值得查原因")


@pytest.mark.django_db
def test_a_month_within_the_limits_is_noise(cast, rated_months, now):
    trend = figures.satisfied_trend([cast.community.pk], figures.Month(2026, 10), now)
    assert trend.last.reasons == ()
    assert words.trend_words(trend).startswith("只是正常波动")


@pytest.mark.django_db
def test_a_fall_beyond_chance_is_named_in_points(cast, rated_months, now):
    change = figures.monthly([cast.community.pk], "2026-11", now=now).change("satisfied")
    assert change.verdict == "worse"
    assert words.change_words(change) == "比上月低 50.0 个百分点"


@pytest.mark.django_db
def test_the_volume_leaves_out_the_running_month_and_the_one_that_began_it_all(cast, now):
    for month in ("07", "08", "08", "09", "10", "11"):
        receive(cast, f"{month}-20 10:00")
    running = figures.volume_trend([cast.community.pk], figures.Month(2026, 11), now)
    assert [point.month for point in running.points] == ["2026-08", "2026-09", "2026-10"]
    assert [point.value for point in running.points] == [100.0, 50.0, 50.0]  # two homes
    finished = figures.volume_trend([cast.community.pk], figures.Month(2026, 11), at("12-02 10:00"))
    assert finished.points[-1].month == "2026-11"


@pytest.mark.django_db
def test_without_homes_the_volume_is_a_chart_of_plain_numbers(cast, now):
    for month in ("08", "09", "10"):
        Case.objects.filter(pk=receive(cast, f"{month}-20 10:00").pk).update(home=None, building=None)
    cast.neighbour_home.residencies.all().delete()
    cast.home.residencies.all().delete()
    cast.community.homes.all().delete()
    trend = figures.volume_trend([cast.community.pk], figures.Month(2026, 10), now)
    assert (trend.unit, [point.value for point in trend.points]) == ("cases", [1.0, 1.0])


def rate_items(cast, counts):
    """Ratings of October by item: ``{"facility.lift": [stars, …]}``."""
    for code, stars in counts.items():
        item = ServiceItem.objects.get(organisation=cast.organisation, code=code)
        case = receive(cast, "10-02 10:00", item=item)
        for cycle, star in enumerate(stars, start=1):
            Rating.objects.create(case=case, community=cast.community, cycle=cycle, stars=star, at=at("10-05 10:00"))


@pytest.mark.django_db
def test_an_item_is_weak_only_beyond_noise(cast, now):
    codes = list(ServiceItem.objects.filter(organisation=cast.organisation).values_list("code", flat=True)[:6])
    bad, few, *good = codes
    rate_items(cast, {bad: [1, 2, 1, 1, 2] * 6, few: [1, 1, 1], **{code: [4, 5, 5, 4, 5] * 6 for code in good}})
    weak = figures.weak_items([cast.community.pk], cast.organisation.pk, figures.Month(2026, 11), now)
    assert [item.key for item in weak.items] == [bad]
    assert weak.compared == 5
    assert weak.items[0].mean == pytest.approx(1.4)
    assert weak.items[0].mean < weak.items[0].shrunk < weak.items[0].high < weak.company_mean
    assert words.weak_words(weak).endswith("明显低于公司平均")


@pytest.mark.django_db
def test_items_alike_are_not_ranked(cast, now):
    codes = list(ServiceItem.objects.filter(organisation=cast.organisation).values_list("code", flat=True)[:4])
    rate_items(cast, {code: [5, 4, 3, 5, 2] * 3 for code in codes})
    weak = figures.weak_items([cast.community.pk], cast.organisation.pk, figures.Month(2026, 11), now)
    assert weak.items == () and words.weak_words(weak) == "没有项目明显偏低（比较了 4 个项目）"


@pytest.mark.django_db
def test_a_single_item_is_compared_by_its_own_interval(cast, now):
    rate_items(cast, {"facility.lift": [4, 5, 5, 4, 5]})
    weak = figures.weak_items([cast.community.pk], cast.organisation.pk, figures.Month(2026, 11), now)
    assert (weak.items, weak.compared, weak.company_mean) == ((), 1, 4.6)


def test_nothing_is_said_where_nothing_is_known():
    assert words.weak_words(WeakItems((), 0, None, 0)) == "近三个月评价太少，还不能比较各项目"
    assert words.signal_words(None) == "数据还少，看不出波动范围"
    assert words.median_words(None) == "暂无"
    assert words.share_words(share(0, 0)) == "暂无"
    assert words.change_words(compared("x", share(0, 0), share(3, 4))) == ""
    assert words.change_words(compared("x", share(3, 4), share(0, 0))) == "上月没有可比的数据"
    assert words.change_words(compared("x", share(43, 50), share(40, 50))) == "与上月无显著差别"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("above_limit", "高于控制上限，超出波动，值得查原因"),
        ("below_limit", "低于控制下限，超出波动，值得查原因"),
        ("run_above", "连续八个月以上高于平均，值得查原因"),
        ("run_below", "连续八个月以上低于平均，值得查原因"),
    ],
)
def test_each_signal_has_its_words(reason, sentence):
    assert words.signal_words(TrendPoint("2026-10", 0.5, 1, 2, 0.5, 0.4, 0.6, (reason,))) == sentence
