"""The phone log: who calls is found, the case is written down in one go, nothing is lost."""

from datetime import timedelta

import pytest

from linsheng.audit.models import AuditEntry
from linsheng.feedback.models import Case, ResultNotice
from linsheng.feedback.tests.staff_cases import received, sign_in

HTMX = {"HX-Request": "true", "HX-Target": "call"}


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch, now):
    monkeypatch.setattr("linsheng.core.clock.now", lambda: now + timedelta(minutes=5))


def filled(cast, now, **changes):
    owner = f"{cast.residents['owner'].pk}:{cast.home.pk}"
    plain = {
        "key": "k1",
        "started_at": (now + timedelta(minutes=3)).isoformat(),
        "seconds": "95",
        "channel": "phone",
        "number": "10000000001",
        "who": owner,
        "community": "CH",
        "item": "facility.lift",
        "text": "电梯按钮不灵",
        "urgency": "normal",
        "kind": "",
        "then": "later",
    }
    return plain | changes


def send(cast, data, person="frontdesk", **headers):
    return sign_in(getattr(cast, person)).post("/calls/new/", data, headers=headers)


class TestLookingUp:
    def test_the_number_brings_the_person_their_home_and_what_is_open(self, cast, now):
        case = received(cast, now)
        page = sign_in(cast.frontdesk).post("/calls/callers/", {"number": "1000000000"}).content.decode()
        assert "业主甲" in page
        assert "3-2-1201" in page
        assert f'href="/cases/{case.pk}/"' in page

    def test_the_whole_number_of_one_person_chooses_them(self, cast, now):
        page = sign_in(cast.frontdesk).post("/calls/callers/", {"number": "100 0000 0001"}).content.decode()
        value = f"{cast.residents['owner'].pk}:{cast.home.pk}"
        assert f'value="{value}" checked' in page

    def test_an_exchange_opens_the_form_with_its_caller(self, cast):
        page = sign_in(cast.frontdesk).get("/calls/new/?number=10000000001").content.decode()
        assert 'value="10000000001"' in page
        assert "业主甲" in page

    def test_a_home_brings_the_people_who_live_there(self, cast):
        page = sign_in(cast.frontdesk).get(f"/calls/new/?home={cast.neighbour_home.pk}").content.decode()
        assert 'value="3-2-1202"' in page
        assert "邻居乙" in page

    def test_without_javascript_a_button_looks_up_and_keeps_everything(self, cast, now):
        page = send(cast, filled(cast, now, lookup="1", text="说到一半", item="")).content.decode()
        assert "业主甲" in page
        assert "说到一半</textarea>" in page
        assert "field-error" not in page
        assert not Case.objects.exists()

    def test_people_of_another_company_are_not_found(self, cast):
        page = sign_in(cast.frontdesk).post("/calls/callers/", {"number": "10000000009"}).content.decode()
        assert "外区业主" not in page
        assert "没有这个号码" in page

    def test_a_confidential_case_is_linked_with_nobody(self, cast, now):
        case = received(cast, now, confidential=True)
        page = sign_in(cast.frontdesk).post("/calls/callers/", {"number": "10000000001"}).content.decode()
        assert f"/cases/{case.pk}/" not in page

    def test_looking_somebody_up_is_logged(self, cast):
        sign_in(cast.frontdesk).post("/calls/callers/", {"number": "10000000001"})
        entry = AuditEntry.objects.get(action="personal_data.read")
        assert entry.actor == cast.frontdesk
        assert entry.data["ids"] == [cast.residents["owner"].pk]

    def test_similar_reports_show_while_it_is_written_down(self, cast, now):
        case = received(cast, now)
        data = {"community": "CH", "item": "facility.lift", "text": "三号电梯的按钮失灵了"}
        page = sign_in(cast.frontdesk).post("/calls/similar/", data).content.decode()
        assert case.number in page
        assert (
            case.number
            not in sign_in(cast.frontdesk).post("/calls/similar/", data | {"item": "environment.noise"}).content.decode()
        )


class TestWritingDown:
    def test_the_case_belongs_to_the_caller_with_the_call_kept(self, cast, now):
        answer = send(cast, filled(cast, now))
        case = Case.objects.get()
        assert answer["Location"] == f"/cases/{case.pk}/"
        assert (case.resident, case.home, case.community, case.channel) == (
            cast.residents["owner"],
            cast.home,
            cast.community,
            "phone",
        )
        assert case.received_at == now + timedelta(minutes=3)
        assert case.call == {"number": "10000000001", "started_at": case.received_at.isoformat(), "seconds": 95}
        assert case.entered_by == cast.frontdesk
        assert case.contact_phone == ""
        assert "通话 1 分钟" in sign_in(cast.frontdesk).get(answer["Location"]).content.decode()

    def test_without_javascript_the_length_stays_blank(self, cast, now):
        send(cast, filled(cast, now, seconds=""))
        assert Case.objects.get().call["seconds"] is None

    def test_a_form_that_lay_open_since_yesterday_says_nothing_of_the_beginning(self, cast, now):
        send(cast, filled(cast, now, started_at=(now - timedelta(hours=20)).isoformat()))
        case = Case.objects.get()
        assert case.received_at == now + timedelta(minutes=5)
        assert case.call["started_at"] is None

    def test_a_clock_that_runs_ahead_does_no_harm(self, cast, now):
        send(cast, filled(cast, now, started_at=(now + timedelta(hours=1)).isoformat()))
        assert Case.objects.get().received_at == now + timedelta(minutes=5)

    def test_a_stranger_leaves_a_number_and_a_name(self, cast, now):
        send(cast, filled(cast, now, who="", number="10000008888", contact_name="快递员", home=""))
        case = Case.objects.get()
        assert (case.resident, case.home, case.contact_name, case.contact_phone) == (None, None, "快递员", "10000008888")

    def test_a_home_can_be_typed(self, cast, now):
        send(cast, filled(cast, now, who="none", number="10000008888", home="3-2-1202"))
        assert Case.objects.get().home == cast.neighbour_home

    def test_a_slip_of_paper_keeps_its_own_time(self, cast, now):
        send(cast, filled(cast, now, channel="paper", received_at="2026-11-22T09:30"))
        case = Case.objects.get()
        assert case.received_at == now - timedelta(hours=24, minutes=30)
        assert case.call is None

    def test_the_kind_follows_from_the_words_unless_it_is_said(self, cast, now):
        send(cast, filled(cast, now, text="表扬张师傅，谢谢"))
        send(cast, filled(cast, now, key="k2", kind="help"))
        assert set(Case.objects.values_list("kind", flat=True)) == {"praise", "help"}

    def test_it_is_assigned_at_once(self, cast, now):
        send(cast, filled(cast, now, then="assign", handler="handler"))
        case = Case.objects.get()
        assert (case.state, case.handler) == ("assigned", cast.handler)

    def test_answered_at_once_it_is_received_taken_resolved_and_told(self, cast, now):
        send(cast, filled(cast, now, then="answered", answer="请到一楼前台办理"))
        case = Case.objects.get()
        assert (case.state, case.handler) == ("resolved", cast.frontdesk)
        assert case.told_at is not None
        assert list(case.events.order_by("id").values_list("action", flat=True)) == [
            "receive",
            "assign",
            "start",
            "resolve",
            "tell",
        ]
        assert ResultNotice.objects.filter(case=case, method="phone", reached=True).exists()

    def test_answered_at_once_and_confidential_nobody_is_phoned(self, cast, now):
        send(cast, filled(cast, now, then="answered", answer="已劝阻", confidential="on"))
        case = Case.objects.get()
        assert case.state == "resolved"
        assert not ResultNotice.objects.filter(case=case, method="phone").exists()

    def test_the_same_form_sent_twice_makes_one_case(self, cast, now):
        for _time in range(2):
            assert send(cast, filled(cast, now, then="assign", handler="handler")).status_code == 302
        assert send(cast, filled(cast, now, then="answered", answer="好了")).status_code == 302
        assert Case.objects.count() == 1

    def test_htmx_is_told_where_to_go_on(self, cast, now):
        assert send(cast, filled(cast, now), **HTMX)["HX-Redirect"] == f"/cases/{Case.objects.get().pk}/"


class TestNothingIsLost:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"item": ""}, "请选择是哪方面的事"),
            ({"text": "", "location": "大堂"}, "请填写这一项"),
            ({"then": "assign"}, "请选择指派给谁"),
            ({"then": "answered", "answer": " "}, "请写明当场答复了什么"),
            ({"who": "", "home": "9-9-9999"}, "没有这个房号"),
            ({"received_at": "2027-01-01T08:00", "channel": "paper"}, "反映时间不能晚于现在"),
        ],
    )
    def test_a_refused_form_comes_back_as_it_was(self, cast, now, changes, sentence):
        answer = send(cast, filled(cast, now, **changes), **HTMX)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert changes.get("text", "电梯按钮不灵") in page
        assert 'value="k1"' in page
        assert 'value="10000000001"' in page
        assert not Case.objects.exists()

    def test_the_chosen_person_stays_chosen(self, cast, now):
        page = send(cast, filled(cast, now, item="", number="10000000")).content.decode()
        assert f'value="{cast.residents["owner"].pk}:{cast.home.pk}" checked' in page

    def test_a_person_of_another_company_cannot_be_smuggled_in(self, cast, now):
        send(cast, filled(cast, now, who=f"{cast.residents['stranger'].pk}:"))
        assert Case.objects.get().resident is None

    def test_a_home_of_another_company_cannot_be_typed(self, cast, now):
        assert send(cast, filled(cast, now, who="", home="1-101")).status_code == 422
        assert send(cast, filled(cast, now, community="WR")).status_code == 422

    def test_a_handler_has_no_phone_log(self, cast, now):
        assert send(cast, filled(cast, now), person="handler").status_code == 403
