"""The staff's pages: who sees what on the workboard and on a case, and with how many queries."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from linsheng.audit.models import AuditEntry
from linsheng.communities.models import Community, Home, Post
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, CaseState
from linsheng.feedback.tests import staff_cases as make
from linsheng.feedback.tests.staff_cases import received, sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch, now):
    monkeypatch.setattr("linsheng.core.clock.now", lambda: now + timedelta(minutes=5))


def text_of(response):
    return response.content.decode()


def listed(response):
    """Numbers of the cases in the list, in order."""
    return re.findall(r'figures">([A-Z]+\d{4}-\d{4})<', text_of(response))


class TestWorkboard:
    def test_everything_open_stands_in_the_order_of_its_deadline(self, cast, now):
        later, sooner = received(cast, now), received(cast, now, urgency="emergency")
        assert listed(sign_in(cast.frontdesk).get("/cases/")) == [sooner.number, later.number]

    def test_htmx_gets_the_list_alone(self, cast, now):
        received(cast, now)
        response = sign_in(cast.frontdesk).get("/cases/?view=unassigned", headers={**HTMX, "HX-Target": "board"})
        assert text_of(response).strip().startswith('<div id="board"')
        assert "HX-Request" in response["Vary"]

    def test_the_back_button_gets_the_whole_page(self, cast, now):
        headers = {**HTMX, "HX-Target": "board", "HX-History-Restore-Request": "true"}
        assert "<!doctype html>" in text_of(sign_in(cast.frontdesk).get("/cases/", headers=headers))

    @pytest.mark.parametrize("person", ["frontdesk", "handler", "manager", "director", "auditor", "administrator", "outsider"])
    def test_it_costs_at_most_twelve_queries(self, cast, now, person, django_assert_max_num_queries):
        for _n in range(5):
            make.started(cast, now)
        client = sign_in(getattr(cast, person))
        client.get("/cases/?switch_community=CH")
        with django_assert_max_num_queries(12):
            assert client.get("/cases/?view=all&q=电梯&item=facility.lift").status_code == 200

    def test_the_number_of_rows_does_not_change_the_number_of_queries(self, cast, now, django_assert_num_queries):
        client = sign_in(cast.frontdesk)
        received(cast, now)
        with django_assert_num_queries(9):
            client.get("/cases/")
        for _n in range(10):
            make.started(cast, now)
        with django_assert_num_queries(9):
            client.get("/cases/")

    def test_tabs_count_what_has_to_be_done(self, cast, now):
        received(cast, now)
        make.waiting(cast, now)
        make.resolved(cast, now, make.phoned_in)
        make.resolved(cast, now)
        received(cast, now - timedelta(days=40))
        page = text_of(sign_in(cast.frontdesk).get("/cases/"))
        counts = dict(re.findall(r'id="tab-(\w+)"[^>]*>[^<]+(?:<span class="tab-count[^"]*">(\d+)</span>)?', page))
        assert counts == {
            "open": "3",
            "unassigned": "2",
            "today": "1",
            "late": "1",
            "waiting": "1",
            "to_tell": "1",
            "to_ask": "1",
            "ended": "",
            "all": "",
        }

    @pytest.mark.parametrize(
        ("view", "state"),
        [
            ("unassigned", make.received),
            ("waiting", make.waiting),
            ("to_ask", make.resolved),
            ("ended", make.closed),
            ("open", make.started),
        ],
    )
    def test_each_tab_lists_its_own(self, cast, now, view, state):
        case = state(cast, now)
        assert listed(sign_in(cast.frontdesk).get(f"/cases/?view={view}")) == [case.number]

    @pytest.mark.parametrize(
        "view", ["open", "unassigned", "today", "late", "waiting", "to_tell", "to_ask", "urged", "ended", "all"]
    )
    def test_an_empty_tab_says_what_will_stand_there(self, cast, view):
        response = sign_in(cast.frontdesk).get(f"/cases/?view={view}")
        assert "empty-state" in text_of(response)

    def test_a_handler_begins_with_their_own(self, cast, now):
        own, _free = make.assigned(cast, now), received(cast, now)
        client = sign_in(cast.handler)
        assert listed(client.get("/cases/")) == [own.number]
        assert len(listed(client.get("/cases/?scope=team"))) == 2

    def test_a_handler_takes_a_free_case_of_the_team_from_the_list(self, cast, now):
        case = received(cast, now)
        client = sign_in(cast.handler)
        page = client.get("/cases/?view=unassigned")
        assert f"/cases/{case.pk}/claim/" in text_of(page)
        client.post(f"/cases/{case.pk}/claim/", {"next": "/cases/?view=unassigned"})
        assert Case.objects.get(pk=case.pk).handler == cast.handler

    def test_another_teams_cases_are_not_in_a_handlers_list(self, cast, now):
        received(cast, now)
        assert listed(sign_in(cast.cleaner).get("/cases/?scope=all&view=all")) == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("item=facility.lift", True),
            ("item=repair.home", False),
            ("urgency=urgent", True),
            ("urgency=normal", False),
            ("channel=phone", False),
            ("kind=repair", True),
            ("kind=praise", False),
            ("handler=handler", True),
            ("handler=cleaner", False),
            ("state=in_progress", True),
            ("state=closed", False),
            ("from=2026-11-23&to=2026-11-23", True),
            ("to=2026-11-22", False),
            ("q=按钮", True),
            ("q=漏水", False),
            ("q=3-2-1201", True),
        ],
    )
    def test_the_filter_restricts_the_list(self, cast, now, query, found):
        case = received(cast, now, urgency="urgent")
        actions.assign_case(case=case, handler=cast.handler, by=Actor.staff(cast.frontdesk), now=now)
        actions.start_case(case=case, by=Actor.staff(cast.handler), now=now)
        assert bool(listed(sign_in(cast.frontdesk).get(f"/cases/?view=open&{query}"))) is found

    def test_a_date_that_is_none_is_said_and_left_out(self, cast, now):
        received(cast, now)
        response = sign_in(cast.frontdesk).get("/cases/?from=gestern")
        assert len(listed(response)) == 1
        assert "field-error" in text_of(response)

    def test_a_search_goes_through_everything_and_finds_a_telephone_number(self, cast, now):
        case = make.closed(cast, now)
        assert listed(sign_in(cast.frontdesk).get("/cases/?q=10000000001")) == [case.number]
        assert listed(sign_in(cast.auditor).get("/cases/?q=10000000001")) == []

    def test_the_next_page_goes_on_where_the_first_one_ended(self, cast, now):
        numbers = [received(cast, now + timedelta(seconds=n)).number for n in range(28)]
        client = sign_in(cast.frontdesk)
        first = client.get("/cases/")
        assert listed(first) == numbers[:25]
        cursor = re.search(r"cursor=([\w-]+)", text_of(first)).group(1)
        assert listed(client.get(f"/cases/?cursor={cursor}")) == numbers[25:]

    def test_a_broken_cursor_is_refused(self, cast):
        assert sign_in(cast.frontdesk).get("/cases/?cursor=x").status_code == 422

    def test_the_chosen_community_restricts_list_and_counts(self, cast, now):
        here = received(cast, now)
        there = Home.objects.create(
            community=cast.other_community, building=cast.other_community.buildings.create(name="1栋"), number="1-101"
        )
        report = actions.Report(community=cast.other_community, item=cast.item, text="电梯异响", home=there)
        actions.receive_case(report=report, by=Actor.clockwork(), now=now)
        client = sign_in(cast.director)
        assert len(listed(client.get("/cases/"))) == 2
        client.get("/cases/?switch_community=CH")
        assert listed(client.get("/cases/")) == [here.number]

    def test_a_community_of_others_cannot_be_chosen(self, cast, now):
        here = received(cast, now)
        client = sign_in(cast.frontdesk)
        client.get("/cases/?switch_community=WR")
        assert listed(client.get("/cases/")) == [here.number]

    def test_marks_say_what_is_special(self, cast, now):
        case = make.eventful(cast, now)
        Case.objects.filter(pk=case.pk).update(urged_at=now)
        page = text_of(sign_in(cast.frontdesk).get("/cases/"))
        for word in ("催办", "重新打开", "含合并"):
            assert word in page

    def test_an_auditor_reads_without_names_homes_or_tools(self, cast, now):
        received(cast, now)
        page = text_of(sign_in(cast.auditor).get("/cases/"))
        assert "3-2-1201" not in page
        assert "3栋" in page
        assert 'name="ids"' not in page

    def test_a_confidential_reporters_home_is_not_in_the_list(self, cast, now):
        received(cast, now, confidential=True)
        page = text_of(sign_in(cast.manager).get("/cases/"))
        assert "3-2-1201" not in page
        assert "保密" in page

    def test_residents_have_no_workboard(self, cast):
        assert sign_in(cast.owner).get("/cases/").status_code == 403


class TestBulk:
    def act(self, cast, person, cases, **data):
        client = sign_in(getattr(cast, person))
        answer = client.post("/cases/bulk/", {"ids": [case.pk for case in cases], **data}, follow=True)
        return text_of(answer)

    def test_several_are_assigned_at_once(self, cast, now):
        cases = [received(cast, now), received(cast, now)]
        page = self.act(cast, "frontdesk", cases, action="assign", handler="handler")
        assert "2 件已完成" in page
        assert Case.objects.filter(handler=cast.handler).count() == 2

    def test_each_that_was_refused_says_why(self, cast, now):
        free, done = received(cast, now), make.closed(cast, now)
        page = self.act(cast, "frontdesk", [free, done], action="assign", handler="handler")
        assert "1 件已完成，1 件未办理" in page
        assert f'href="/cases/{done.pk}/">{done.number}</a>' in page
        assert "已办结" in page

    def test_what_became_of_it_is_told_once(self, cast, now):
        client, done = sign_in(cast.frontdesk), make.closed(cast, now)
        client.post("/cases/bulk/", {"ids": [done.pk], "action": "close"})
        assert "件未办理" in text_of(client.get("/cases/"))
        assert "件未办理" not in text_of(client.get("/cases/"))

    @pytest.mark.parametrize(
        ("action", "state", "person", "to"),
        [("start", make.assigned, "handler", "in_progress"), ("close", make.resolved, "frontdesk", "closed")],
    )
    def test_the_other_actions(self, cast, now, action, state, person, to):
        case = state(cast, now)
        self.act(cast, person, [case], action=action)
        assert Case.objects.get(pk=case.pk).state == to

    def test_rungs_are_acknowledged(self, cast, now):
        case = make.eventful(cast, now)
        page = self.act(cast, "manager", [case], action="acknowledge")
        assert "1 件已完成" in page

    def test_without_a_handler_nothing_is_assigned(self, cast, now):
        case = received(cast, now)
        client = sign_in(cast.frontdesk)
        answer = client.post(
            "/cases/bulk/", {"ids": [case.pk], "action": "assign"}, headers={"Referer": "http://testserver/cases/"}, follow=True
        )
        assert "请先选择要指派给谁" in text_of(answer)
        assert Case.objects.get(pk=case.pk).handler is None

    def test_without_a_checked_row_it_says_so(self, cast):
        assert "没有勾选任何一件" in self.act(cast, "frontdesk", [], action="start")

    def test_cases_of_others_are_left_alone(self, cast, now):
        case = make.assigned(cast, now)
        self.act(cast, "outsider", [case], action="start")
        assert Case.objects.get(pk=case.pk).state == CaseState.ASSIGNED


class TestWhereAListOfPeopleWouldBeTooLong:
    """A company with a thousand handlers: the name is typed, with proposals."""

    @pytest.fixture(autouse=True)
    def _long(self, monkeypatch):
        monkeypatch.setattr("linsheng.feedback.queries.places.MOST_LISTED", 2)

    def test_the_filter_takes_a_name_or_a_username(self, cast, now):
        hers, _other = make.assigned(cast, now), received(cast, now)
        client = sign_in(cast.manager)
        page = client.get("/cases/")
        assert f'value="{cast.handler.username}"' not in page.content.decode()
        assert 'hx-get="/cases/people/"' in page.content.decode()
        for words in (cast.handler.name, cast.handler.username):
            assert listed(client.get("/cases/", {"handler": words})) == [hers.number]
        assert listed(client.get("/cases/", {"handler": "没有这个人"})) == []

    def test_what_was_typed_stays(self, cast):
        assert 'value="某某"' in sign_in(cast.manager).get("/cases/", {"handler": "某某"}).content.decode()

    def test_proposals_are_colleagues_whose_name_holds_the_words(self, cast):
        client = sign_in(cast.frontdesk)
        answer = client.get("/cases/people/", {"handler": cast.handler.name[:2]}).content.decode()
        assert f'<option value="{cast.handler.username}">{cast.handler.name}' in answer
        assert cast.outsider.username not in client.get("/cases/people/").content.decode()
        assert client.get("/cases/people/", {"handler": "没有这个人"}).content == b""

    def test_many_are_assigned_by_a_typed_name(self, cast, now):
        case, client = received(cast, now), sign_in(cast.frontdesk)
        client.post("/cases/bulk/", {"ids": [case.pk], "action": "assign", "handler": cast.handler.name})
        assert Case.objects.get(pk=case.pk).handler == cast.handler

    def test_a_name_of_two_asks_for_the_username(self, cast, now):
        cast.supervisor.name = cast.handler.name
        cast.supervisor.save(update_fields=["name"])
        case, client = received(cast, now), sign_in(cast.frontdesk)
        data = {"ids": [case.pk], "action": "assign", "handler": cast.handler.name}
        said = text_of(client.post("/cases/bulk/", data, headers={"Referer": "http://testserver/cases/"}, follow=True))
        assert "有 2 位叫" in said and cast.supervisor.username in said
        assert Case.objects.get(pk=case.pk).handler is None

    def test_a_name_of_nobody_says_so(self, cast, now):
        case, client = received(cast, now), sign_in(cast.frontdesk)
        data = {"ids": [case.pk], "action": "assign", "handler": "没有这个人"}
        said = text_of(client.post("/cases/bulk/", data, headers={"Referer": "http://testserver/cases/"}, follow=True))
        assert "这里没有叫“没有这个人”的同事" in said


class TestCasePage:
    def page(self, cast, person, case):
        return sign_in(getattr(cast, person)).get(reverse("feedback:case", args=[case.pk]))

    @pytest.mark.parametrize("person", ["frontdesk", "handler", "supervisor", "manager", "director", "auditor"])
    def test_it_costs_at_most_fifteen_queries(self, cast, now, person, django_assert_max_num_queries):
        case = make.eventful(cast, now)
        client = sign_in(getattr(cast, person))
        with django_assert_max_num_queries(15):
            assert client.get(f"/cases/{case.pk}/").status_code == 200

    @pytest.mark.parametrize("finish", [False, True])
    def test_a_manager_of_the_whole_company_needs_no_more(self, cast, now, finish, django_assert_max_num_queries):
        Post.objects.filter(user=cast.manager).update(community=None)
        Community.objects.create(organisation=cast.organisation, code="X1", name="新苑")
        case = make.eventful(cast, now)
        if finish:
            actions.start_case(case=case, by=Actor.staff(cast.handler), now=now) if case.state == CaseState.ASSIGNED else None
            actions.resolve_case(case=case, text="已彻底更换", by=Actor.staff(cast.handler), now=now)
        client = sign_in(cast.manager)
        with django_assert_max_num_queries(15):
            client.get(f"/cases/{case.pk}/")

    def test_it_tells_the_whole_story(self, cast, now):
        page = text_of(self.page(cast, "supervisor", make.eventful(cast, now)))
        told = [
            "三号电梯按钮失灵",
            "指派给 张师傅",
            "已更换按钮板",
            "太慢了",
            "联系过：是；解决了：否；不满意",
            "第 2 次处理",
            "又坏了",
            "内部：先联系厂家",
            "电话联系：已联系上",
            "可能是同一件事",
            "合并到这一件的",
        ]
        for words in told:
            assert words in page, words

    def test_names_in_english_the_calendar_by_which_its_clock_runs(self, cast, now):
        client = sign_in(cast.frontdesk)
        client.cookies["django_language"] = "en"
        page = text_of(client.get(f"/cases/{received(cast, now).pk}/"))
        assert "Working hours" in page and "工作时间" not in page

    def test_the_promise_behind_the_deadline_is_quoted(self, cast, now):
        page = text_of(self.page(cast, "frontdesk", received(cast, now)))
        assert re.search(r"承诺：电梯.*（一般）.*内响应，.*内解决", page)
        assert "服务承诺第 1 版" in page

    def test_an_auditor_sees_no_name_number_home_or_internal_note(self, cast, now):
        page = text_of(self.page(cast, "auditor", make.eventful(cast, now)))
        for hidden in ("业主甲", "10000000001", "3-2-1201", "内部：先联系厂家", "这户的其他反映", "action-bar"):
            assert hidden not in page, hidden

    def test_a_confidential_reporter_is_hidden_from_the_manager_too(self, cast, now):
        received(cast, now, text="另一件事")
        page = text_of(self.page(cast, "manager", received(cast, now, confidential=True)))
        for hidden in ("业主甲", "10000000001", "3-2-1201", "这户的其他反映"):
            assert hidden not in page, hidden

    def test_a_confidential_case_is_not_linked_with_its_home_from_another_one(self, cast, now):
        received(cast, now, text="楼上半夜打麻将", confidential=True)
        page = text_of(self.page(cast, "manager", received(cast, now, text="水管漏了")))
        assert "楼上半夜打麻将" not in page

    @pytest.mark.parametrize(
        ("state", "person", "first"),
        [
            (make.received, "frontdesk", "assign"),
            (make.received, "handler", "claim"),
            (make.assigned, "handler", "start"),
            (make.started, "handler", "resolve"),
            (make.waiting, "handler", "resume"),
            (lambda cast, now: make.resolved(cast, now, make.phoned_in), "frontdesk", "tell"),
            (make.resolved, "colleague", "callback"),
        ],
    )
    def test_the_likely_action_is_the_primary_one(self, cast, now, state, person, first):
        case = state(cast, now)
        page = text_of(self.page(cast, person, case))
        bar = page[page.index("action-bar") :]
        primary = re.search(r'<(?:form method="post" action|a href)="(/cases/\d+/\w+/)"', bar).group(1)
        assert primary == f"/cases/{case.pk}/{first}/"

    def test_only_what_is_legal_is_offered(self, cast, now):
        case = make.closed(cast, now)
        page = text_of(self.page(cast, "frontdesk", case))
        assert f"/cases/{case.pk}/reopen/" in page
        for illegal in ("assign", "start", "resolve", "merge", "rate", "withdraw"):
            assert f"/cases/{case.pk}/{illegal}/" not in page

    def test_whoever_worked_on_it_is_not_offered_the_callback(self, cast, now):
        case = make.resolved(cast, now)
        assert f"/cases/{case.pk}/callback/" not in text_of(self.page(cast, "handler", case))

    def test_cases_of_another_company_are_not_there(self, cast, now):
        case = received(cast, now)
        assert self.page(cast, "outsider", case).status_code == 404
        assert sign_in(cast.outsider).post(f"/cases/{case.pk}/note/", {"text": "x"}).status_code == 404

    def test_a_merged_case_leads_to_its_parent(self, cast, now):
        case = make.merged(cast, now)
        assert f'href="/cases/{case.parent_id}/">{case.parent.number}</a>' in text_of(self.page(cast, "frontdesk", case))

    def test_escalations_are_acknowledged_on_the_page(self, cast, now):
        case = make.eventful(cast, now)
        client = sign_in(cast.manager)
        assert f"/cases/{case.pk}/acknowledge/" in text_of(client.get(f"/cases/{case.pk}/"))
        client.post(f"/cases/{case.pk}/acknowledge/")
        assert "赵经理 已知悉" in text_of(client.get(f"/cases/{case.pk}/"))


class TestHomePage:
    def page(self, cast, person):
        return text_of(sign_in(getattr(cast, person)).get(f"/homes/{cast.home.pk}/"))

    def test_a_homes_page_shows_its_cases_open_ones_first(self, cast, now):
        ended, running = make.closed(cast, now), received(cast, now)
        page = self.page(cast, "frontdesk")
        assert page.index(f'data-href="/cases/{running.pk}/"') < page.index(f'data-href="/cases/{ended.pk}/"')
        assert f"/calls/new/?home={cast.home.pk}" in page

    def test_a_confidential_case_is_not_among_them(self, cast, now):
        case = received(cast, now, confidential=True)
        assert f"/cases/{case.pk}/" not in self.page(cast, "manager")

    def test_the_cases_page_leads_to_the_home(self, cast, now):
        assert f'href="/homes/{cast.home.pk}/"' in text_of(sign_in(cast.frontdesk).get(f"/cases/{received(cast, now).pk}/"))
        assert f'href="/homes/{cast.home.pk}/"' not in text_of(sign_in(cast.handler).get(f"/cases/{make.assigned(cast, now).pk}/"))


class TestExport:
    def table(self, cast, person, query=""):
        response = sign_in(getattr(cast, person)).get(f"/cases/export/?format=csv{query}")
        return b"".join(response.streaming_content).decode("utf-8-sig")

    def test_the_file_is_the_filtered_list(self, cast, now):
        case, other = received(cast, now, urgency="urgent"), received(cast, now)
        table = self.table(cast, "manager", "&urgency=urgent")
        assert case.number in table
        assert other.number not in table
        assert "业主甲" in table

    def test_people_are_hidden_as_on_the_page(self, cast, now):
        received(cast, now)
        table = self.table(cast, "auditor")
        for hidden in ("业主甲", "10000000001", "3-2-1201"):
            assert hidden not in table
        received(cast, now, confidential=True)
        assert self.table(cast, "manager").count("3-2-1201") == 1

    def test_it_stands_in_the_audit_trail(self, cast, now):
        received(cast, now)
        self.table(cast, "manager", "&q=10000000001")
        entry = AuditEntry.objects.get(action="personal_data.export")
        assert entry.actor == cast.manager
        assert entry.data["count"] == 1
        assert "10000000001" not in str(entry.data)

    def test_a_spreadsheet_can_be_had(self, cast, now):
        make.resolved(cast, now)
        response = sign_in(cast.manager).get("/cases/export/?view=ended")
        assert b"".join(response.streaming_content).startswith(b"PK")

    def test_the_desk_may_not_take_lists_away(self, cast):
        assert sign_in(cast.frontdesk).get("/cases/export/").status_code == 403
