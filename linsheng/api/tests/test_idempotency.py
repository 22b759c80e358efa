"""``Idempotency-Key`` when the same request comes ten times at once, on both databases."""

import pytest

from conftest import make_cast
from linsheng.api.models import KeptAnswer
from linsheng.feedback.models import Case, CaseEvent
from linsheng.feedback.tests.racing import race, shareable

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def cast(transactional_db, tmp_path):
    """The cast, in a database that threads share."""
    with shareable(tmp_path):
        yield make_cast()


def test_ten_times_the_same_key_at_once_make_one_case_and_one_answer(call, new_case):
    caller = call("owner")
    answers = race(*[lambda: caller.post("cases", new_case, key="once")] * 10)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Case.objects.count() == KeptAnswer.objects.count() == 1


def test_ten_actions_with_one_key_at_once_happen_once(call, new_case):
    owner = call("owner")
    pk = owner.post("cases", new_case).json()["id"]
    answers = race(*[lambda: owner.post(f"cases/{pk}/urge", {"text": "快点"}, key="hurry")] * 10)
    assert {answer.status_code for answer in answers} == {200} and len({answer.content for answer in answers}) == 1
    assert CaseEvent.objects.filter(action="urge").count() == 1


def test_one_key_for_two_people_is_two_keys(call, new_case):
    first, second = call("owner"), call("neighbour")
    answers = race(lambda: first.post("cases", new_case, key="k"), lambda: second.post("cases", new_case, key="k"))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Case.objects.count() == 2
