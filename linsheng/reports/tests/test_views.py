"""Today, the month, and the files: full, empty, in scope."""

import csv
import io
import re
import threading

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from linsheng.communities.models import Post
from linsheng.core import clock
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, Rating
from linsheng.feedback.tests.november import at, make_november, receive
from linsheng.jobs.models import Job
from linsheng.jobs.worker import Worker
from linsheng.reports.models import KeptFigures
from linsheng.reports.places import chosen_place, places_of
from linsheng.reports.queries import monthly as monthly_queries
from linsheng.reports.queries.today import lists_of
from linsheng.standards.models import ServiceItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chinese():
    """Whatever language a page of another test was asked in."""
    with translation.override("zh-hans"):
        yield


TODAY, MONTHLY, EXPORT = reverse("reports:today"), reverse("reports:monthly"), reverse("reports:export")


@pytest.fixture(autouse=True)
def _monday(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def november(cast):
    return make_november(cast)


def seen(client, person, address):
    """The page as plain text."""
    client.force_login(person, backend="linsheng.accounts.backends.AccountBackend")
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return " ".join(
        re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|option)\b.*?</\1>", " ", response.content.decode())).split()
    )


def test_today_begins_with_one_sentence(client, cast, november):
    text = seen(client, cast.manager, TODAY)
    # C has its response behind it, its result is due on Wednesday; G is to be told; nobody was asked about nothing else.
    assert "今天没有到期或超时的；1 件待告知结果" in text
    assert "本月满意率 75%(3/4)，上月没有可比的数据" in text


def test_today_lists_what_is_due_what_came_in_and_what_waits(client, cast, november):
    late = receive(cast, "11-18 11:00", "今天要到期的漏水")
    fresh = receive(cast, "11-23 09:30", "今早新来的一件")
    Case.objects.filter(pk=late.pk).update(due_at=at("11-23 16:00"), resolve_by=at("11-23 16:00"))
    text = seen(client, cast.manager, TODAY)
    assert "今天 1 件到期" in text or "今天 2 件到期" in text
    assert "将超时" not in text
    for words in ("今天要到期的漏水", "今早新来的一件", "路灯不亮", "待告知"):
        assert words in text
    assert f"/cases/{fresh.pk}/" in client.get(TODAY).content.decode()


def test_today_says_and_lists_what_is_late_before_what_is_due(client, cast, now):
    for text, due in (("今天到期的漏水", "11-23 16:00"), ("昨天超时的电梯", "11-22 16:00")):
        case = receive(cast, "11-18 11:00", text)
        Case.objects.filter(pk=case.pk).update(due_at=at(due), resolve_by=at(due))
    text = seen(client, cast.manager, TODAY)
    assert "1 件已超时；今天 1 件到期" in text
    assert text.index("已超时 1 件") < text.index("今天到期 1 件")
    assert text.index("昨天超时的电梯") < text.index("今天到期的漏水")
    client.cookies["django_language"] = "en"
    assert "1 overdue; 1 due today" in seen(client, cast.manager, TODAY)


def test_many_late_ones_leave_room_for_what_can_still_be_saved_today(client, cast, now):
    for n in range(12):
        case = receive(cast, "11-18 11:00", f"第{n}件")
        due = at("11-23 16:00") if n % 2 else at("11-22 16:00")
        Case.objects.filter(pk=case.pk).update(due_at=due, resolve_by=due)
    due = lists_of(cast.manager, chosen_place(places_of(cast.manager), ""), now).due
    assert [line.case.due_at < now for line in due] == [True] * 5 + [False] * 5


def test_today_links_to_the_same_rows_of_the_workboard(client, cast, november):
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    page = client.get(TODAY).content.decode()
    for address in ("view=today", "view=to_tell", "view=to_ask", "from=2026-11-23"):
        assert address in page


def test_confidential_reporters_stay_hidden_on_the_first_page(client, cast):
    receive(cast, "11-23 09:30", "有人在楼道堆放杂物", confidential=True)
    text = seen(client, cast.manager, TODAY)
    assert "有人在楼道堆放杂物" in text and "3-2-1201" not in text and "业主甲" not in text


def test_an_auditor_reads_figures_and_no_lists(client, cast, november):
    text = seen(client, cast.auditor, TODAY)
    assert "本月满意率 75%(3/4)" in text
    assert "今天收到" not in text and "待告知" not in text and "路灯不亮" not in text


def test_a_director_sees_the_communities_side_by_side_by_grade(client, cast, november):
    text = seen(client, cast.director, TODAY)
    assert text.index("高档住宅") < text.index("流云里", text.index("高档住宅")) < text.index("普通商品房")
    assert "各小区本月" in text
    assert "各小区本月" not in seen(client, cast.director, f"{TODAY}?community=CH")


def test_the_community_of_the_top_bar_is_taken_over(client, cast, november):
    client.force_login(cast.director, backend="linsheng.accounts.backends.AccountBackend")
    client.get(f"{TODAY}?switch_community=LY")
    assert "各小区本月" not in client.get(TODAY).content.decode()


def test_an_empty_first_page_says_what_will_stand_here(client, cast):
    text = seen(client, cast.manager, TODAY)
    assert "今天没有到期或超时的；本月还没有评价" in text
    assert "今天还没有新的反映" in text and "近三个月评价太少" in text


def test_the_month_shows_every_figure_with_what_it_rests_on(client, cast, november):
    text = seen(client, cast.manager, f"{MONTHLY}?month=2026-11")
    for words in (
        "收到 6 件，给出结果 5 件，还有 1 件未了结",
        "本月尚未结束",
        "7 小时 30 分",
        "5 件，其中 2 件未结束（按删失计入）；另 1 件没有计时",
        "1 天 2 小时",
        "有效回访 3 份；未应答 1，排除 1（号码无效），尚无回音 1",
        "权重 10 / 50 / 40；基本满意按 0.9 计",
        "1–5 分；4 份评价",
    ):
        assert words in text, words


@pytest.mark.parametrize(("by", "words"), [("item", "电梯"), ("kind", "投诉"), ("channel", "扫码"), ("building", "3栋")])
def test_breakdowns_are_tables(client, cast, november, by, words):
    text = seen(client, cast.manager, f"{MONTHLY}?month=2026-11&by={by}")
    assert words in text and "样本太少" in text


def test_a_breakdown_is_sorted_by_any_column(client, cast, november):
    receive(cast, "11-04 09:00", "又一件投诉", kind="complaint")
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")

    def order(sort):
        page = client.get(f"{MONTHLY}?month=2026-11&by=kind&sort={sort}").content.decode()
        table = page[page.index("breakdown") :]
        return "up" if table.index(">投诉") < table.index(">报修") else "down"

    assert (order("received"), order("-received"), order("nonsense")) == ("up", "down", "down")
    assert order("-label") == "up"


def test_an_empty_month_has_a_hint(client, cast):
    text = seen(client, cast.manager, f"{MONTHLY}?month=2026-02")
    assert "这个月还没有反映" in text and "2026年2月" in text


@pytest.mark.parametrize("query", ["month=2026-13", "month=x"])
def test_a_bad_month_is_refused_with_a_sentence(client, cast, query):
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    response = client.get(f"{MONTHLY}?{query}")
    assert response.status_code == 422 and "2026-10" in response.content.decode()


@pytest.mark.parametrize("address", [TODAY, MONTHLY, EXPORT])
@pytest.mark.parametrize("asked", ["WR", "LY", "org:wairen", "org:cuihu", "none"])
def test_other_communities_and_companies_are_not_found(client, cast, november, address, asked):
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    assert client.get(f"{address}?community={asked}").status_code == 404


def test_another_company_sees_nothing_of_this_one(client, cast, november):
    text = seen(client, cast.outsider, f"{MONTHLY}?month=2026-11")
    assert "这个月还没有反映" in text and "翠湖苑" not in text


def test_somebody_of_two_companies_never_sees_them_added_up(client, cast, november):
    place = {"user": cast.director, "organisation": cast.foreign_organisation, "role": "director", "started_at": at("01-01 00:00")}
    Post.objects.create(community=None, **place)
    text = seen(client, cast.director, f"{MONTHLY}?month=2026-11")
    assert "收到 7 件" in text
    assert "这个月还没有反映" in seen(client, cast.director, f"{MONTHLY}?month=2026-11&community=WR")


def test_examples_stand_only_before_who_may_see_personal_data(client, cast):
    for day in range(3, 7):
        receive(cast, f"11-{day:02d} 10:00", f"3-2-1201电梯坏了，电话1000000000{day}")
    assert "〔房号〕电梯坏了，电话〔电话〕" in seen(client, cast.manager, f"{MONTHLY}?month=2026-11")
    text = seen(client, cast.auditor, f"{MONTHLY}?month=2026-11")
    assert "电梯" in text and "电梯坏了" not in text


def book_of(client, person, query):
    client.force_login(person, backend="linsheng.accounts.backends.AccountBackend")
    response = client.get(f"{EXPORT}?format=xlsx&{query}")
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.getvalue()))


def table_of(client, person, query):
    client.force_login(person, backend="linsheng.accounts.backends.AccountBackend")
    response = client.get(f"{EXPORT}?format=csv&{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_the_workbook_has_the_same_figures_and_native_charts(client, cast, november):
    book = book_of(client, cast.manager, "month=2026-11&by=kind")
    assert book.sheetnames == ["总览", "分项", "走势", "主题词", "口径"]
    overview = {row[0]: row[1:] for row in book["总览"].iter_rows(values_only=True) if row[0]}
    assert overview["收到"][0] == 6
    assert overview["按时解决"][:3] == (0.75, 3, 4)
    assert overview["处理用时中位数"][0] == 450
    assert overview["评价平均分"][0] == 4
    parts = list(book["分项"].iter_rows(values_only=True))
    assert parts[1][0] == "报修" and "样本太少" in parts[1]
    assert len(book["总览"]._charts) == 1
    assert len(book["走势"]._charts) >= 2


def test_the_long_table_has_a_row_a_figure(client, cast, november):
    rows = {(row["范围"], row["指标"]): row for row in table_of(client, cast.manager, "month=2026-11&by=kind")}
    assert rows["合计", "收到"]["数值"] == "6"
    assert (rows["合计", "回访满意率"]["分子"], rows["合计", "回访满意率"]["分母"]) == ("1.9", "3")
    hidden = rows["报修", "评价满意率"]
    assert (hidden["数值"], hidden["分母"], hidden["说明"]) == ("", "", "样本太少，不显示")


def test_what_looks_like_a_formula_stays_text(client, cast):
    item = ServiceItem.objects.get(organisation=cast.organisation, code="facility.lift")
    item.name = '=HYPERLINK("http://x")'
    item.save()
    receive(cast, "11-03 09:00", item=item)
    scopes = {row["范围"] for row in table_of(client, cast.manager, "month=2026-11&by=item")}
    assert '\'=HYPERLINK("http://x")' in scopes
    cells = [cell for row in book_of(client, cast.manager, "month=2026-11&by=item")["分项"].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)


def test_an_empty_month_can_be_taken_away_too(client, cast):
    assert book_of(client, cast.manager, "month=2026-02")["总览"].max_row > 10
    assert {row["范围"] for row in table_of(client, cast.manager, "month=2026-02")} == {"合计"}


def test_many_cases_are_computed_by_the_worker_and_kept(client, cast, november, monkeypatch, now):
    monkeypatch.setattr(monthly_queries, "MOST_AT_ONCE", 3)
    address = f"{MONTHLY}?month=2026-11&by=community"
    assert "开始计算" in seen(client, cast.director, address)
    assert client.get(f"{EXPORT}?month=2026-11&by=community").status_code in {400, 409}
    response = client.post(f"{reverse('reports:request')}?month=2026-11&by=community")
    job = Job.objects.get(kind="reports.monthly")
    assert response["Location"] == reverse("jobs:progress", args=[job.pk])
    run_jobs(now)
    job.refresh_from_db()
    assert (job.state, job.progress, job.total) == ("done", 5, 5), job.message
    text = seen(client, cast.director, job.result["url"])
    assert "收到 7 件" in text and "重新计算" in text and "流云里" in text
    assert KeptFigures.objects.count() == 1
    # One community is always computed at once.
    assert "收到 6 件" in seen(client, cast.manager, f"{MONTHLY}?month=2026-11")


def run_jobs(now):
    Worker("test", clock=lambda: now, stop=threading.Event()).run_until_idle()


def test_a_signal_is_marked_and_named(client, cast):
    case = receive(cast, "01-02 10:00")
    for month in range(1, 12):
        for number in range(20):
            stars = 5 if number < (4 if month == 11 else 17 + month % 2) else 2
            when = at(f"{month:02d}-05 10:00")
            Rating.objects.create(case=case, community=cast.community, cycle=100 * month + number, stars=stars, at=when)
    text = seen(client, cast.manager, TODAY)
    assert "本月满意率 20%(4/20)，比上月低 65.0 个百分点" in text
    assert "低于控制下限，超出波动，值得查原因" in text


def test_pages_ask_a_fixed_number_of_queries(client, cast, november, django_assert_max_num_queries):
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    client.get(TODAY)
    for day in range(1, 9):
        case = receive(cast, f"11-{day:02d} 09:00", f"第{day}件漏水")
        actions.assign_case(case=case, handler=cast.handler, by=Actor.staff(cast.frontdesk), now=at(f"11-{day:02d} 09:30"))
    with django_assert_max_num_queries(28):
        client.get(TODAY)
    with django_assert_max_num_queries(46):
        client.get(f"{MONTHLY}?month=2026-11&by=item")


def test_english_pages_have_no_chinese_of_ours(client, cast, november):
    client.cookies["django_language"] = "en"
    for address in (TODAY, f"{MONTHLY}?month=2026-11&by=kind"):
        text = seen(client, cast.manager, address)
        # What residents and the company wrote stays in their language.
        own = re.sub(r"翠湖苑|三号电梯\S*|电梯\S*|路灯\S*|楼道\S*|\S*师傅|赵经理|别处\S*|邻声|简体中文|中文", "", text)
        assert re.findall(r"[一-鿿]{2,}", own) == []
