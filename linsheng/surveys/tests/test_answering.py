"""Answering by a code: without an account, once a home, safely repeated, in words where it is refused."""

import pytest
from django.test import Client
from django.urls import reverse

from linsheng.surveys import actions
from linsheng.surveys.answers import clean, questions_of
from linsheng.surveys.models import Ballot, SealedAnswer
from linsheng.surveys.sealing import unseal
from linsheng.surveys.tests.factories import code_of, filled, open_wave, posted, version_of


@pytest.fixture
def wave(cast):
    from linsheng.core import clock

    return open_wave(cast.community, clock.now())


@pytest.fixture
def phone() -> Client:
    return Client(enforce_csrf_checks=False)


def answer(client, wave, home, *, key="k1", seed=1, **changes):
    client.get(f"/s/{code_of(wave, home)}")
    return client.post("/s/", posted(wave, filled(wave.version, seed, **changes), key))


def test_the_code_leaves_the_address_at_once(phone, wave, cast):
    first = phone.get(f"/s/{code_of(wave, cast.home)}")
    assert first.status_code == 302 and first["Location"] == "/s/"
    cookie = first.cookies["ballot"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/s/"
    page = phone.get("/s/").content.decode()
    assert "总的来说" in page and "匿名" in page and code_of(wave, cast.home) not in page
    assert cast.home.number not in page and "sessionid" not in phone.cookies


def test_an_answer_is_taken_thanked_for_and_used_up(phone, wave, cast):
    sent = answer(phone, wave, cast.home)
    assert sent.status_code == 302 and sent["Location"] == "/s/done/"
    assert "谢谢您" in phone.get("/s/done/").content.decode()
    ballot = Ballot.objects.get(wave=wave, home=cast.home)
    assert ballot.state == "answered" and ballot.mode == "web" and ballot.entered_by is None
    content = unseal(wave, SealedAnswer.objects.get().sealed)
    assert set(content) == {"values", "stratum", "tenure", "mode"}
    again = Client().get(f"/s/{code_of(wave, cast.home)}")
    assert again.status_code == 410 and "已经用过" in again.content.decode()


def test_casting_an_answer_takes_three_queries(wave, cast, django_assert_num_queries):
    """The ballot, its mark, the urn; between two of a savepoint here. A whole building may answer in the same second."""
    given = {"code": code_of(wave, cast.home), "wave_id": wave.pk, "given": filled(wave.version)}
    other = given | {"code": code_of(wave, cast.neighbour_home)}
    actions.cast_answer(**given, key="k1", now=wave.opened_at)
    with django_assert_num_queries(5):
        actions.cast_answer(**other, key="k2", now=wave.opened_at)


def test_the_same_form_sent_again_is_no_second_answer_and_no_error(phone, wave, cast):
    assert answer(phone, wave, cast.home).status_code == 302
    again = phone.post("/s/", posted(wave, filled(wave.version, 1), "k1"))
    assert again.status_code == 302 and SealedAnswer.objects.count() == 1
    other = phone.post("/s/", posted(wave, filled(wave.version, 2), "k2"))
    assert other.status_code == 410 and SealedAnswer.objects.count() == 1


def test_a_wrong_code_is_refused_in_words_and_counted(wave, cast):
    client = Client()
    for code in ("WRONG", "A" * 27, "x" * 200, "编码"):
        assert client.get(f"/s/{code}").status_code == 404
    for _again in range(16):
        client.get("/s/" + "B" * 27)
    assert client.get("/s/" + "C" * 27).status_code == 429
    # A right one is let in all the same: a neighbourhood may share an address.
    assert client.get(f"/s/{code_of(wave, cast.home)}").status_code == 302


def test_a_code_is_read_as_people_type_it(phone, wave, cast):
    code = code_of(wave, cast.home)
    typed = " ".join(code[i : i + 3] for i in range(0, 27, 3)).lower()
    assert phone.post("/s/", {"code": typed}).status_code == 302
    assert "总的来说" in phone.get("/s/").content.decode()


def test_without_a_code_there_is_a_field_for_it(phone):
    page = phone.get("/s/")
    assert page.status_code == 200 and 'name="code"' in page.content.decode()
    assert phone.get("/s/done/").status_code == 302


def test_a_ballot_of_another_wave_is_refused(phone, wave, cast, now):
    from linsheng.core import clock

    other = open_wave(cast.community, clock.now(), title="另一次")
    phone.get(f"/s/{code_of(other, cast.home)}")
    assert phone.post("/s/", posted(wave, filled(wave.version), "k")).status_code == 409
    # A row copied in the database keeps the hash of a code that was made with the other wave's secret.
    ballot = Ballot.objects.get(wave=other, home=cast.home)
    code, hashed = code_of(wave, cast.home), Ballot.objects.get(wave=wave, home=cast.home).code_hash
    Ballot.objects.filter(wave=wave, home=cast.home).update(code_hash="gone")
    Ballot.objects.filter(pk=ballot.pk).update(code_hash=hashed)
    assert Client().get(f"/s/{code}").status_code == 404
    assert not SealedAnswer.objects.exists()


def test_a_replaced_letter_is_worth_nothing(wave, cast, now):
    old = code_of(wave, cast.home)
    actions.replace_letter(
        ballot=Ballot.objects.select_related("wave", "home__community").get(home=cast.home), by=cast.manager, now=now
    )
    assert Client().get(f"/s/{old}").status_code == 404
    assert Client().get(f"/s/{code_of(wave, cast.home)}").status_code == 302


def test_an_empty_form_is_shown_again(phone, wave, cast):
    phone.get(f"/s/{code_of(wave, cast.home)}")
    again = phone.post("/s/", {"wave": wave.pk, "key": "k"})
    assert again.status_code == 422 and "还没有选任何答案" in again.content.decode()
    assert phone.post("/s/", posted(wave, {"overall": ["7"]})).status_code == 422
    assert not SealedAnswer.objects.exists()


def test_gated_answers_count_only_where_the_gate_is_open(cast):
    questions = questions_of(version_of(cast.organisation))
    given = filled(version_of(cast.organisation), 3)
    assert "complaint.handling" in clean(questions, given)
    closed = clean(questions, given | {"complaint.made": ["no"]})
    assert "complaint.handling" not in closed and "complaint.followup" not in closed


def test_no_contact_stays_apart_from_marks(cast):
    questions = questions_of(version_of(cast.organisation))
    values = clean(
        questions, {"overall": ["4"], "facility.lift": ["na"], "recommend": ["0"], "open.improve": ["灯\x00亮\r\n点" + "字" * 600]}
    )
    assert values["facility.lift"] == "na" and values["recommend"] == 0 and values["overall"] == 4
    assert values["open.improve"].startswith("灯亮\n点") and len(values["open.improve"]) == 500


def test_all_pages_and_all_sealed_answers_are_equally_long(wave, cast):
    sizes, sealed = set(), set()
    for place, home in enumerate((cast.home, cast.neighbour_home)):
        client = Client()
        client.get(f"/s/{code_of(wave, home)}")
        page = client.get("/s/")
        sizes.add(len(page.content))
        client.post("/s/", posted(wave, filled(wave.version, place, **{"open.good": ["好" * 500 * place]})))
        sizes.add(len(page.content))
        sealed.add(len(SealedAnswer.objects.order_by("pk").last().sealed))
    assert len(sizes) == len(sealed) == 1


def test_a_resident_answers_from_the_app_and_the_to_do_goes(wave, cast):
    client = Client()
    client.force_login(cast.owner, backend="linsheng.accounts.backends.AccountBackend")
    home = client.get(reverse("feedback:home")).content.decode()
    assert "下半年满意度调查" in home
    assert client.get(reverse("surveys:mine", args=[wave.pk]))["Location"] == "/s/"
    assert client.post("/s/", posted(wave, filled(wave.version))).status_code == 302
    assert f"/surveys/mine/{wave.pk}/" not in client.get(reverse("feedback:home")).content.decode()
    assert client.get(reverse("surveys:mine", args=[wave.pk])).status_code == 404


def test_answering_costs_a_fixed_number_of_queries(wave, cast, django_assert_max_num_queries):
    client = Client()
    client.get(f"/s/{code_of(wave, cast.home)}")
    with django_assert_max_num_queries(8):
        client.get("/s/")
    with django_assert_max_num_queries(9):
        client.post("/s/", posted(wave, filled(wave.version)))


def test_english_is_one_switch_away(phone, wave, cast):
    phone.get(f"/s/{code_of(wave, cast.home)}")
    page = phone.get("/s/", headers={"accept-language": "en"}).content.decode()
    assert "Overall, how satisfied" in page and "Very satisfied" in page


def test_linked_waves_say_so_first(cast, phone):
    from linsheng.core import clock

    linked = open_wave(cast.community, clock.now(), mode="linked")
    phone.get(f"/s/{code_of(linked, cast.home)}")
    assert "这次调查是记名的" in phone.get("/s/").content.decode()


def test_my_data_says_that_the_home_answered_and_never_what(wave, cast, now):
    from linsheng.surveys.privacy import ballots_of

    actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=filled(wave.version), key="k", now=now)
    (row,) = ballots_of(cast.owner)
    assert (row["home"], row["state"], row["anonymity"]) == (cast.home.number, "已答", "匿名")
    assert ballots_of(cast.stranger) == []
