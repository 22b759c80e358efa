"""Fifty at once with one ballot, and answers while the wave closes."""

import pytest

from conftest import NOW, make_cast
from linsheng.core.errors import DomainError
from linsheng.feedback.tests.racing import race, shareable
from linsheng.surveys import actions
from linsheng.surveys.models import Answer, Ballot, SealedAnswer
from linsheng.surveys.tests.factories import add_homes, code_of, filled, open_wave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(tmp_path):
    with shareable(tmp_path):
        yield make_cast()


def test_fifty_posts_with_one_ballot_leave_one_answer(company):
    wave = open_wave(company.community, NOW)
    code, given = code_of(wave, company.home), filled(wave.version)

    def send(number):
        return actions.cast_answer(code=code, wave_id=wave.pk, given=given, key=f"k{number}", now=NOW)

    outcomes = race(*[lambda n=n: send(n) for n in range(50)])
    assert all(isinstance(outcome, Ballot | DomainError) for outcome in outcomes), outcomes
    assert sum(isinstance(outcome, Ballot) for outcome in outcomes) == 1
    assert SealedAnswer.objects.count() == 1


def test_the_same_form_fifty_times_at_once_is_one_answer_and_no_error(company):
    wave = open_wave(company.community, NOW)
    code, given = code_of(wave, company.home), filled(wave.version)
    outcomes = race(*[lambda: actions.cast_answer(code=code, wave_id=wave.pk, given=given, key="k", now=NOW)] * 50)
    assert all(isinstance(outcome, Ballot) for outcome in outcomes), outcomes
    assert SealedAnswer.objects.count() == 1


def test_whoever_answers_while_the_wave_closes_is_counted_or_told(company):
    homes = add_homes(company.community, 1, 12)
    wave = open_wave(company.community, NOW)
    codes, given = [code_of(wave, home) for home in homes], filled(wave.version)

    def send(code):
        return actions.cast_answer(code=code, wave_id=wave.pk, given=given, key="k", now=NOW)

    outcomes = race(*[lambda c=c: send(c) for c in codes], lambda: actions.close_wave(wave=wave, by=None, now=NOW))
    assert all(not isinstance(outcome, Exception) or isinstance(outcome, DomainError) for outcome in outcomes), outcomes
    assert Answer.objects.filter(wave=wave).count() == sum(isinstance(outcome, Ballot) for outcome in outcomes)
    assert not SealedAnswer.objects.exists()
