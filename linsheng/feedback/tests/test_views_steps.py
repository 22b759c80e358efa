"""Every action on a case by its address: done for those who may, explained to the others, nothing typed is lost."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Callback, Case, CaseEvent, Photo, Resolution, ResultNotice
from linsheng.feedback.queries.steps import recent_results
from linsheng.feedback.tests import staff_cases as make
from linsheng.feedback.tests.staff_cases import received, sign_in
from linsheng.standards.models import ServiceItem

HTMX = {"HX-Request": "true", "HX-Target": "step-content"}


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch, now):
    monkeypatch.setattr("linsheng.core.clock.now", lambda: now + timedelta(minutes=5))


def picture(name="photo.jpg"):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 140, 130)).save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def post(person, case, action, data=None, **headers):
    return sign_in(person).post(f"/cases/{case.pk}/{action}/", data or {}, headers=headers)


def last_event(case):
    return CaseEvent.objects.filter(case=case).latest("at", "id")


DONE = [
    (make.received, "frontdesk", "assign", {"handler": "handler"}, "assigned"),
    (make.received, "handler", "claim", {}, "assigned"),
    (make.assigned, "handler", "contact", {"method": "phone", "reached": "yes", "text": "约好三点"}, "assigned"),
    (make.assigned, "handler", "start", {}, "in_progress"),
    (make.started, "handler", "wait", {"for": "parts", "reason": "等阀门", "until": "2026-11-25T18:00"}, "waiting"),
    (make.waiting, "handler", "resume", {}, "in_progress"),
    (make.started, "handler", "resolve", {"text": "已修好"}, "resolved"),
    (make.resolved, "frontdesk", "tell", {"method": "phone", "reached": "yes", "note": "本人接听"}, "resolved"),
    (make.resolved, "frontdesk", "close", {}, "closed"),
    (make.closed, "frontdesk", "reopen", {"reason": "又坏了"}, "in_progress"),
    (make.received, "frontdesk", "refer", {"reason": "属电力公司"}, "referred"),
    (make.received, "frontdesk", "decline", {"reason": "不属物业范围"}, "declined"),
    (make.merged, "frontdesk", "unmerge", {}, "received"),
    (make.received, "frontdesk", "reclassify", {"item": "environment.noise", "urgency": "urgent", "kind": "complaint"}, "received"),
    (make.resolved, "colleague", "callback", {"outcome": "no_answer", "method": "phone"}, "resolved"),
    (make.received, "frontdesk", "note", {"text": "先问厂家"}, "received"),
    (make.received, "frontdesk", "add", {"text": "业主补充：晚上更明显"}, "received"),
]


class TestSteps:
    @pytest.mark.parametrize(("state", "person", "action", "data", "to"), DONE, ids=[row[2] for row in DONE])
    def test_each_leads_where_it_should_and_back_to_the_case(self, cast, now, state, person, action, data, to):
        case = state(cast, now)
        answer = post(getattr(cast, person), case, action, data)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        assert answer["Location"] == f"/cases/{case.pk}/"
        assert Case.objects.get(pk=case.pk).state == to
        assert last_event(case).actor == getattr(cast, person)

    @pytest.mark.parametrize(("state", "person", "action", "data", "to"), DONE, ids=[row[2] for row in DONE])
    def test_each_has_a_page_of_its_own_that_works_without_javascript(self, cast, now, state, person, action, data, to):
        case = state(cast, now)
        page = sign_in(getattr(cast, person)).get(f"/cases/{case.pk}/{action}/").content.decode()
        assert "<!doctype html>" in page
        assert f'action="/cases/{case.pk}/{action}/"' in page
        for name in data:
            assert f'name="{name}"' in page

    @pytest.mark.parametrize(("state", "person", "action", "data", "to"), DONE, ids=[row[2] for row in DONE])
    def test_an_auditor_can_do_none_of_them(self, cast, now, state, person, action, data, to):
        case = state(cast, now)
        before = CaseEvent.objects.count()
        assert post(cast.auditor, case, action, data).status_code == 403
        assert CaseEvent.objects.count() == before

    @pytest.mark.parametrize(("state", "person", "action", "data", "to"), DONE, ids=[row[2] for row in DONE])
    def test_in_another_company_there_is_no_such_case(self, cast, now, state, person, action, data, to):
        assert post(cast.outsider, state(cast, now), action, data).status_code == 404

    def test_resolving_offers_how_others_were_resolved_and_not_why_others_were_refused(self, cast, now):
        case = make.started(cast, now)
        make.resolved(cast, now)
        before = Resolution.objects.get().text
        post(cast.frontdesk, received(cast, now), "decline", {"reason": "不属物业范围"})
        post(cast.frontdesk, received(cast, now), "refer", {"reason": "属电力公司"})
        page = sign_in(cast.handler).get(f"/cases/{case.pk}/resolve/")
        assert page.context["recent"] == [before]

    def test_what_was_merged_into_a_refused_case_offers_nothing_either(self, cast, now):
        case, child = make.started(cast, now), make.merged(cast, now)
        actions.decline_case(case=child.parent, reason="不属物业范围", by=Actor.staff(cast.frontdesk), now=now)
        assert Resolution.objects.count() == 2
        assert recent_results(case, cast.supervisor) == []

    def test_a_word_that_is_no_action_is_not_there(self, cast, now):
        assert post(cast.frontdesk, received(cast, now), "explode").status_code == 404

    def test_a_handler_does_not_work_on_somebody_elses_case(self, cast, now):
        case = actions.assign_case(case=received(cast, now), handler=cast.supervisor, by=Actor.staff(cast.frontdesk), now=now)
        assert post(cast.handler, case, "start").status_code == 403

    def test_the_second_to_take_a_case_hears_who_was_first(self, cast, now):
        case = make.assigned(cast, now)
        colleague = cast.people["cleaner"]
        colleague.posts.update(team="engineering")
        answer = post(colleague, case, "claim")
        assert answer.status_code == 409
        assert "已由张师傅负责" in answer.content.decode()

    def test_one_goes_back_to_the_list_one_came_from(self, cast, now):
        answer = post(cast.frontdesk, received(cast, now), "assign", {"handler": "handler", "next": "/cases/?view=unassigned"})
        assert answer["Location"] == "/cases/?view=unassigned"
        answer = post(cast.frontdesk, received(cast, now), "assign", {"handler": "handler", "next": "https://evil.example/"})
        assert answer["Location"].startswith("/cases/")


class TestRefused:
    EMPTY = [
        (make.received, "frontdesk", "assign", {}, "请选择一项"),
        (make.started, "handler", "wait", {"for": "parts", "reason": " "}, "请填写这一项"),
        (make.started, "handler", "wait", {"for": "parts", "reason": "等阀门", "until": "2020-01-01T08:00"}, "预计日期须晚于现在"),
        (make.started, "handler", "resolve", {"text": ""}, "请填写这一项"),
        (make.resolved, "colleague", "callback", {"outcome": "answered", "method": "phone", "note": "原话"}, "请选择“是”或“否”"),
        (make.received, "frontdesk", "merge", {"into": "CH0000-0000"}, "本小区没有这个编号的反映"),
        (make.received, "frontdesk", "reclassify", {"item": "facility.lift", "urgency": "normal", "kind": "repair"}, "没有变化"),
        (make.assigned, "handler", "contact", {"method": "message", "reached": "yes", "text": ""}, "请填写要告诉反映人的话"),
        (make.received, "frontdesk", "photo", {"stage": "before"}, "请选择照片"),
    ]

    @pytest.mark.parametrize(("state", "person", "action", "data", "sentence"), EMPTY)
    def test_the_form_comes_back_and_says_what_to_do(self, cast, now, state, person, action, data, sentence):
        answer = post(getattr(cast, person), state(cast, now), action, data)
        assert answer.status_code in {409, 422}
        assert sentence in answer.content.decode()

    def test_what_was_typed_stays(self, cast, now):
        answer = post(cast.handler, make.started(cast, now), "wait", {"for": "", "reason": "阀门要从外地调"})
        assert "阀门要从外地调</textarea>" in answer.content.decode()

    def test_a_case_that_changed_meanwhile_keeps_the_words_in_the_dialog(self, cast, now):
        case = make.started(cast, now)
        client = sign_in(cast.handler)
        assert client.get(f"/cases/{case.pk}/resolve/").status_code == 200
        actions.wait_case(case=case, waiting_for="parts", reason="等", by=Actor.staff(cast.supervisor), now=now)
        answer = client.post(f"/cases/{case.pk}/resolve/", {"text": "已修好，写了很久"}, headers=HTMX)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "已修好，写了很久" in page
        assert "不能填写处理结果" in page
        assert Case.objects.get(pk=case.pk).state == "waiting"

    def test_in_a_dialog_only_the_form_is_sent_and_success_loads_the_case(self, cast, now):
        case = make.started(cast, now)
        client = sign_in(cast.handler)
        assert client.get(f"/cases/{case.pk}/resolve/", headers=HTMX).content.decode().strip().startswith('<div id="step-content">')
        answer = client.post(f"/cases/{case.pk}/resolve/", {"text": "好了"}, headers=HTMX)
        assert answer["HX-Redirect"] == f"/cases/{case.pk}/"

    def test_an_action_that_is_not_legal_now_says_why(self, cast, now):
        answer = sign_in(cast.frontdesk).get(f"/cases/{make.closed(cast, now).pk}/resolve/")
        assert answer.status_code == 409
        assert "不能填写处理结果" in answer.content.decode()


class TestResolving:
    def test_photos_of_the_work_come_with_the_result(self, cast, now):
        case = make.started(cast, now)
        post(cast.handler, case, "resolve", {"text": "已换按钮", "photo": [picture(), picture("two.jpg")]})
        assert Case.objects.get(pk=case.pk).state == "resolved"
        assert set(Photo.objects.filter(case=case).values_list("stage", flat=True)) == {"after"}

    def test_a_file_that_is_no_picture_refuses_both_and_loses_no_word(self, cast, now):
        case = make.started(cast, now)
        answer = post(cast.handler, case, "resolve", {"text": "已换按钮", "photo": SimpleUploadedFile("a.jpg", b"not a picture")})
        assert answer.status_code == 422
        assert "已换按钮</textarea>" in answer.content.decode()
        assert "不是能识别的图片" in answer.content.decode()
        assert Case.objects.get(pk=case.pk).state == "in_progress"

    def test_usual_phrases_and_the_last_results_are_at_hand(self, cast, now):
        make.resolved(cast, now)
        page = sign_in(cast.handler).get(f"/cases/{make.started(cast, now).pk}/resolve/").content.decode()
        assert "已更换按钮板" in page
        assert "data-insert" in page

    def test_photos_can_be_added_before_and_after(self, cast, now):
        case = make.started(cast, now)
        assert post(cast.handler, case, "photo", {"photo": picture(), "stage": "before"}).status_code == 302
        assert Photo.objects.get(case=case).stage == "before"
        page = sign_in(cast.handler).get(f"/cases/{case.pk}/").content.decode()
        assert f"/photos/{Photo.objects.get().pk}/" in page


class TestAssigning:
    def test_the_items_team_stands_first_with_its_load(self, cast, now):
        make.assigned(cast, now)
        page = sign_in(cast.frontdesk).get(f"/cases/{received(cast, now).pk}/assign/").content.decode()
        first = page.index("张师傅 · 工程组 · 手上 1 件")
        assert first < page.index("王主管 · 工程组 · 手上 0 件") < page.index("保洁李姐 · 环境组")
        assert 'value="handler" id="id_handler_0" checked' in page

    def test_nobody_of_another_company_is_in_the_list(self, cast, now):
        page = sign_in(cast.frontdesk).get(f"/cases/{received(cast, now).pk}/assign/").content.decode()
        assert 'value="outsider"' not in page


class TestTellingAndAsking:
    def test_the_result_is_there_to_be_read_out_with_the_number_to_call(self, cast, now):
        case = make.resolved(cast, now, make.phoned_in)
        page = sign_in(cast.frontdesk).get(f"/cases/{case.pk}/tell/").content.decode()
        assert "您反映的事情处理好了，结果是：已更换按钮板" in page
        assert 'href="tel:10000009999"' in page

    def test_a_try_in_vain_is_kept_and_shown_next_time(self, cast, now):
        case = make.resolved(cast, now, make.phoned_in)
        post(cast.frontdesk, case, "tell", {"method": "phone", "reached": "no", "note": "无人接听"})
        assert ResultNotice.objects.get(case=case, method="phone").reached is False
        page = sign_in(cast.frontdesk).get(f"/cases/{case.pk}/tell/").content.decode()
        assert "已登记 1 次" in page
        assert "无人接听" in page

    def test_whoever_worked_on_it_cannot_log_the_callback(self, cast, now):
        case = make.resolved(cast, now)
        client = sign_in(cast.supervisor)
        actions.tell_result(case=case, by=Actor.staff(cast.supervisor), now=now)
        answer = client.post(
            f"/cases/{case.pk}/callback/",
            {"outcome": "answered", "method": "phone", "contacted": "yes", "solved": "yes", "satisfied": "satisfied"},
        )
        assert answer.status_code == 403
        assert not Callback.objects.exists()

    def test_the_three_answers_are_kept_with_who_asked(self, cast, now):
        case = make.resolved(cast, now)
        data = {
            "outcome": "answered",
            "method": "visit",
            "contacted": "yes",
            "solved": "no",
            "satisfied": "basically",
            "note": "晚上还响",
        }
        assert post(cast.colleague, case, "callback", data).status_code == 302
        callback = Callback.objects.get()
        assert (callback.contacted, callback.solved, callback.satisfied, callback.method) == (True, False, "basically", "visit")
        assert callback.asked_by == cast.colleague

    def test_the_questions_begin_unanswered(self, cast, now):
        page = sign_in(cast.colleague).get(f"/cases/{make.resolved(cast, now).pk}/callback/").content.decode()
        for name in ("outcome", "contacted", "solved", "satisfied"):
            assert not any("checked" in line for line in page.splitlines() if f'name="{name}"' in line)


class TestSorting:
    def test_a_likely_duplicate_is_merged_by_one_click_and_its_number(self, cast, now):
        case, other = received(cast, now), received(cast, now)
        client = sign_in(cast.frontdesk)
        assert f"/cases/{case.pk}/merge/?into={other.number}" in client.get(f"/cases/{case.pk}/").content.decode()
        assert f'value="{other.number}"' in client.get(f"/cases/{case.pk}/merge/?into={other.number}").content.decode()
        client.post(f"/cases/{case.pk}/merge/", {"into": f" {other.number.lower()} "})
        assert Case.objects.get(pk=case.pk).parent == other

    def test_another_item_changes_the_deadline_and_stands_in_the_story(self, cast, now):
        case = received(cast, now)
        noise = ServiceItem.objects.get(organisation=cast.organisation, code="environment.noise")
        post(cast.frontdesk, case, "reclassify", {"item": noise.code, "urgency": "emergency", "kind": "complaint"})
        changed = Case.objects.get(pk=case.pk)
        assert (changed.item, changed.kind, changed.team) == (noise, "complaint", noise.team)
        assert changed.resolve_by != case.resolve_by
        page = sign_in(cast.frontdesk).get(f"/cases/{case.pk}/").content.decode()
        assert "项目由“电梯”改为“噪音”；紧急程度由“一般”改为“紧急”；类型由“报修”改为“投诉”" in page

    def test_a_note_is_for_staff_and_an_addition_for_the_reporter(self, cast, now):
        case = received(cast, now)
        post(cast.frontdesk, case, "note", {"text": "内部话"})
        post(cast.frontdesk, case, "add", {"text": "补充话"})
        assert list(
            CaseEvent.objects.filter(case=case, action__in=["note", "add"]).order_by("id").values_list("internal", flat=True)
        ) == [True, False]
