"""Tokens, passwords, consent, sessions, and the limits under them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linsheng.accounts import actions, limits
from linsheng.accounts.models import ApiToken, Attempt, Consent, OneTimeCode, User
from linsheng.accounts.privacy import exemptions
from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, Invalid, NotVisible, TooMany

pytestmark = pytest.mark.django_db
LIMIT = limits.Limit("test", 3, timedelta(hours=1))


@pytest.fixture
def user(now):
    return User.objects.create_user("lin", "correct-horse-battery", name="林")


def actions_recorded():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_token_opens_the_door_for_its_user(user, now):
    new = actions.create_token(user=user, name="电话系统", by=user, now=now)
    assert actions.authenticate_token(secret=new.secret, now=now) == user
    assert new.secret not in str(ApiToken.objects.values().get())
    assert actions_recorded() == ["token.create"]


def test_a_revoked_token_opens_nothing(user, now):
    new = actions.create_token(user=user, name="x", by=user, now=now)
    actions.revoke_token(token_id=new.token.pk, by=user, now=now)
    assert actions.authenticate_token(secret=new.secret, now=now) is None
    with pytest.raises(Conflict):
        actions.revoke_token(token_id=new.token.pk, by=user, now=now)


def test_a_token_of_a_switched_off_account_opens_nothing(user, now):
    new = actions.create_token(user=user, name="x", by=user, now=now)
    actions.set_active(user=user, active=False, by=None, now=now)
    assert actions.authenticate_token(secret=new.secret, now=now) is None


@pytest.mark.parametrize("secret", ["", "ls_", "ls_guess", "Bearer", "' OR 1=1"])
def test_guessed_tokens_open_nothing(user, now, secret):
    actions.create_token(user=user, name="x", by=user, now=now)
    assert actions.authenticate_token(secret=secret, now=now) is None


def test_nobody_revokes_anothers_token(user, now):
    new = actions.create_token(user=user, name="x", by=user, now=now)
    other = User.objects.create_user("chen", name="陈")
    with pytest.raises(NotVisible):
        actions.revoke_token(token_id=new.token.pk, by=other, now=now)


def test_the_use_of_a_token_is_noted_without_a_write_each_time(user, now, django_assert_num_queries):
    new = actions.create_token(user=user, name="x", by=user, now=now)
    actions.authenticate_token(secret=new.secret, now=now)
    with django_assert_num_queries(1):
        actions.authenticate_token(secret=new.secret, now=now + timedelta(minutes=1))
    actions.authenticate_token(secret=new.secret, now=now + timedelta(minutes=6))
    assert ApiToken.objects.get().last_used_at == now + timedelta(minutes=6)


def test_a_token_needs_a_purpose_and_there_are_not_endlessly_many(user, now):
    with pytest.raises(Invalid):
        actions.create_token(user=user, name="  ", by=user, now=now)
    for n in range(20):
        actions.create_token(user=user, name=str(n), by=user, now=now)
    with pytest.raises(Conflict):
        actions.create_token(user=user, name="21", by=user, now=now)


def test_changing_a_password_ends_sessions_and_is_recorded(user, now):
    user.must_change_password = True
    before = user.get_session_auth_hash()
    actions.change_password(user=user, old="correct-horse-battery", new="another-horse-42", now=now)
    user.refresh_from_db()
    assert user.check_password("another-horse-42")
    assert not user.must_change_password
    assert user.get_session_auth_hash() != before
    assert actions_recorded() == ["account.change_password", "account.end_sessions"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong", "another-horse-42", "old"),
        ("correct-horse-battery", "correct-horse-battery", "new"),
        ("correct-horse-battery", "short", "new"),
        ("correct-horse-battery", "12345678901", "new"),
        ("correct-horse-battery", "password1234", "new"),
    ],
)
def test_bad_new_passwords_are_refused_beside_their_field(user, now, old, new, field):
    if new == "password1234":
        new = "qwertyuiop"
    with pytest.raises(Invalid) as caught:
        actions.change_password(user=user, old=old, new=new, now=now)
    assert set(caught.value.fields) == {field}
    assert not AuditEntry.objects.exists()


def test_a_reset_password_must_be_changed(user, now):
    password = actions.reset_password(user=user, by=None, now=now)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    assert len(password) == 19


def test_generated_passwords_differ():
    assert len({actions.generated_password() for _n in range(50)}) == 50


def test_consent_is_kept_with_version_and_time_once(user, now):
    actions.give_consent(user=user, now=now)
    actions.give_consent(user=user, now=now + timedelta(days=1))
    consent = Consent.objects.get()
    assert (consent.version != "", consent.given_at) == (True, now)
    assert actions.has_agreed(user)


def test_withdrawn_consent_stays_on_record_and_can_be_given_again(user, now):
    actions.give_consent(user=user, now=now)
    actions.withdraw_consent(user=user, now=now + timedelta(days=1))
    assert not actions.has_agreed(user)
    with pytest.raises(Conflict):
        actions.withdraw_consent(user=user, now=now)
    actions.give_consent(user=user, now=now + timedelta(days=2))
    assert Consent.objects.count() == 2
    assert actions.has_agreed(user)


def test_consent_cannot_be_given_twice_at_once(user, now):
    actions.give_consent(user=user, now=now)
    given = Consent.objects.values("document", "version").get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(user=user, given_at=now, **given)


def test_people_whom_a_rule_exempts_are_not_asked(user, monkeypatch):
    monkeypatch.setattr(exemptions, "_rules", [lambda asked: asked.username == "lin"])
    assert actions.has_agreed(user)


def test_a_limit_lets_so_many_through_and_then_says_when(now):
    for _n in range(3):
        limits.take(LIMIT, "key", now=now)
    with pytest.raises(TooMany, match="60 分钟"):
        limits.take(LIMIT, "key", now=now)
    limits.take(LIMIT, "other", now=now)
    limits.take(LIMIT, "key", now=now + timedelta(hours=1))


def test_an_attempt_can_be_given_back(now):
    for _n in range(10):
        limits.take(LIMIT, "key", now=now).delete()
    assert not Attempt.objects.exists()


def test_clearing_forgets_one_key(now):
    limits.take(LIMIT, "key", now=now)
    limits.take(LIMIT, "other", now=now)
    limits.clear(LIMIT, "key")
    assert Attempt.objects.count() == 1


def test_an_erased_account_is_empty_and_closed(user, now):
    user.phone = "10000000001"
    user.email = "lin@example.com"
    user.save()
    token = actions.create_token(user=user, name="x", by=user, now=now)
    OneTimeCode.objects.create(phone=user.phone, code_hash="x", created_at=now, expires_at=now)
    actions.erase_user(user=user, organisation_id=None, by=None, now=now)
    kept = User.objects.get(pk=user.pk)
    assert (kept.name, kept.phone, kept.email, kept.is_active) == ("已注销", None, "", False)
    assert "lin" not in kept.username
    assert not kept.has_usable_password()
    assert actions.authenticate_token(secret=token.secret, now=now) is None
    assert not OneTimeCode.objects.exists()


def test_the_phone_of_another_account_cannot_be_taken(user, now):
    User.objects.create_user("chen", name="陈", phone="10000000002")
    with pytest.raises(Invalid) as caught:
        actions.change_phone(user=user, phone="10000000002", by=user, now=now)
    assert "phone" in caught.value.fields
