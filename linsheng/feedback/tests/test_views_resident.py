"""The residents' pages: reporting, own cases, the page by link, photos, home."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from conftest import NOW
from linsheng.communities.models import Building, Home, Residency
from linsheng.core import clock
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Callback, Case, CaseEvent, CaseState, Rating
from linsheng.feedback.tests.resident_cases import by_neighbour, photo_of, picture
from linsheng.feedback.tests.staff_cases import assigned, received, resolved, sign_in, started, waiting

STAFF = Actor.staff


@pytest.fixture(autouse=True)
def _at_ten(monkeypatch):
    """Every request arrives a little after what the tests set up."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=3))


@pytest.fixture
def owner(cast):
    return sign_in(cast.owner)


@pytest.fixture
def neighbour(cast):
    return sign_in(cast.neighbour)


def filled(cast, **changes):
    plain = {
        "key": "k1",
        "item": cast.item.code,
        "place": "lift",
        "location": "三号",
        "text": "三号电梯门关不上",
        "urgency": "normal",
        "kind": "",
    }
    return plain | changes


def report(client, cast, **changes):
    return client.post(reverse("feedback:report"), filled(cast, **changes))


def text_of(response):
    return response.content.decode()


class TestReporting:
    def test_one_page_holds_every_item_place_and_field(self, cast, owner):
        page = text_of(owner.get(reverse("feedback:report")))
        for part in (
            "哪方面",
            "在哪里",
            "说一句",
            'value="facility.lift"',
            'value="life.pets"',
            "本楼电梯",
            "对工作人员保密",
            "0755-10000000",
            'name="photos"',
        ):
            assert part in page

    def test_a_report_makes_a_case_and_says_by_when_somebody_calls(self, cast, owner):
        response = report(owner, cast, photos=[picture(), picture("#aa0000", "b.jpg")])
        case = Case.objects.get()
        assert response.status_code == 302 and response["Location"] == reverse("feedback:reported", args=[case.pk])
        assert (case.home, case.resident, case.location, case.kind) == (
            cast.home,
            cast.residents["owner"],
            "本楼电梯 三号",
            "repair",
        )
        assert case.photos.count() == 2
        page = text_of(owner.get(response["Location"]))
        assert case.number in page and "我们会在<b>" in page and "前联系您" in page

    def test_the_place_is_stored_in_chinese_whatever_language_is_read(self, cast, owner):
        owner.cookies["django_language"] = "en"
        report(owner, cast)
        assert Case.objects.get().location == "本楼电梯 三号"

    def test_the_same_form_sent_again_makes_no_second_case(self, cast, owner):
        first, again = report(owner, cast, photos=[picture()]), report(owner, cast, photos=[picture()])
        case = Case.objects.get()
        assert first["Location"] == again["Location"] and case.photos.count() == 1
        assert not CaseEvent.objects.filter(case=case, action="add").exists()

    def test_words_changed_before_sending_again_are_added_once(self, cast, owner, monkeypatch):
        report(owner, cast)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=4))
        for _time in range(2):
            report(owner, cast, text="三号电梯门关不上，还一直响")
        assert [e.text for e in CaseEvent.objects.filter(case=Case.objects.get(), action="add")] == ["三号电梯门关不上，还一直响"]

    def test_two_people_may_happen_to_send_the_same_key(self, cast, owner, neighbour):
        report(owner, cast)
        report(neighbour, cast, seen="1")
        assert Case.objects.count() == 2

    def test_what_was_typed_comes_back_beside_the_error(self, cast, owner):
        response = report(owner, cast, item="", text="地库的灯坏了", photos=[picture()])
        page = text_of(response)
        assert response.status_code == 422 and not Case.objects.exists()
        assert "地库的灯坏了" in page and "请点选是哪方面的事" in page and "照片没有留住" in page

    def test_what_is_no_photo_is_said_beside_the_photos(self, cast, owner):
        response = report(owner, cast, photos=[SimpleUploadedFile("账单.pdf", b"%PDF-1.4 nothing", content_type="image/jpeg")])
        assert response.status_code == 422 and "账单.pdf" in text_of(response) and not Case.objects.exists()

    def test_more_than_nine_photos_at_once_are_refused(self, cast, owner):
        assert report(owner, cast, photos=[picture() for _ in range(10)]).status_code == 422

    def test_a_broken_photo_does_not_lose_the_report(self, cast, owner):
        out = BytesIO()
        Image.effect_noise((300, 300), 80).save(out, "JPEG")
        half = out.getvalue()[: out.tell() // 2]
        response = report(owner, cast, photos=[SimpleUploadedFile("半张.jpg", half, content_type="image/jpeg")])
        assert Case.objects.get().photos.count() == 0
        assert "半张.jpg" in text_of(owner.get(response["Location"]))

    def test_the_kind_follows_the_words_unless_chosen(self, cast, owner):
        report(owner, cast, text="谢谢电梯师傅，修得很快")
        report(owner, cast, key="k2", text="建议电梯里放个垃圾桶", kind="complaint", seen="1")
        assert list(Case.objects.order_by("pk").values_list("kind", flat=True)) == ["praise", "complaint"]

    def test_another_home_than_ones_own_cannot_be_chosen(self, cast, owner):
        assert report(owner, cast, home=str(cast.neighbour_home.pk)).status_code == 422

    def test_several_homes_are_offered_and_the_chosen_one_is_kept(self, cast, owner):
        second = Home.objects.create(community=cast.community, building=cast.building, number="3-1-0501")
        Residency.objects.create(home=second, resident=cast.residents["owner"])
        assert "3-1-0501" in text_of(owner.get(reverse("feedback:report")))
        report(owner, cast, home=str(second.pk))
        assert Case.objects.get().home == second

    def test_the_community_chosen_in_the_top_bar_is_reported_to(self, cast, owner):
        building = Building.objects.create(community=cast.other_community, name="8栋")
        Residency.objects.create(
            home=Home.objects.create(community=cast.other_community, building=building, number="8-1"),
            resident=cast.residents["owner"],
        )
        owner.get("/home/?switch_community=LY")
        report(owner, cast)
        assert Case.objects.get().community == cast.other_community

    def test_without_a_home_the_page_says_how_to_begin(self, cast, owner):
        Residency.objects.all().delete()
        page = text_of(owner.get(reverse("feedback:report")))
        assert "还没有登记您的房屋" in page and "<textarea" not in page
        assert "还没有登记您的房屋" in text_of(owner.get(reverse("feedback:home")))

    def test_a_confidential_report_says_where_the_answer_will_stand(self, cast, owner):
        response = report(owner, cast, confidential="on")
        assert Case.objects.get().confidential and "答复会写在这件反映的页面上" in text_of(owner.get(response["Location"]))

    def test_an_emergency_shows_the_phone_number_again(self, cast, owner):
        response = report(owner, cast, urgency="emergency")
        assert "有危险，请同时打电话" in text_of(owner.get(response["Location"]))


class TestNeighboursReports:
    def test_a_similar_report_is_shown_before_a_second_one_is_made(self, cast, owner):
        by_neighbour(cast, NOW)
        response = report(owner, cast, text="二号电梯有异响")
        page = text_of(response)
        assert response.status_code == 409 and "我也遇到" in page and "不是同一件，继续提交" in page and "二号电梯有异响" in page
        assert Case.objects.count() == 1
        assert report(owner, cast, text="二号电梯有异响", seen="1").status_code == 302

    def test_an_emergency_is_not_held_up(self, cast, owner):
        by_neighbour(cast, NOW)
        assert report(owner, cast, text="二号电梯有异响", urgency="emergency").status_code == 302

    def test_numbers_of_phones_and_homes_are_hidden(self, cast, owner):
        by_neighbour(cast, NOW)
        page = text_of(report(owner, cast, text="二号电梯有异响"))
        assert "13800001234" not in page and "3-2-1202" not in page and "邻居乙" not in page

    @pytest.mark.parametrize("hidden", [{"confidential": True}, {"location": "我家"}, {"kind": "praise"}, {"kind": "help"}])
    def test_what_is_private_is_never_shown(self, cast, owner, hidden):
        by_neighbour(cast, NOW, **hidden)
        assert report(owner, cast, text="二号电梯有异响").status_code == 302

    def test_words_of_complaints_stay_with_those_who_made_them(self, cast, owner):
        by_neighbour(cast, NOW, kind="complaint", text="电梯维修的张某态度恶劣")
        page = text_of(report(owner, cast, text="电梯维修的人态度恶劣"))
        assert "我也遇到" in page and "张某" not in page

    def test_what_happens_in_ones_own_home_is_not_compared(self, cast, owner):
        by_neighbour(cast, NOW)
        assert report(owner, cast, place="home", text="二号电梯有异响").status_code == 302

    def test_me_too_makes_a_follower_who_sees_progress_but_not_the_reporter(self, cast, owner):
        case = by_neighbour(cast, NOW)
        photo = photo_of(case, actor_for(cast.neighbour, case), NOW)
        response = owner.post(reverse("feedback:join", args=[case.pk]))
        assert response["Location"] == reverse("feedback:my_case", args=[case.pk])
        owner.post(reverse("feedback:join", args=[case.pk]))
        page = text_of(owner.get(response["Location"]))
        assert case.followers.count() == 1
        assert "已收到" in page and "邻居乙" not in page and "13800001234" not in page and "3-2-1202" not in page
        assert reverse("feedback:photo", args=[photo.pk]) not in page and "撤回" not in page
        assert owner.get(reverse("feedback:photo", args=[photo.pk])).status_code == 404
        assert case.number in text_of(owner.get(reverse("feedback:mine") + "?tab=followed"))

    def test_a_follower_can_do_nothing_for_the_reporter(self, cast, owner):
        case = by_neighbour(cast, NOW)
        actions.join_case(case=case, by=cast.owner, now=NOW)
        assert owner.post(reverse("feedback:my_step", args=[case.pk, "withdraw"])).status_code == 403

    def test_a_report_of_another_community_cannot_be_joined(self, cast):
        case = by_neighbour(cast, NOW)
        assert sign_in(cast.stranger).post(reverse("feedback:join", args=[case.pk])).status_code == 404


class TestHints:
    def hints(self, client, **data):
        return client.post(reverse("feedback:report_hints"), data, headers={"HX-Request": "true", "HX-Target": "report-hints"})

    def test_item_and_place_are_enough_to_see_neighbours_reports(self, cast, owner):
        by_neighbour(cast, NOW)
        page = text_of(self.hints(owner, item=cast.item.code, place="lift"))
        assert "我也遇到" in page and 'name="seen" value="1"' in page and "<html" not in page

    def test_the_likely_kind_is_proposed(self, cast, owner):
        assert 'data-kind="enquiry"' in text_of(self.hints(owner, item="value.fee", text="请问物业费怎么交"))
        assert 'data-kind="repair"' in text_of(self.hints(owner, item=cast.item.code))
        assert 'data-kind=""' in text_of(self.hints(owner))

    def test_words_of_danger_bring_the_phone_number(self, cast, owner):
        assert "0755-10000000" in text_of(self.hints(owner, item=cast.item.code, text="有人被困在电梯里"))

    def test_nonsense_is_answered_without_hints(self, cast, owner):
        assert self.hints(owner, item="no.such", place="moon", location="x" * 500).status_code == 200


class TestOwnCases:
    def test_running_and_ended_cases_stand_apart(self, cast, owner):
        running, over = started(cast, NOW), resolved(cast, NOW)
        open_page, done_page = (
            text_of(owner.get(reverse("feedback:mine"))),
            text_of(owner.get(reverse("feedback:mine") + "?tab=done")),
        )
        assert running.number in open_page and over.number not in open_page
        assert over.number in done_page and running.number not in done_page
        assert "张师傅正在处理" in open_page

    def test_words_are_found_and_kinds_filtered(self, cast, owner):
        lift, leak = received(cast, NOW), received(cast, NOW, text="厨房漏水", kind="help")
        for query in ("q=漏水", "kind=help", f"q={leak.number}"):
            page = text_of(owner.get(reverse("feedback:mine") + "?" + query))
            assert leak.number in page and lift.number not in page

    def test_htmx_gets_the_list_alone(self, cast, owner):
        case = received(cast, NOW)
        response = owner.get(reverse("feedback:mine"), headers={"HX-Request": "true", "HX-Target": "cases"})
        assert case.number in text_of(response) and "<html" not in text_of(response)
        assert "HX-Request" in response["Vary"]

    def test_the_list_goes_on_after_twenty(self, cast, owner):
        cases = [received(cast, NOW + timedelta(minutes=n)) for n in range(22)]
        first = owner.get(reverse("feedback:mine"))
        assert cases[-1].number in text_of(first) and cases[0].number not in text_of(first)
        cursor = first.context["page"].next
        assert cases[0].number in text_of(owner.get(reverse("feedback:mine"), {"cursor": cursor}))

    def test_empty_lists_say_what_will_stand_there(self, cast, owner):
        for tab, words in (("open", "没有处理中的反映"), ("done", "还没有结束的反映"), ("followed", "还没有跟进的反映")):
            assert words in text_of(owner.get(reverse("feedback:mine") + f"?tab={tab}"))
        assert "没有找到" in text_of(owner.get(reverse("feedback:mine") + "?q=不存在"))

    def test_queries_do_not_grow_with_the_list(self, cast, owner, django_assert_max_num_queries):
        for n in range(20):
            (started if n % 2 else received)(cast, NOW)
        with django_assert_max_num_queries(9):
            owner.get(reverse("feedback:mine"))

    def test_a_merged_case_goes_on_under_the_other_ones_progress(self, cast, owner):
        parent, child = by_neighbour(cast, NOW), received(cast, NOW)
        actions.assign_case(case=parent, handler=cast.handler, by=STAFF(cast.frontdesk), now=NOW)
        actions.merge_case(case=child, into=parent, by=STAFF(cast.frontdesk), now=NOW)
        page = text_of(owner.get(reverse("feedback:mine")))
        assert child.number in page and "已安排张师傅" in page
        actions.start_case(case=parent, by=STAFF(cast.handler), now=NOW)
        actions.resolve_case(case=parent, text="两部都修好了", by=STAFF(cast.handler), now=NOW)
        assert "两部都修好了" in text_of(owner.get(reverse("feedback:my_case", args=[child.pk])))


class TestOneCase:
    def page(self, client, case):
        return text_of(client.get(reverse("feedback:my_case", args=[case.pk])))

    def test_it_tells_who_has_it_and_until_when(self, cast, owner):
        page = self.page(owner, started(cast, NOW))
        assert "张师傅正在处理，预计" in page and "承诺时间" in page

    def test_waiting_says_for_what_and_why(self, cast, owner):
        page = self.page(owner, waiting(cast, NOW))
        assert "在等配件" in page and "原因：等配件" in page

    def test_being_late_is_said_plainly(self, cast, owner, monkeypatch):
        case = started(cast, NOW)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=20))
        assert "比承诺的时间晚了" in self.page(owner, case)

    def test_internal_notes_and_photos_never_show(self, cast, owner):
        case = started(cast, NOW)
        actions.add_note(case=case, text="内部备注甲", by=STAFF(cast.handler), now=NOW)
        photo = photo_of(case, STAFF(cast.handler), NOW, internal=True)
        page = self.page(owner, case)
        assert "内部备注甲" not in page and reverse("feedback:photo", args=[photo.pk]) not in page

    def test_only_legal_steps_are_offered(self, cast, owner):
        running, over = self.page(owner, received(cast, NOW)), self.page(owner, resolved(cast, NOW))
        assert "催一下" in running and "撤回" in running and "提交评价" not in running
        assert "催一下" not in over and "提交评价" in over and "还没解决" in over

    def test_stars_start_empty(self, cast, owner):
        page = self.page(owner, resolved(cast, NOW))
        inputs = [line for line in page.split("<input") if 'name="stars"' in line]
        assert len(inputs) == 5 and not any(" checked" in line.split(">")[0] for line in inputs)

    def test_others_do_not_see_it(self, cast, neighbour):
        case = received(cast, NOW)
        for client in (neighbour, sign_in(cast.stranger)):
            for address in (
                reverse("feedback:my_case", args=[case.pk]),
                reverse("feedback:my_step", args=[case.pk, "urge"]),
                reverse("feedback:reported", args=[case.pk]),
            ):
                assert client.get(address).status_code == 404

    def test_a_fixed_number_of_queries(self, cast, owner, django_assert_max_num_queries):
        case = resolved(cast, NOW)
        for color in ("#111111", "#222222", "#333333"):
            photo_of(case, actor_for(cast.owner, case), NOW, color=color)
        with django_assert_max_num_queries(15):
            self.page(owner, case)


class TestVoice:
    def do(self, client, case, step, **data):
        return client.post(reverse("feedback:my_step", args=[case.pk, step]), data)

    def test_a_rating_is_given_once(self, cast, owner):
        case = resolved(cast, NOW)
        assert self.do(owner, case, "rate", stars="5", text="很好").status_code == 302
        assert Rating.objects.get().stars == 5
        again = self.do(owner, case, "rate", stars="1", text="改主意了")
        assert again.status_code == 409 and "已经评价过" in text_of(again) and "改主意了" in text_of(again)
        assert Rating.objects.get().stars == 5

    def test_a_rating_without_stars_comes_back(self, cast, owner):
        response = self.do(owner, resolved(cast, NOW), "rate", text="忘了点星")
        assert response.status_code == 422 and "请点选 1 到 5 颗星" in text_of(response) and "忘了点星" in text_of(response)

    def test_a_low_rating_leads_to_reopening(self, cast, owner):
        case = resolved(cast, NOW)
        response = self.do(owner, case, "rate", stars="2", reasons=["slow", "not_fixed"])
        assert response["Location"].endswith("#reopen")
        page = text_of(owner.get(response["Location"]))
        assert 'id="reopen"' in page and "没修好" in page
        assert self.do(owner, case, "reopen", reason="按钮还是不灵").status_code == 302
        assert Case.objects.get().state == CaseState.IN_PROGRESS

    def test_after_the_fixed_days_reopening_is_not_offered(self, cast, owner, monkeypatch):
        case = resolved(cast, NOW)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=15))
        assert "还没解决" not in text_of(owner.get(reverse("feedback:my_case", args=[case.pk])))
        assert self.do(owner, case, "reopen", reason="又坏了").status_code == 409

    def test_the_three_answers_are_kept_as_given_by_the_reporter(self, cast, owner):
        case = resolved(cast, NOW)
        assert self.do(owner, case, "answer", solved="yes", contacted="no", satisfied="basically").status_code == 302
        answer = Callback.objects.get()
        assert (answer.solved, answer.contacted, answer.satisfied, answer.method) == (True, False, "basically", "link")
        assert "三个小问题" not in text_of(owner.get(reverse("feedback:my_case", args=[case.pk])))

    def test_an_answer_left_out_is_asked_for(self, cast, owner):
        response = self.do(owner, resolved(cast, NOW), "answer", solved="yes")
        assert response.status_code == 422 and "请点选满意程度" in text_of(response) and not Callback.objects.exists()

    def test_not_solved_leads_to_reopening(self, cast, owner):
        response = self.do(owner, resolved(cast, NOW), "answer", solved="no", contacted="yes", satisfied="not")
        assert response["Location"].endswith("#reopen")

    def test_urging_works_once_a_day_and_says_so(self, cast, owner):
        case = started(cast, NOW)
        self.do(owner, case, "urge")
        page = text_of(owner.get(reverse("feedback:my_case", args=[case.pk])))
        assert "已催过" in page and reverse("feedback:my_step", args=[case.pk, "urge"]) not in page
        assert self.do(owner, case, "urge").status_code == 409

    def test_withdrawing_asks_first_and_then_ends_it(self, cast, owner):
        case = received(cast, NOW)
        assert "也不能恢复" in text_of(owner.get(reverse("feedback:my_step", args=[case.pk, "withdraw"])))
        self.do(owner, case, "withdraw", reason="好了")
        assert Case.objects.get().state == CaseState.WITHDRAWN
        assert "您已撤回" in text_of(owner.get(reverse("feedback:my_case", args=[case.pk])))

    def test_words_and_photos_are_added_together(self, cast, owner):
        case = assigned(cast, NOW)
        assert self.do(owner, case, "add", text="今天又停了", photos=[picture()]).status_code == 302
        page = text_of(owner.get(reverse("feedback:my_case", args=[case.pk])))
        assert "今天又停了" in page and case.photos.count() == 1
        assert self.do(owner, case, "add").status_code == 422

    def test_a_step_that_is_over_leads_back_to_the_case(self, cast, owner):
        case = received(cast, NOW)
        response = owner.get(reverse("feedback:my_step", args=[case.pk, "rate"]))
        assert response.status_code == 302 and response["Location"] == reverse("feedback:my_case", args=[case.pk])

    def test_there_is_no_other_step(self, cast, owner):
        assert owner.get(reverse("feedback:my_step", args=[received(cast, NOW).pk, "close"])).status_code == 404

    @pytest.mark.parametrize("person", ["frontdesk", "handler", "director", "administrator", "outsider"])
    def test_staff_have_no_resident_pages(self, cast, person):
        case, client = resolved(cast, NOW), sign_in(getattr(cast, person))
        assert client.post(reverse("feedback:my_step", args=[case.pk, "rate"]), {"stars": "5"}).status_code == 403
        assert client.get(reverse("feedback:report")).status_code == 403
        assert not Rating.objects.exists()


class TestByLink:
    def address(self, case, step=""):
        return (
            reverse("feedback:track_step", args=[case.track_token, step])
            if step
            else reverse("feedback:track", args=[case.track_token])
        )

    def test_the_link_needs_no_account_and_stays_out_of_sight(self, cast):
        response = Client().get(self.address(started(cast, NOW)))
        assert "张师傅正在处理" in text_of(response)
        assert (
            response["X-Robots-Tag"].startswith("noindex")
            and response["Referrer-Policy"] == "same-origin"
            and "no-store" in response["Cache-Control"]
        )

    def test_the_reporter_is_not_named_there(self, cast):
        page = text_of(Client().get(self.address(received(cast, NOW))))
        assert "业主甲" not in page and "10000000001" not in page and "3-2-1201" not in page

    def test_a_wrong_link_is_nothing(self, db):
        assert Client().get("/t/none/").status_code == 404

    def test_whoever_holds_it_rates_answers_and_reopens(self, cast):
        case, client = resolved(cast, NOW), Client()
        assert (
            client.post(self.address(case, "answer"), {"solved": "no", "contacted": "yes", "satisfied": "not"}).status_code == 302
        )
        assert client.post(self.address(case, "rate"), {"stars": "1"})["Location"].endswith("#reopen")
        assert client.post(self.address(case, "reopen"), {"reason": "没修好"}).status_code == 302
        assert Case.objects.get().state == CaseState.IN_PROGRESS and Rating.objects.get().stars == 1

    def test_a_confidential_case_leaves_no_name_behind(self, cast, owner):
        case = received(cast, NOW, confidential=True)
        owner.get(self.address(case))
        owner.post(self.address(case, "add"), {"text": "补一句"})
        Client().post(self.address(case, "urge"))
        assert not CaseEvent.objects.filter(case=case, actor__isnull=False).exists()

    def test_staff_may_read_but_not_speak_through_it(self, cast):
        case = resolved(cast, NOW)
        client = sign_in(cast.handler)
        page = text_of(client.get(self.address(case)))
        assert "已更换按钮板" in page and "提交评价" not in page
        assert client.post(self.address(case, "rate"), {"stars": "5"}).status_code == 403
        assert not Rating.objects.exists()

    def test_the_signed_in_reporter_keeps_the_frame_of_their_pages(self, cast, owner):
        page = text_of(owner.get(self.address(received(cast, NOW))))
        assert "bottom-nav" in page and "bottom-nav" not in text_of(Client().get(self.address(Case.objects.get())))


class TestPhotos:
    def test_a_photo_is_a_private_jpeg_shown_in_place(self, cast, owner):
        case = received(cast, NOW)
        photo = photo_of(case, actor_for(cast.owner, case), NOW)
        response = owner.get(reverse("feedback:photo", args=[photo.pk]))
        assert response["Content-Type"] == "image/jpeg" and response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("inline") and "private" in response["Cache-Control"]
        assert owner.get(reverse("feedback:photo", args=[photo.pk]), headers={"If-None-Match": response["ETag"]}).status_code == 304
        assert len(owner.get(reverse("feedback:photo_small", args=[photo.pk])).content) <= len(response.content)

    def test_internal_photos_are_for_staff(self, cast, owner):
        case = started(cast, NOW)
        photo = photo_of(case, STAFF(cast.handler), NOW, internal=True)
        assert owner.get(reverse("feedback:photo", args=[photo.pk])).status_code == 404
        assert Client().get(reverse("feedback:track_photo", args=[case.track_token, photo.pk])).status_code == 404
        assert sign_in(cast.supervisor).get(reverse("feedback:photo", args=[photo.pk])).status_code == 200

    def test_a_link_opens_the_photos_of_its_own_case_only(self, cast):
        mine, other = received(cast, NOW), received(cast, NOW)
        photo = photo_of(mine, actor_for(cast.owner, mine), NOW)
        assert Client().get(reverse("feedback:track_photo", args=[mine.track_token, photo.pk])).status_code == 200
        assert Client().get(reverse("feedback:track_photo_small", args=[other.track_token, photo.pk])).status_code == 404

    def test_a_lost_file_is_a_missing_page(self, cast, owner):
        case = received(cast, NOW)
        photo = photo_of(case, actor_for(cast.owner, case), NOW)
        photo.file.delete(save=False)
        assert owner.get(reverse("feedback:photo", args=[photo.pk])).status_code == 404


class TestHome:
    def test_what_waits_for_the_resident_comes_first(self, cast, owner):
        done = resolved(cast, NOW)
        asked = actions.wait_case(
            case=started(cast, NOW), waiting_for="reporter", reason="何时在家？", by=STAFF(cast.handler), now=NOW
        )
        page = text_of(owner.get(reverse("feedback:home")))
        assert "请评价：" in page and "请回复：" in page and page.index("等您处理") < page.index("我要反映")
        actions.rate_case(case=done, stars=5, by=actor_for(cast.owner, done), now=NOW)
        assert "请评价：" not in text_of(owner.get(reverse("feedback:home")))
        page = text_of(owner.get(reverse("feedback:home")))
        assert asked.number in page and "请回复：" in page
        assert "回复处理人" in text_of(owner.get(reverse("feedback:my_case", args=[asked.pk])))
        owner.post(reverse("feedback:my_step", args=[asked.pk, "add"]), {"text": "明天上午在家"})
        assert "请回复：" not in text_of(owner.get(reverse("feedback:home")))

    def test_old_results_are_no_longer_asked_about(self, cast, owner, monkeypatch):
        resolved(cast, NOW)
        monkeypatch.setattr(clock, "now", lambda: datetime(2027, 2, 1, tzinfo=UTC))
        assert "请评价：" not in text_of(owner.get(reverse("feedback:home")))

    def test_own_results_and_the_communitys_figures_are_told(self, cast, owner):
        resolved(cast, NOW)
        page = text_of(owner.get(reverse("feedback:home")))
        assert "您说我做" in page and "已更换按钮板" in page and "处理好 1 件" in page and "满意率" not in page

    def test_figures_of_five_ratings_and_more_carry_their_denominator(self, cast, owner):
        for _n in range(5):
            case = resolved(cast, NOW)
            actions.rate_case(case=case, stars=4, by=actor_for(cast.owner, case), now=NOW)
        assert "满意率" in text_of(owner.get(reverse("feedback:home"))) and "5/5" in text_of(owner.get(reverse("feedback:home")))

    def test_a_fixed_number_of_queries(self, cast, owner, django_assert_max_num_queries):
        for _n in range(4):
            resolved(cast, NOW)
            started(cast, NOW)
        with django_assert_max_num_queries(15):
            owner.get(reverse("feedback:home"))

    def test_the_root_leads_everybody_to_their_first_page(self, cast, owner):
        assert owner.get("/")["Location"] == reverse("feedback:home")
        assert sign_in(cast.frontdesk).get("/")["Location"] == reverse("feedback:board")
        assert Client().get("/")["Location"] == reverse("accounts:sign_in")
