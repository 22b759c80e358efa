"""Proposals where people type: one tap takes them, nothing is chosen silently, and what was chosen is remembered."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linsheng.core import clock
from linsheng.feedback.models import Case
from linsheng.feedback.proposals import proposed_for
from linsheng.feedback.tests.staff_cases import sign_in
from linsheng.intake.actions.places import create_place
from linsheng.intake.models import ProposalChoice
from linsheng.intake.stamps import fresh_stamp

LIFT = "三号电梯按钮不灵"
LAMP = "楼道灯不亮，漆黑一片"


@pytest.fixture
def place(cast, now):
    return create_place(community=cast.community, by=None, now=now)


def ticket(cast, text):
    return proposed_for(cast.community, text).ticket


def call(cast, **values):
    plain = {"key": "k1", "channel": "phone", "community": "CH", "text": LIFT, "urgency": "normal", "then": "later"}
    return sign_in(cast.frontdesk).post("/calls/new/", plain | values)


def own(cast, **values):
    plain = {"key": "r1", "place": "lift", "text": LIFT, "urgency": "normal", "seen": "1"}
    return sign_in(cast.owner).post(reverse("feedback:report"), plain | values)


def public(client, place, **values):
    key = fresh_stamp(place.code, clock.now() - timedelta(seconds=30))
    plain = {"key": key, "text": LIFT, "urgency": "normal"}
    return client.post(reverse("intake:public_form", args=[place.code]), plain | values)


class TestWithoutJavaScript:
    def test_the_desk_asks_for_help_takes_a_proposal_and_loses_nothing(self, cast):
        page = call(cast, propose="1", number="123").content.decode()
        assert 'name="take" value="facility.lift"' in page and LIFT in page
        assert 'value="facility.lift" selected' not in page
        page = call(cast, take="facility.lift", number="123").content.decode()
        assert 'value="facility.lift" selected' in page and LIFT in page and 'value="123"' in page
        assert not Case.objects.exists()

    def test_a_resident_s_form_comes_back_with_proposals_and_all_that_was_typed(self, cast):
        page = own(cast, propose="1", location="靠左").content.decode()
        assert 'name="take" value="facility.lift"' in page and LIFT in page and 'value="靠左"' in page
        assert own(cast, propose="1").status_code == 200
        taken = own(cast, take="facility.lift").content.decode()
        assert 'name="item" value="facility.lift" id="id_item_' in taken and 'name="took" value="facility.lift"' in taken

    def test_the_public_form_too_with_its_key(self, client, place):
        answer = public(client, place, propose="1", name="周先生")
        page = answer.content.decode()
        assert answer.status_code == 200 and 'name="take" value="facility.lift"' in page and 'value="周先生"' in page
        assert not Case.objects.exists()

    def test_words_that_say_nothing_are_answered_with_a_hint(self, cast):
        assert "看不出是哪方面的事" in call(cast, propose="1", text="您好您好").content.decode()


class TestWhileTyping:
    def test_the_desk_sees_items_and_danger_with_its_button(self, cast):
        page = sign_in(cast.frontdesk).post(reverse("feedback:similar"), {"community": "CH", "text": "电梯困人"}).content.decode()
        assert 'data-take="facility.lift"' in page and "data-hurry" in page and "电梯困人" in page and "{#" not in page
        hurried = call(cast, hurry="1", text="电梯困人").content.decode()
        assert "已设为紧急" in hurried and not Case.objects.exists()

    def test_residents_see_another_item_only_where_it_differs_from_theirs(self, cast):
        client, url = sign_in(cast.owner), reverse("feedback:report_hints")
        assert "data-take" in client.post(url, {"item": "repair.home", "text": LIFT}).content.decode()
        agreeing = client.post(url, {"item": "facility.lift", "text": LIFT}).content.decode()
        assert "data-take" not in agreeing and 'name="proposed"' in agreeing
        assert "data-take" in client.post(url, {"say": LIFT}).content.decode()

    def test_strangers_get_proposals_by_the_place_s_company(self, client, place):
        page = client.post(reverse("intake:public_hints", args=[place.code]), {"say": LAMP}).content.decode()
        assert 'data-take="facility.lighting_roads"' in page


class TestRemembering:
    def test_what_was_proposed_and_taken_is_kept_by_every_door(self, cast, client, place):
        shown = {"item": "facility.lift", "proposed": ticket(cast, LIFT), "took": "facility.lift"}
        call(cast, **shown)
        own(cast, **shown)
        public(client, place, **shown)
        kept = list(ProposalChoice.objects.all())
        assert len(kept) == 3 and all((k.first, k.among, k.clicked, k.source) == (True, True, True, "lexicon") for k in kept)

    def test_what_was_not_taken_is_kept_too_and_a_forged_ticket_is_not(self, cast):
        call(cast, item="repair.home", proposed=ticket(cast, LIFT), took="facility.lift")
        kept = ProposalChoice.objects.get()
        assert (kept.first, kept.clicked) == (False, False)
        call(cast, key="k2", item="repair.home", proposed="facility.lift:lexicon:0")
        assert Case.objects.count() == 2 and ProposalChoice.objects.count() == 1
