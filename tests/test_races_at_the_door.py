"""Many at once where only one may get through: claim codes, one-time codes, limits, the last administrator."""

from datetime import timedelta

import pytest

from conftest import NOW, make_cast
from linsheng.accounts import actions as accounts
from linsheng.accounts.limits import Limit, take
from linsheng.accounts.models import Attempt, OneTimeCode, User
from linsheng.accounts.permissions import Role
from linsheng.accounts.tests.outbox import Outbox
from linsheng.communities import actions
from linsheng.communities.actions import Claimant, PostFacts
from linsheng.communities.models import Post, Residency
from linsheng.core.errors import DomainError
from linsheng.feedback.tests.racing import race, shareable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(tmp_path, settings):
    """The cast in a database that threads share."""
    settings.SMS_SENDER = "linsheng.accounts.tests.outbox.Outbox"
    Outbox.sent, Outbox.broken = [], False
    with shareable(tmp_path):
        yield make_cast()


def succeeded(outcomes):
    """How many went through; whatever else happened must be a sentence, never an accident."""
    assert all(outcome is None or not isinstance(outcome, Exception) or isinstance(outcome, DomainError) for outcome in outcomes), (
        outcomes
    )
    return sum(not isinstance(outcome, Exception) for outcome in outcomes)


def test_of_twenty_claims_of_one_letter_one_succeeds(company):
    code = actions.print_claim_codes(homes=[company.home], by=None, now=NOW)[0].code

    def claim(number):
        found = actions.find_claim(code=code, ip=f"192.0.2.{number}", now=NOW)
        return actions.claim_home(claim=found, who=Claimant(f"住户{number}", f"100000001{number:02d}"), now=NOW)

    assert succeeded(race(*[lambda n=n: claim(n) for n in range(20)])) == 1
    assert Residency.objects.filter(home=company.home, until=None).count() == 2


def test_a_code_is_used_once_by_twenty_at_once(company):
    accounts.send_code(phone="10000000001", ip="192.0.2.1", now=NOW)
    code = Outbox.code()

    def use(number):
        return accounts.check_code(phone="10000000001", code=code, ip=f"192.0.2.{number}", now=NOW)

    assert succeeded(race(*[lambda n=n: use(n) for n in range(20)])) == 1


def test_guesses_at_once_have_five_tries_together(company):
    accounts.send_code(phone="10000000001", ip="192.0.2.1", now=NOW)
    wrong = "000000" if Outbox.code() != "000000" else "000001"

    def guess(number):
        return accounts.check_code(phone="10000000001", code=wrong, ip=f"192.0.2.{number}", now=NOW)

    outcomes = race(*[lambda n=n: guess(n) for n in range(20)])
    assert succeeded(outcomes) == 0
    assert OneTimeCode.objects.get().tries == 5
    assert sum("不对" in str(outcome) for outcome in outcomes) == 5


def test_a_limit_is_not_passed_by_asking_at_once(company):
    limit = Limit("race", 5, timedelta(hours=1))
    assert succeeded(race(*[lambda: take(limit, "key", now=NOW) for _n in range(20)])) <= 5
    assert Attempt.objects.filter(scope="race").count() <= 5


def test_twenty_requests_send_at_most_one_message(company):
    race(*[lambda: accounts.send_code(phone="10000000001", ip="192.0.2.1", now=NOW) for _n in range(20)])
    assert len(Outbox.sent) <= 1


def test_two_first_sign_ins_make_one_account(company):
    home_number = "10000000077"
    actions.move_in(home=company.home, facts=actions.PersonFacts("新人", home_number), kind="owner", by=None, now=NOW)
    outcomes = race(*[lambda: actions.sign_in_by_phone(phone=home_number, now=NOW) for _n in range(10)])
    assert succeeded(outcomes) == 10
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert User.objects.filter(phone=home_number).count() == 1


def test_two_administrators_cannot_end_each_others_posts(company):
    second = actions.create_staff(
        organisation=company.organisation, username="second", name="二", post=PostFacts(role=Role.ADMINISTRATOR), by=None, now=NOW
    ).user
    posts = [Post.objects.select_related("organisation", "community").get(user=user) for user in (company.administrator, second)]
    outcomes = race(
        lambda: actions.end_post(post=posts[0], by=None, now=NOW),
        lambda: actions.end_post(post=posts[1], by=None, now=NOW),
    )
    assert succeeded(outcomes) == 1
    assert Post.objects.filter(role=Role.ADMINISTRATOR, organisation=company.organisation, ended_at=None).count() == 1
