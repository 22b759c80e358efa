"""A question gives what its query set gives, each time with the values of that time, and never an answer of before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from linsheng.accounts.models import ApiToken, User
from linsheng.core.questions import MOST_KEPT, Question
from linsheng.standards.models import Promise


def tokens(prefix, *, since, user):
    rows = ApiToken.objects.filter(user=user, created_at__gte=since, revoked_at=None).select_related("user")
    return rows.filter(prefix__gt=prefix).order_by("pk")


def promises(*, organisation, at, urgency):
    rows = Promise.objects.filter(version__organisation=organisation, version__effective_from__lte=at, urgency=urgency)
    return rows.select_related("calendar", "version").order_by("pk")


@pytest.fixture
def owned(cast, now):
    for number in range(6):
        user = (cast.owner, cast.manager)[number % 2]
        at = now + timedelta(days=number, microseconds=number)
        ApiToken.objects.create(user=user, name="甲乙", prefix=f"p{number}", hash=f"h{number}", created_at=at)
    return cast


def test_values_change_and_the_rows_with_them(owned, now):
    ask = Question(tokens, since=type(now), user=int)
    for user in (owned.owner, owned.manager, owned.director):
        for since in (now, now + timedelta(days=2), now + timedelta(days=2, microseconds=3), now + timedelta(days=9)):
            wanted = list(tokens("p0", since=since, user=user.pk))
            found = ask.rows("p0", since=since, user=user.pk)
            assert [vars(token) | {"_state": 0} for token in found] == [vars(token) | {"_state": 0} for token in wanted]
            assert [token.user.name for token in found] == [user.name] * len(wanted)


def test_related_rows_come_along_with_their_json_and_times(cast, now):
    ask = Question(promises, organisation=int, at=type(now), urgency=str)
    values = {"organisation": cast.organisation.pk, "at": now, "urgency": "normal"}
    wanted = list(promises(**values))
    ask.rows(**values)
    with CaptureQueriesContext(connection) as asked:
        found = ask.rows(**values)
        seen = [(p.pk, p.calendar and p.calendar.weekly, p.version.effective_from, p.version.organisation_id) for p in found]
    assert len(asked) == 1 and len(seen) > 10
    assert seen == [(p.pk, p.calendar and p.calendar.weekly, p.version.effective_from, p.version.organisation_id) for p in wanted]


def test_what_was_written_since_is_found(owned, now):
    ask = Question(tokens, since=type(now), user=int)
    values = {"since": now, "user": owned.owner.pk}
    before = ask.rows("p0", **values)
    ApiToken.objects.filter(pk=before[0].pk).update(revoked_at=now)
    assert [token.pk for token in ask.rows("p0", **values)] == [token.pk for token in before[1:]]


def test_an_instance_can_be_saved(owned, now):
    token = Question(tokens, since=type(now), user=int).rows("p0", since=now, user=owned.owner.pk)[0]
    token.name = "丙"
    token.save(update_fields=["name"])
    assert ApiToken.objects.get(pk=token.pk).name == "丙"


def test_what_cannot_be_found_is_not_asked_for(owned, now):
    ask = Question(lambda pks, *, phone: User.objects.filter(pk__in=pks, phone=phone), phone=str)
    with CaptureQueriesContext(connection) as asked:
        assert ask.rows(frozenset(), phone="1") == [] and ask.first(frozenset(), phone="1") is None
    assert not asked.captured_queries
    assert ask.first(frozenset({owned.owner.pk}), phone=owned.owner.phone) == owned.owner


def test_a_value_that_a_condition_changes_is_refused(owned):
    with pytest.raises(TypeError, match="name"):
        Question(lambda *, name: User.objects.filter(name__contains=name), name=str).rows(name="业主")


def test_a_hostile_value_is_a_value(owned):
    ask = Question(lambda *, name: User.objects.filter(name=name).exclude(pk=F("pk")), name=str)
    assert ask.rows(name="' OR 1=1 --") == []


def test_shapes_without_end_are_not_kept_without_end(owned, now):
    ask = Question(tokens, since=type(now), user=int)
    for number in range(MOST_KEPT + 20):
        ask.rows(f"q{number}", since=now, user=owned.owner.pk)
    assert len(connection._worded_questions) <= MOST_KEPT
