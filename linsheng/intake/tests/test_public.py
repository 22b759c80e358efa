"""The public form: nobody signs in, nothing typed is lost, machines get nowhere, and the same form is one case."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from linsheng.accounts.models import Attempt
from linsheng.communities.models import Residency
from linsheng.core import clock
from linsheng.feedback.models import Case, Channel
from linsheng.intake.actions.places import create_place, reissue_place, retire_place
from linsheng.intake.limits import BY_ADDRESS, BY_PHONE
from linsheng.intake.models import PublicReport
from linsheng.intake.stamps import fresh_stamp, read_stamp

TEXT = "二楼走廊的灯不亮了"


@pytest.fixture
def place(cast, now):
    return create_place(community=cast.community, building=cast.building, spot="2号电梯", by=None, now=now)


@pytest.fixture
def general(cast, now):
    return create_place(community=cast.community, by=None, now=now)


def filled(place, *, seconds=30, **more):
    key = fresh_stamp(place.code, clock.now() - timedelta(seconds=seconds))
    return {"key": key, "item": "facility.lift", "text": TEXT, "urgency": "normal", **more}


def send(client, place, data=None, **headers):
    return client.post(reverse("intake:public_form", args=[place.code]), data or filled(place), **headers)


def jpeg():
    out = BytesIO()
    Image.new("RGB", (40, 30), (90, 140, 90)).save(out, "JPEG")
    return SimpleUploadedFile("灯.jpg", out.getvalue(), "image/jpeg")


def test_the_place_is_filled_in_and_the_item_proposed(client, place):
    page = client.get(f"/q/{place.code}").content.decode()
    assert "3栋 2号电梯" in page and "0755-10000000" in page
    assert 'value="facility.lift"' in page and "checked" in page


def test_a_report_becomes_a_case_with_its_place_and_leads_to_the_link_to_keep(client, place):
    answer = send(client, place, filled(place, phone="+86 138 0000 1234", name="周先生", location="轿厢里", photos=[jpeg()]))
    case = Case.objects.get()
    assert (case.channel, case.building, case.location) == (Channel.QR, place.building, "3栋 2号电梯 轿厢里")
    assert (case.contact_phone, case.contact_name, case.resident, case.photos.count()) == ("13800001234", "周先生", None, 1)
    assert (PublicReport.objects.get().place, case.entered_by) == (place, None)
    page = client.get(answer["Location"])
    assert case.number in page.content.decode() and f"/t/{case.track_token}/" in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert client.get(reverse("feedback:track", args=[case.track_token])).status_code == 200


def test_the_thanks_of_a_case_need_its_own_link(client, place, general):
    send(client, place)
    case = Case.objects.get()
    assert client.get(reverse("intake:public_done", args=[place.code, "x"])).status_code == 404
    assert client.get(reverse("intake:public_done", args=[general.code, case.track_token])).status_code == 404


def test_who_asks_to_stay_unknown_leaves_neither_name_nor_number(client, place):
    send(client, place, filled(place, phone="13800001234", name="周先生", confidential="on"))
    case = Case.objects.get()
    assert (case.confidential, case.contact_phone, case.contact_name) == (True, "", "")


def test_a_number_typed_makes_nobody_s_account_the_reporter(client, cast, place):
    send(client, place, filled(place, phone=cast.residents["owner"].phone))
    assert Case.objects.get().resident is None


def test_the_same_form_twice_is_one_case_and_new_words_are_added(client, place):
    data = filled(place)
    first, second = send(client, place, dict(data)), send(client, place, dict(data))
    assert first["Location"] == second["Location"]
    send(client, place, {**data, "text": "三楼的也不亮"})
    case = Case.objects.get()
    assert [event.text for event in case.events.filter(action="add")] == ["三楼的也不亮"]
    assert Attempt.objects.filter(scope=BY_ADDRESS.scope).count() == 1


def test_holes_are_said_beside_their_fields_and_the_rest_is_kept(client, place):
    answer = send(client, place, filled(place, item="", text="灯坏了", phone="12"))
    page = answer.content.decode()
    assert answer.status_code == 422 and not Case.objects.exists()
    assert "请点选是哪方面的事" in page and "请核对电话号码" in page and "灯坏了" in page


def test_machines_that_are_too_quick_or_fill_everything_in_are_asked_once_more(client, place):
    for data, words in (
        (filled(place, seconds=0), "提交得太快了"),
        (filled(place, website="http://spam.example"), "多填了一栏"),
        (filled(place, key="made-up"), "再点一次"),
        (filled(place, key=""), "再点一次"),
        (filled(place, seconds=8 * 86400), "放得太久"),
    ):
        answer = send(client, place, data)
        page = answer.content.decode()
        assert answer.status_code == 422 and words in page and TEXT in page
    assert not Case.objects.exists()


def test_a_form_that_lay_too_long_goes_through_at_the_second_try(client, place, settings):
    settings.PUBLIC_FORM_SECONDS = 0
    page = send(client, place, filled(place, seconds=8 * 86400))
    assert b"data-key-renewed" in page.content
    key = page.context["form"].data["key"]
    assert send(client, place, filled(place, key=key)).status_code == 302


def test_a_form_of_another_place_does_not_count_here(client, place, general):
    assert send(client, place, filled(general)).status_code == 422
    assert read_stamp(fresh_stamp(place.code, clock.now()), general.code, clock.now()) is None


@pytest.fixture
def tight(monkeypatch):
    """Two an hour from one address, one from one phone."""
    from dataclasses import replace

    monkeypatch.setattr("linsheng.intake.limits.BY_ADDRESS", replace(BY_ADDRESS, number=2))
    monkeypatch.setattr("linsheng.intake.limits.BY_PHONE", replace(BY_PHONE, number=1))


def test_too_many_from_one_address_get_a_kind_sentence_and_lose_nothing(client, place, tight):
    # A made-up header is another address in each request, and changes nothing.
    answers = [send(client, place, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}") for n in range(3)]
    page = answers[2].content.decode()
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert TEXT in page and "您写的内容都还在" in page and "0755-10000000" in page


def test_behind_our_own_proxy_only_what_it_saw_counts(client, place, tight, settings):
    settings.TRUSTED_PROXIES = 1
    forged = [send(client, place, HTTP_X_FORWARDED_FOR=f"10.9.8.{n}, 198.51.100.7").status_code for n in range(3)]
    honest = send(client, place, HTTP_X_FORWARDED_FOR="198.51.100.8").status_code
    assert (forged, honest) == ([302, 302, 429], 302)


def test_one_household_s_ipv6_is_one_address(client, place, tight):
    answers = [send(client, place, REMOTE_ADDR=f"2001:db8:1:2::{n}").status_code for n in range(1, 4)]
    assert answers == [302, 302, 429]


def test_one_number_cannot_be_used_over_and_over(client, place, general, tight):
    first = send(client, place, filled(place, phone="13800001234"), REMOTE_ADDR="198.51.100.1")
    second = send(client, general, filled(general, phone="138-0000-1234"), REMOTE_ADDR="198.51.100.2")
    assert (first.status_code, second.status_code) == (302, 429)


def test_what_was_refused_does_not_count(client, place, tight):
    for _n in range(3):
        send(client, place, filled(place, location="x" * 41))
    assert send(client, place).status_code == 302


def test_a_resident_who_is_signed_in_gets_the_place_in_their_own_form(client, cast, place):
    client.force_login(cast.owner)
    answer = client.get(f"/q/{place.code}", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][0].startswith("/report/?place=lift&location=")
    assert "3栋 2号电梯" in page


def test_somebody_who_lives_elsewhere_gets_the_public_form(client, cast, place):
    client.force_login(cast.stranger)
    assert "不用登录" in client.get(f"/q/{place.code}").content.decode()
    assert send(client, place).status_code == 302
    assert Case.objects.get().resident is None


def test_who_moved_out_gets_the_public_form(client, cast, place):
    Residency.objects.filter(resident=cast.residents["owner"]).update(until="2026-01-01")
    client.force_login(cast.owner)
    assert client.get(f"/q/{place.code}").status_code == 200


def test_staff_are_sent_to_their_own_form(client, cast, place):
    client.force_login(cast.frontdesk)
    assert "您是工作人员" in client.get(f"/q/{place.code}").content.decode()
    assert send(client, place).status_code == 403


def test_a_code_out_of_use_shows_whom_to_call_and_the_general_entry(client, cast, place, general, now):
    new = reissue_place(place=place, by=None, now=now)
    answer = client.get(f"/q/{place.code}")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "0755-10000000" in page and general.code in page and new.code not in page
    assert send(client, place).status_code == 410
    retire_place(place=general, by=None, now=now)
    assert general.code not in client.get(f"/q/{place.code}").content.decode()


def test_a_code_that_nobody_gave_out_helps_on(client, cast):
    answer = client.get("/q/WRONGCODE2")
    page = answer.content.decode()
    assert answer.status_code == 404 and "标牌上的码" in page and "0755-10000000" in page


def test_the_general_entry_lists_communities_and_takes_typed_codes(client, place, general):
    page = client.get("/q/").content.decode()
    assert general.code in page and place.code not in page
    typed = client.get("/q/", {"code": f"{place.code[:5]} {place.code[5:].lower()}"}, follow=True)
    assert "3栋 2号电梯" in typed.content.decode()
    assert "没有找到这个小区" in client.get("/q/", {"q": "别处"}).content.decode()
    for door in ("communities:phone_sign_in",):
        assert 'href="/q/"' in client.get(reverse(door)).content.decode()


def test_the_whole_community_asks_for_the_building(client, cast, general):
    send(client, general, filled(general, building=cast.building.pk, location="大堂"))
    case = Case.objects.get()
    assert (case.building, case.location) == (cast.building, "3栋 大堂")


def test_words_of_danger_bring_the_telephone_at_once(client, place):
    hints = client.post(reverse("intake:public_hints", args=[place.code]), {"text": "电梯困人了", "item": "facility.lift"})
    assert "tel:119" in hints.content.decode() and "tel:0755-10000000" in hints.content.decode()
    quiet = client.post(reverse("intake:public_hints", args=[place.code]), {"text": "灯不亮"})
    assert "tel:" not in quiet.content.decode()
    answer = send(client, place, filled(place, text="电梯困人了"), follow=True)
    assert "tel:119" in answer.content.decode()


def test_strangers_learn_nothing_of_what_neighbours_said(client, cast, place):
    send(client, place)
    page = client.post(reverse("intake:public_hints", args=[place.code]), {"text": TEXT, "item": "facility.lift"}).content.decode()
    assert "我也遇到" not in page


def test_the_form_speaks_english_where_it_is_asked_to(client, place):
    client.cookies["django_language"] = "en"
    page = client.get(f"/q/{place.code}").content.decode()
    assert "Your phone" in page and "不用登录" not in page


def test_a_limit_is_kept_whatever_the_order_in_which_attempts_are_written(db, now):
    """Whoever began first may write last: of eight at once, only two get through."""
    from linsheng.accounts.limits import Limit, take
    from linsheng.core.errors import TooMany

    two, through = Limit("a test", 2, timedelta(hours=1)), 0
    for began in reversed(range(8)):
        try:
            take(two, "somebody", now=now + timedelta(milliseconds=began))
            through += 1
        except TooMany:
            continue
    assert through == 2
