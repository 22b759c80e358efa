"""Keying in forms: the keys, two people, differences, and taking back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linsheng.core.errors import Conflict, Forbidden
from linsheng.surveys import actions
from linsheng.surveys.models import Answer, Ballot, PaperEntry, SealedAnswer
from linsheng.surveys.queries.questionnaires import asked, flat, keyed
from linsheng.surveys.tests.factories import code_of, filled, open_wave, plan_for, version_of
from linsheng.surveys.views.entry import typed_of, value_of


@pytest.fixture
def wave(cast):
    from linsheng.core import clock

    return open_wave(cast.community, clock.now())


def ballot_of(wave, home) -> Ballot:
    return Ballot.objects.select_related("wave__version__questionnaire", "home__community", "stratum").get(wave=wave, home=home)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="linsheng.accounts.backends.AccountBackend")
    return client


def keys(version, given) -> dict[str, str]:
    """A form as it is keyed."""
    found = {}
    for each in flat(asked(version)):
        if values := given.get(each.key):
            by_value = {choice.value: key for key, choice in keyed(each).items()}
            found[f"k-{each.key}"] = by_value.get(values[0], values[0])
    return found


def test_a_key_stands_for_a_choice_and_back(cast):
    by_key = {each.key: each for each in flat(asked(version_of(cast.organisation)))}
    assert value_of(by_key["facility.lift"], "5") == ["5"] and value_of(by_key["facility.lift"], "0") == ["na"]
    assert value_of(by_key["complaint.made"], "1") == ["yes"] and typed_of(by_key["complaint.made"], "no") == "2"
    assert value_of(by_key["recommend"], "0") == ["0"] and value_of(by_key["overall"], " ") == []
    for each, typed in (("overall", "0"), ("facility.lift", "6"), ("complaint.made", "3")):
        with pytest.raises(KeyError):
            value_of(by_key[each], typed)


def test_a_paper_form_counts_after_a_second_person_keyed_the_same(wave, cast, now):
    ballot, given = ballot_of(wave, cast.home), filled(wave.version, 4)
    assert actions.enter_answer(ballot=ballot, given=given, mode="paper", by=cast.frontdesk, now=now).state == "held"
    assert not SealedAnswer.objects.exists()
    with pytest.raises(Forbidden):
        actions.check_answer(ballot=ballot_of(wave, cast.home), given=given, by=cast.frontdesk, now=now)
    other = given | {"overall": ["1" if given["overall"] != ["1"] else "2"]}
    (found,) = actions.check_answer(ballot=ballot_of(wave, cast.home), given=other, by=cast.colleague, now=now)
    assert (found.key, found.first, found.second) == ("overall", int(given["overall"][0]), int(other["overall"][0]))
    assert not SealedAnswer.objects.exists()
    assert actions.check_answer(ballot=ballot_of(wave, cast.home), given=other, decided=True, by=cast.colleague, now=now) == []
    used = ballot_of(wave, cast.home)
    assert (used.state, used.mode, used.entered_by, used.checked_by) == ("answered", "paper", cast.frontdesk, cast.colleague)
    assert SealedAnswer.objects.count() == 1 and not PaperEntry.objects.exists()


def test_a_telephone_interview_counts_at_once(wave, cast, now):
    used = actions.enter_answer(
        ballot=ballot_of(wave, cast.home), given=filled(wave.version), mode="phone", by=cast.frontdesk, now=now
    )
    assert (used.state, used.mode) == ("answered", "phone")


def test_a_home_whose_form_is_keyed_answers_no_second_time(wave, cast, now):
    ballot, given = ballot_of(wave, cast.home), filled(wave.version)
    actions.enter_answer(ballot=ballot, given=given, mode="paper", by=cast.frontdesk, now=now)
    with pytest.raises(actions.Gone):
        actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=given, key="k", now=now)
    with pytest.raises(actions.Gone):
        actions.enter_answer(ballot=ballot_of(wave, cast.home), given=given, mode="paper", by=cast.colleague, now=now)
    actions.drop_entry(ballot=ballot_of(wave, cast.home), by=cast.frontdesk, now=now)
    actions.cast_answer(code=code_of(wave, cast.home), wave_id=wave.pk, given=given, key="k", now=now)
    with pytest.raises(Conflict):
        actions.drop_entry(ballot=ballot_of(wave, cast.home), by=cast.frontdesk, now=now)


def test_forms_that_nobody_checked_count_at_closing(wave, cast, now):
    actions.enter_answer(ballot=ballot_of(wave, cast.home), given=filled(wave.version), mode="paper", by=cast.frontdesk, now=now)
    actions.close_wave(wave=wave, by=None, now=now)
    assert Answer.objects.count() == 1 and not PaperEntry.objects.exists()
    assert ballot_of(wave, cast.home).entered_by == cast.frontdesk


def test_the_answer_says_nothing_of_who_entered_it(wave, cast, now):
    actions.enter_answer(ballot=ballot_of(wave, cast.home), given=filled(wave.version), mode="phone", by=cast.frontdesk, now=now)
    actions.close_wave(wave=wave, by=None, now=now)
    answer = Answer.objects.get()
    assert (answer.mode, answer.stratum, answer.tenure) == ("", None, "")


def test_a_form_is_keyed_and_checked_on_the_pages(wave, cast):
    first, second = signed_in(cast.frontdesk), signed_in(cast.colleague)
    found = first.post(reverse("surveys:entry"), {"wave": wave.pk, "mode": "paper", "number": cast.home.number})
    assert found.status_code == 302 and "mode=paper" in found["Location"]
    typed = keys(wave.version, filled(wave.version, 5)) | {"mode": "paper"}
    assert first.post(found["Location"], typed).status_code == 302
    to_check = second.post(reverse("surveys:entry"), {"wave": wave.pk, "mode": "paper", "number": cast.home.number})["Location"]
    assert to_check.endswith("/check/")
    changed = typed | {"k-overall": "1" if typed["k-overall"] != "1" else "2"}
    differing = second.post(to_check, changed)
    assert differing.status_code == 422 and "第一遍" in differing.content.decode() and "decided" in differing.content.decode()
    assert second.post(to_check, changed | {"decided": "1"}).status_code == 302
    assert SealedAnswer.objects.count() == 1


def test_a_wrong_key_is_shown_with_everything_else_kept(wave, cast):
    ballot = ballot_of(wave, cast.home)
    answer = signed_in(cast.frontdesk).post(
        reverse("surveys:enter_form", args=[ballot.pk]), {"mode": "paper", "k-overall": "9", "k-open.good": "很好的绿化"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "没有“9”这个选项" in page and "很好的绿化" in page


def test_the_form_says_which_keys_open_a_gate_and_begins_where_something_is_wrong(wave, cast):
    address = reverse("surveys:enter_form", args=[ballot_of(wave, cast.home).pk])
    client = signed_in(cast.frontdesk)
    page = client.get(address).content.decode()
    assert page.count('data-gate="k-complaint.made" data-gate-keys="1"') == 2
    assert 'name="k-overall" value="" inputmode="numeric" maxlength="30" data-kind="scale" data-keys="1,2,3,4,5" autofocus' in page
    again = client.post(address, {"mode": "paper", "k-overall": "4", "k-staff.attitude": "9"}).content.decode()
    assert again.count(" autofocus") == 1 and 'data-keys="1,2,3,4,5,0" autofocus' in again


def test_an_unknown_home_is_said(wave, cast):
    client = signed_in(cast.frontdesk)
    answer = client.post(reverse("surveys:entry"), {"wave": wave.pk, "mode": "paper", "number": "8-8"}, follow=True)
    assert "没有找到“8-8”" in answer.content.decode()
    by_serial = client.post(reverse("surveys:entry"), {"wave": wave.pk, "mode": "phone", "number": "0001"})
    assert "mode=phone" in by_serial["Location"]


def test_who_keyed_a_form_is_not_asked_to_key_it_again(wave, cast, now):
    ballot = ballot_of(wave, cast.home)
    actions.enter_answer(ballot=ballot, given=filled(wave.version), mode="paper", by=cast.frontdesk, now=now)
    address = reverse("surveys:check_entry", args=[ballot.pk])
    own, other = signed_in(cast.frontdesk).get(address), signed_in(cast.colleague).get(address)
    assert "请让同事来复核" in own.content.decode() and b"data-entry" not in own.content
    assert b"data-entry" in other.content


def test_a_plan_shows_the_dates_it_was_given(cast, now):
    """A date field of the browser is empty unless its value is written as 2026-07-01."""
    plan = plan_for(cast.community, now, results_on=(now + timedelta(days=30)).date())
    planned = actions.make_wave(plan=plan, by=None, now=now)
    page = signed_in(cast.manager).get(reverse("surveys:edit_wave", args=[planned.pk])).content.decode()
    assert f'value="{plan.ends_on.isoformat()}"' in page and f'value="{plan.results_on.isoformat()}"' in page
