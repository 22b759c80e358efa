"""The words and marks that templates are made of."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from linsheng.core.pagination import CursorPage
from linsheng.core.ui import chart, figures, looks, moments

# Monday 23 November 2026, 14:05 in Shanghai.
NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def render(source: str, **context) -> str:
    return Template(source).render(Context({"now": NOW, **context}))


def request(path: str):
    return RequestFactory().get(path)


class TestMoments:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (NOW, "今天 14:05"),
            (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "今天 00:00"),
            (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "昨天 23:59"),
            (datetime(2026, 11, 22, 1, 30, tzinfo=UTC), "昨天 09:30"),
            (datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "明天 00:30"),
            (datetime(2026, 11, 21, 6, 0, tzinfo=UTC), "11月21日"),
            (datetime(2024, 3, 5, 6, 0, tzinfo=UTC), "2024年3月5日"),
            # Still 2026 in UTC, already 2027 in Shanghai.
            (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "2027年1月1日"),
            (date(2026, 11, 23), "今天"),
            (date(2026, 1, 2), "1月2日"),
        ],
    )
    def test_a_moment_is_said_as_people_say_it(self, value, words):
        assert moments.moment_words(value, NOW) == words

    def test_the_time_stays_on_other_days_when_asked_for(self):
        assert moments.moment_words(datetime(2026, 11, 5, 6, 0, tzinfo=UTC), NOW, with_time=True) == "11月5日 14:00"

    def test_the_full_form_has_the_weekday(self):
        assert moments.moment_in_full(NOW) == "2026年11月23日 星期一 14:05"
        assert moments.moment_in_full(date(2026, 11, 23)) == "2026年11月23日 星期一"

    def test_english_has_its_own_order(self):
        with translation.override("en"):
            assert moments.moment_words(datetime(2024, 3, 5, 6, 0, tzinfo=UTC), NOW) == "5 Mar 2024"
            assert moments.moment_in_full(NOW) == "Monday, 23 November 2026 14:05"

    def test_the_tag_carries_the_exact_time(self):
        html = render("{% moment at %}", at=NOW)
        assert html == '<time datetime="2026-11-23T14:05+08:00" title="2026年11月23日 星期一 14:05">今天 14:05</time>'

    def test_nothing_known_is_a_dash(self):
        assert render("{% moment at %}|{{ at|when:now }}|{{ at|when_full }}", at=None) == "—|—|—"


class TestDurations:
    @pytest.mark.parametrize(
        ("span", "words"),
        [
            (0, "不到 1 分钟"),
            (0.5, "不到 1 分钟"),
            (1, "1 分钟"),
            (45, "45 分钟"),
            (60, "1 小时"),
            (200, "3 小时 20 分"),
            (1440, "1 天"),
            (3100, "2 天 3 小时"),
            (timedelta(hours=2, seconds=59), "2 小时"),
            (-90, "−1 小时 30 分"),
        ],
    )
    def test_a_duration_has_at_most_two_units(self, span, words):
        assert moments.duration_words(span) == words

    def test_the_filter_takes_minutes_and_nothing(self):
        assert render("{{ a|duration }}|{{ b|duration }}", a=200, b=None) == "3 小时 20 分|—"


class TestDeadlines:
    @pytest.mark.parametrize(
        ("due", "options", "tone", "words"),
        [
            (NOW + minutes(119), {}, "soon", "还剩 1 小时 59 分"),
            (NOW + minutes(121), {}, "plain", "还剩 2 小时 1 分"),
            (NOW + minutes(200), {}, "plain", "还剩 3 小时"),
            (NOW + timedelta(hours=50), {}, "plain", "还剩 2 天 2 小时"),
            (NOW + timedelta(days=5, hours=7), {}, "plain", "还剩 5 天"),
            (NOW, {}, "soon", "还剩 不到 1 分钟"),
            (NOW - minutes(35), {}, "late", "已超 35 分钟"),
            (NOW + minutes(1000), {"since": NOW - minutes(2999)}, "plain", "还剩 16 小时"),
            (NOW + minutes(1000), {"since": NOW - minutes(3000)}, "soon", "还剩 16 小时"),
            (NOW + minutes(121), {"since": NOW - minutes(1)}, "plain", "还剩 2 小时 1 分"),
            (NOW - minutes(35), {"paused": True}, "waiting", "等待中 不计时"),
            (NOW + minutes(5), {"done": NOW}, "done", "按时"),
            (NOW - minutes(5), {"done": NOW, "paused": True}, "late", "超 5 分钟"),
            (None, {}, "plain", "无时限"),
        ],
    )
    def test_a_deadline_is_a_distance(self, due, options, tone, words):
        distance = moments.deadline_distance(due, NOW, **options)
        assert (distance.tone, distance.text) == (tone, words)

    @pytest.mark.parametrize("since", [NOW, NOW - minutes(1), NOW - timedelta(days=3), None])
    @pytest.mark.parametrize("left", [1, 58, 120])
    def test_two_hours_left_are_soon_however_fresh_or_long_the_deadline(self, left, since):
        assert moments.deadline_distance(NOW + minutes(left), NOW, since=since).tone == "soon"

    def test_it_shows_icon_colour_word_and_the_exact_time(self):
        html = render("{% deadline due %}", due=NOW - minutes(35))
        assert 'class="deadline tone-late"' in html
        assert "#alert-triangle" in html
        assert "已超 35 分钟" in html
        assert 'title="2026年11月23日 星期一 13:30"' in html


class TestFigures:
    @pytest.mark.parametrize(
        ("part", "whole", "words"),
        [(43, 50, "86%(43/50)"), (1, 8, "13%(1/8)"), (0, 3, "0%(0/3)"), (2.9, 3, "97%(2.9/3)"), (1200, 1500, "80%(1,200/1,500)")],
    )
    def test_a_rate_carries_its_denominator(self, part, whole, words):
        assert figures.rate_words(part, whole) == words

    @pytest.mark.parametrize(("part", "whole"), [(0, 0), (None, None), (None, 5)])
    def test_a_rate_without_data_says_so(self, part, whole):
        assert figures.rate_words(part, whole) == "暂无"

    def test_a_rate_shows_its_interval(self):
        assert figures.rate_words(43, 50, low=0.738, high=0.931) == "86%(43/50，95% 区间 74–93%)"

    @pytest.mark.parametrize(
        ("fen", "words"), [(123450, "¥1,234.50"), (0, "¥0.00"), (-5, "−¥0.05"), (100_000_000, "¥1,000,000.00"), (None, "—")]
    )
    def test_money_is_shown_in_yuan(self, fen, words):
        assert figures.yuan_words(fen) == words

    def test_decimals_round_half_up_and_changes_carry_their_sign(self):
        changes = "{{ b|signed }}|{{ c|signed }}"
        source = "{{ a|decimals:1 }}|{{ none|decimals:1 }}|" + changes + "|{{ d|grouped }}|{{ e|percent }}|{{ x|decimals }}"
        assert render(source, a=4.25, b=0.4, c=-0.3, d=12345, e=0.861, x=float("nan")) == "4.3|—|+0.4|−0.3|12,345|86%|—"


@dataclass
class CaseLike:
    state: str = "waiting"

    def get_state_display(self) -> str:
        return "等待中"


class TestBadges:
    def test_an_object_says_its_own_word(self):
        html = render("{% state_badge case %}", case=CaseLike())
        assert "tone-waiting" in html
        assert "等待中" in html

    def test_a_value_gets_the_registered_word(self, monkeypatch):
        monkeypatch.setitem(looks._words, "state", {"closed": "已办结"})
        assert "已办结" in render('{% state_badge "closed" %}')

    def test_a_label_wins(self):
        assert "加急" in render('{% urgency_chip "urgent" label="加急" %}')

    def test_an_unknown_value_is_plain_and_escaped(self):
        html = render("{% kind_chip value %}", value="<b>")
        assert "tone-plain" in html
        assert "<b>" not in html

    def test_nothing_is_nothing(self):
        assert render('{% channel "" %}') == ""

    def test_every_look_has_a_known_tone(self):
        assert {look.tone for group in looks.LOOKS.values() for look in group.values()} <= set(looks.TONES)


class TestStars:
    def test_a_rating_has_a_word_and_can_be_heard(self):
        html = render("{% stars 4 %}")
        assert 'aria-label="4 星，满意"' in html
        assert html.count("#star-filled") == 4

    def test_a_mean_says_how_many_rated(self):
        html = render("{% stars 4.3 n=50 %}")
        assert "4.3" in html
        assert "50 人评价" in html

    def test_no_rating_says_so(self):
        assert "尚未评价" in render("{% stars None %}")


class TestButtons:
    def test_a_button_posts_and_a_link_leads(self):
        assert render('{% button "提交" %}') == '<button type="submit" class="btn btn-primary"><span>提交</span></button>'
        assert render('{% button "取消" kind="plain" href=url %}', url="/x/?a=1&b=2").startswith(
            '<a href="/x/?a=1&amp;b=2" class="btn btn-plain">'
        )

    def test_a_key_is_told_to_scripts_and_screen_readers(self):
        html = render('{% button "指派" key="a" %}')
        assert 'data-shortcut="a"' in html
        assert 'aria-keyshortcuts="a"' in html

    def test_other_arguments_become_attributes_and_empty_ones_do_not(self):
        html = render('{% button "x" hx_get="/y/" disabled=False name="" data_open=True %}')
        assert ' hx-get="/y/"' in html
        assert " data-open>" in html
        assert "disabled" not in html
        assert "name=" not in html

    def test_a_label_is_escaped(self):
        assert "<script>" not in render("{% button label %}", label="<script>")

    def test_a_post_button_carries_the_csrf_token(self):
        html = render('{% post_button "撤回" "/x/" confirm="确定？" %}', csrf_token="t0k3n")
        assert 'value="t0k3n"' in html
        assert 'data-confirm="确定？"' in html


class ReportForm(forms.Form):
    text = forms.CharField(label="内容", help_text="写清地点", widget=forms.Textarea)
    phone = forms.CharField(label="电话", required=False)
    stars = forms.ChoiceField(label="评价", choices=[(n, n) for n in range(1, 6)], widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(label="原因", choices=[("slow", "慢")], widget=forms.CheckboxSelectMultiple, required=False)
    agree = forms.BooleanField(label="同意")
    photo = forms.FileField(label="照片", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class TestForms:
    def test_a_field_ties_label_help_and_widget_together(self):
        html = render("{% field form.text %}", form=ReportForm())
        assert '<label class="form-label" for="id_text">' in html
        assert 'aria-describedby="id_text_helptext"' in html
        assert 'id="id_text_helptext">写清地点' in html

    def test_an_error_stands_beside_its_field(self):
        html = render("{% field form.text %}", form=ReportForm({}))
        assert 'aria-describedby="id_text_helptext id_text_error"' in html
        assert 'aria-invalid="true"' in html
        assert "is-invalid" in html
        assert 'id="id_text_error"' in html

    def test_what_may_stay_empty_says_so(self):
        assert "选填" in render("{% field form.phone %}", form=ReportForm())
        assert "选填" not in render("{% field form.text %}", form=ReportForm())

    def test_the_summary_links_to_each_faulty_field(self):
        html = render("{% form_errors form %}", form=ReportForm({}))
        assert 'href="#id_text"' in html
        assert 'href="#id_phone"' not in html
        assert render("{% form_errors form %}", form=ReportForm()) == ""

    def test_stars_start_empty_and_keep_what_was_chosen(self):
        assert "checked" not in render("{% star_input form.stars %}", form=ReportForm())
        assert 'value="4" id="id_stars_4" checked' in render("{% star_input form.stars %}", form=ReportForm({"stars": "4"}))

    def test_every_star_has_its_word(self):
        html = render("{% star_input form.stars %}", form=ReportForm())
        assert all(str(word) in html for word in looks.STAR_WORDS)

    def test_each_kind_of_field_gets_its_shape(self):
        html = render("{% fields form %}", form=ReportForm())
        assert 'type="checkbox" name="agree"' in html
        assert '<fieldset class="field" id="id_reasons"' in html
        assert "data-photo-input" not in render("{% field form.photo %}", form=ReportForm())
        assert "data-photo-input" in render("{% file_input form.photo %}", form=ReportForm())
        assert '<input type="hidden" name="token"' in html

    def test_tiles_take_pictures_by_value(self):
        html = render("{% tile_input form.reasons icons=icons %}", form=ReportForm(), icons={"slow": "clock"})
        assert "#clock" in html


class TestLists:
    def test_sorting_turns_round_and_forgets_the_page(self):
        html = render('{% sort_header "时限" "due" %}', request=request("/?sort=due&q=x&cursor=abc"))
        assert 'href="?q=x&amp;sort=-due"' in html
        assert 'aria-sort="ascending"' in html

    def test_a_cursor_page_leads_on_and_back_to_the_first(self):
        html = render("{% pagination page %}", page=CursorPage([1, 2], "nxt"), request=request("/?cursor=abc&q=x"))
        assert "cursor=nxt" in html
        assert 'href="?q=x"' in html
        assert "本页 2 条" in html

    def test_a_numbered_page_says_where_one_is(self):
        html = render("{% pagination page %}", page=Paginator(range(120), 50).page(2), request=request("/"))
        assert "第 2 / 3 页，共 120 条" in html
        assert "page=1" in html
        assert "page=3" in html

    def test_a_single_page_needs_no_links(self):
        assert render("{% pagination page %}", page=CursorPage([1], None), request=request("/")).strip() == ""

    def test_filters_can_be_cleared_only_when_there_are_some(self):
        assert "清除" in render("{% filterbar %}{% endfilterbar %}", request=request("/?q=x"))
        assert "清除" not in render("{% filterbar %}{% endfilterbar %}", request=request("/?q=&sort=due"))

    def test_the_active_tab_is_marked(self):
        html = render('{% tab "我的" "/x/" count=4 active=True %}')
        assert 'aria-current="page"' in html
        assert ">4<" in html


class TestBlocks:
    def test_an_internal_note_says_that_it_is_one(self):
        html = render('{% entry who="张强" when=now internal=True %}<p>配件没到</p>{% endentry %}')
        assert "entry-internal" in html
        assert "内部备注" in html
        assert "<p>配件没到</p>" in html

    def test_an_entry_for_the_reporter_does_not(self):
        assert "内部" not in render('{% entry who="张强" when=now %}好了{% endentry %}')

    def test_a_fact_without_a_value_is_a_dash(self):
        assert render('{% fact "处理人" %} {% endfact %}') == "<div><dt>处理人</dt><dd>—</dd></div>"

    def test_what_people_wrote_stays_escaped_inside_a_block(self):
        assert "<script>" not in render('{% fact "内容" %}{{ text }}{% endfact %}', text="<script>")

    def test_steps_mark_the_current_one(self):
        html = render("{% progress_steps 2 %}")
        assert html.count("step-done") == 1
        assert html.count('aria-current="step"') == 1
        assert render("{% progress_steps 5 %}").count("step-done") == 4
        assert "已撤回" in render('{% progress_steps 2 ended="已撤回" %}')

    def test_a_dialog_button_leads_to_the_plain_page_without_scripts(self):
        html = render('{% dialog_button "撤回" "d" href="/plain/" %}')
        assert html.startswith('<a href="/plain/"')
        assert 'data-dialog-open="d"' in html

    def test_a_job_asks_again_only_while_it_has_an_address(self):
        assert 'hx-trigger="every 1s"' in render('{% job_progress "/job/" done=1 total=4 %}')
        assert "hx-trigger" not in render("{% job_progress done=4 total=4 %}")
        assert "25%" in render('{% job_progress "/job/" done=1 total=4 %}')


class TestCharts:
    DATA = {
        "id": "满意率 1",
        "title": "</script>满意率 86%",
        "categories": ["1月", "2月"],
        "unit": "%",
        "n": 50,
        "period": "2026年",
        "series": [{"name": "满意率", "values": [84.06, None], "low": [80, None], "high": [88, None]}],
    }

    def test_the_table_behind_it_has_every_figure(self):
        html = render("{% chart data %}", data=self.DATA)
        assert "84.1(80.0–88.0)" in html
        assert ">—</td>" in html
        assert "n = 50" in html

    def test_its_data_cannot_break_out_of_the_page(self):
        assert "</script>满意率" not in render("{% chart data %}", data=self.DATA)

    def test_without_a_figure_it_says_what_will_stand_here(self):
        html = render("{% chart data %}", data={**self.DATA, "series": [{"name": "x", "values": [None, None]}]})
        assert "还没有可画的数据" in html
        assert "data-chart-drawing" not in html

    def test_a_dict_and_a_chart_are_the_same(self):
        assert chart.prepared(self.DATA) == chart.prepared(chart.chart_of(self.DATA))


@pytest.mark.parametrize(
    ("minutes", "day", "words"),
    [(1350, 450, "3 个工作日"), (570, 450, "1 个工作日 2 小时"), (240, 450, "4 小时"), (1500, None, "1 天 1 小时")],
)
def test_a_promise_counts_in_the_working_days_of_its_calendar(minutes, day, words):
    assert moments.working_words(minutes, day) == words
