"""Signing in with a password, the second step, and what a session may do before it is complete."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from linsheng.accounts.actions.sessions import PRIVACY_KEY
from linsheng.accounts.models import User
from linsheng.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"
CHANGED = {"old": PASSWORD, "new": "another-horse-42", "again": "another-horse-42"}
SIGN_IN = "/sign-in/"


@pytest.fixture
def staff(cast):
    cast.frontdesk.set_password(PASSWORD)
    cast.frontdesk.save()
    return cast.frontdesk


def sign_in(client, username="frontdesk", password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"username": username, "password": password, **extra.pop("data", {})}, **extra)


def is_signed_in(client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_right_password_signs_in(client, staff):
    assert sign_in(client).headers["Location"] == "/"
    assert is_signed_in(client)
    entry = AuditEntry.objects.get(action="account.sign_in")
    assert (entry.actor, entry.data["how"]) == (staff, "password")


@pytest.mark.parametrize(("username", "password"), [("frontdesk", "wrong"), ("nobody", PASSWORD), ("", ""), ("frontdesk", "")])
def test_wrong_ones_do_not_and_the_answer_tells_nothing(client, staff, username, password):
    response = sign_in(client, username, password)
    assert response.status_code == 422
    assert not is_signed_in(client)
    if username and password:
        assert "用户名或密码不对" in response.content.decode()


def test_a_switched_off_account_does_not_sign_in(client, staff):
    User.objects.update(is_active=False)
    assert sign_in(client).status_code == 422


def test_the_session_key_changes_at_sign_in(client, staff):
    client.session["x"] = 1
    client.session.save()
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = client.cookies["sessionid"].value if "sessionid" in client.cookies else session.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != before


def test_the_next_page_is_one_of_ours(client, staff):
    assert sign_in(client, data={"next": "/notices/"}).headers["Location"] == "/notices/"
    other = Client()
    assert sign_in(other, data={"next": "https://evil.example/"}).headers["Location"] == "/"


def test_eight_failures_lock_the_door_with_a_clear_page(client, staff):
    for _n in range(7):
        assert sign_in(client, password="wrong").status_code == 422
    response = sign_in(client, password="wrong")
    assert response.status_code == 429
    assert "登录暂时锁定" in response.content.decode()
    assert sign_in(client).status_code == 429
    assert not is_signed_in(client)


def test_a_forged_forwarding_header_does_not_unlock(client, staff):
    for n in range(8):
        sign_in(client, password="wrong", headers={"X-Forwarded-For": f"198.51.100.{n}"})
    assert sign_in(client, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429


def test_the_lock_is_for_one_name_from_one_address(client, staff):
    for _n in range(8):
        sign_in(client, password="wrong")
    assert sign_in(client, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_success_forgets_the_failures(client, staff):
    for _n in range(7):
        sign_in(client, password="wrong")
    sign_in(client)
    client.post("/sign-out/")
    assert sign_in(client, password="wrong").status_code == 422


def test_signing_out_needs_a_post(client, staff):
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_posts_without_a_csrf_token_are_refused(staff):
    assert Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "frontdesk", "password": PASSWORD}).status_code == 403


# Passwords and sessions


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, staff):
    other = Client()
    sign_in(client)
    sign_in(other)
    answer = client.post("/me/password/", CHANGED)
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_two_different_new_passwords_are_refused(client, staff):
    sign_in(client)
    response = client.post("/me/password/", {"old": PASSWORD, "new": "another-horse-42", "again": "another-horse-43"})
    assert response.status_code == 422
    assert "不一样" in response.content.decode()


def test_an_open_session_cannot_be_used_to_guess_the_password(client, staff):
    sign_in(client)
    tries = [client.post("/me/password/", {**CHANGED, "old": f"wrong{n}"}) for n in range(9)]
    assert [response.status_code for response in tries] == [422] * 8 + [429]


def test_signing_out_everywhere_keeps_this_device(client, staff):
    other = Client()
    sign_in(client)
    sign_in(other)
    client.post("/me/sessions/end/")
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_a_generated_password_must_be_changed_before_anything_else(client, staff):
    User.objects.filter(pk=staff.pk).update(must_change_password=True)
    sign_in(client)
    for page in ("/me/", "/notices/", "/homes/"):
        assert client.get(page).headers["Location"].startswith("/me/password/")
    assert client.post("/me/sessions/end/").headers["Location"].startswith("/me/password/")
    page = client.get("/me/password/")
    assert "请先设置自己的密码" in page.content.decode()
    answer = client.post("/me/password/", {**CHANGED, "next": "/notices/"})
    assert answer.headers["Location"] == "/notices/"
    assert is_signed_in(client)


def test_an_htmx_request_is_sent_to_the_owed_step_as_a_whole_page(client, staff):
    User.objects.filter(pk=staff.pk).update(must_change_password=True)
    sign_in(client)
    response = client.get("/notices/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith("/me/password/")


# The second step


def app_code(device, steps=0):
    return f"{totp(device.bin_key, t0=-30 * steps):06d}"


@pytest.fixture
def device(client, staff):
    """The front desk with the second step on, and signed out again."""
    sign_in(client)
    client.get("/me/second-step/")
    device = TOTPDevice.objects.get(user=staff)
    response = client.post("/me/second-step/", {"code": app_code(device)})
    assert response.status_code == 200
    client.recovery_codes = response.context["codes"]
    client.post("/sign-out/")
    # The code just used is used up; django-otp counts time steps.
    TOTPDevice.objects.update(last_t=-1)
    device.refresh_from_db()
    return device


def test_setting_up_shows_a_qr_code_and_the_recovery_codes_once(client, staff):
    sign_in(client)
    page = client.get("/me/second-step/").content.decode()
    assert "data:image/svg+xml" in page
    device = TOTPDevice.objects.get(user=staff)
    assert not device.confirmed
    assert client.post("/me/second-step/", {"code": "000000"}).status_code == 422
    device.refresh_from_db()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    response = client.post("/me/second-step/", {"code": app_code(device)})
    assert len(response.context["codes"]) == 8
    assert TOTPDevice.objects.get().confirmed
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in response.context["codes"]}


def test_turning_it_on_ends_the_sessions_without_it(client, staff):
    other = Client()
    sign_in(client)
    sign_in(other)
    client.get("/me/second-step/")
    client.post("/me/second-step/", {"code": app_code(TOTPDevice.objects.get())})
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_password_alone_gets_nowhere(client, device):
    assert sign_in(client).headers["Location"] == "/sign-in/second-step/"
    assert not is_signed_in(client)
    for page in ("/", "/homes/", "/me/data/", "/notices/"):
        assert client.get(page).status_code in {302, 404}
        assert "_auth_user_id" not in client.session


def test_the_right_code_opens_the_session(client, device):
    sign_in(client, data={"next": "/notices/"})
    assert client.post("/sign-in/second-step/", {"code": app_code(device)}).headers["Location"] == "/notices/"
    assert is_signed_in(client)
    assert AuditEntry.objects.filter(action="account.sign_in", data__second_step=True).exists()


def test_a_wrong_code_does_not_and_guessing_ends_soon(client, device):
    sign_in(client)
    codes = [client.post("/sign-in/second-step/", {"code": "000000"}).status_code for _n in range(6)]
    assert codes == [422] * 5 + [302]
    assert not is_signed_in(client)


def test_guessing_is_slowed_down_over_fresh_sign_ins_too(client, device):
    for _n in range(3):
        sign_in(client)
        client.post("/sign-in/second-step/", {"code": "000000"})
    sign_in(client)
    # Right, but too soon after wrong ones.
    assert client.post("/sign-in/second-step/", {"code": app_code(device)}).status_code == 422


def test_a_recovery_code_works_once(client, device):
    code = client.recovery_codes[0]
    sign_in(client)
    assert client.post("/sign-in/second-step/", {"code": code.lower()}).status_code == 302
    assert is_signed_in(client)
    client.post("/sign-out/")
    sign_in(client)
    assert client.post("/sign-in/second-step/", {"code": code}).status_code == 422


def test_an_app_code_works_once(client, device):
    sign_in(client)
    code = app_code(device)
    client.post("/sign-in/second-step/", {"code": code})
    client.post("/sign-out/")
    sign_in(client)
    assert client.post("/sign-in/second-step/", {"code": code}).status_code == 422


def test_the_waiting_second_step_ends_with_a_password_change(client, device, staff):
    sign_in(client)
    staff.set_password("another-horse-42")
    staff.save()
    assert client.post("/sign-in/second-step/", {"code": app_code(device)}).headers["Location"] == SIGN_IN


def test_the_waiting_second_step_ends_after_ten_minutes(client, device):
    sign_in(client)
    session = client.session
    session["second_step"] = {**session["second_step"], "until": time.time() - 1}
    session.save()
    assert client.post("/sign-in/second-step/", {"code": app_code(device)}).headers["Location"] == SIGN_IN


def test_turning_it_off_needs_the_password(client, device):
    sign_in(client)
    client.post("/sign-in/second-step/", {"code": app_code(device)})
    assert client.post("/me/second-step/off/", {"password": "wrong"}).status_code == 422
    assert client.post("/me/second-step/off/", {"password": PASSWORD}).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()


# Consent


def test_a_resident_agrees_before_anything_else(client, cast):
    cast.owner.set_password(PASSWORD)
    cast.owner.save()
    sign_in(client, "owner")
    assert client.get("/me/").headers["Location"].startswith("/consent/")
    assert client.get("/privacy/").status_code == 200
    client.post("/consent/", {"answer": "agree", "next": "/me/"})
    assert is_signed_in(client)
    again = Client()
    sign_in(again, "owner")
    assert is_signed_in(again)


def test_who_does_not_agree_is_signed_out(client, cast):
    cast.owner.set_password(PASSWORD)
    cast.owner.save()
    sign_in(client, "owner")
    assert client.post("/consent/", {"answer": "refuse"}).headers["Location"] == "/privacy/"
    assert not is_signed_in(client)


def test_a_new_version_is_asked_for_in_open_sessions_too(client, cast):
    client.force_login(cast.owner, backend="linsheng.accounts.backends.AccountBackend")
    session = client.session
    session[PRIVACY_KEY] = "2020-01"
    session.save()
    assert client.get("/me/").headers["Location"].startswith("/consent/")


def test_staff_are_informed_not_asked(client, staff):
    sign_in(client)
    assert is_signed_in(client)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "个人信息保护说明"), ("en", "How your personal data is protected")])
def test_the_text_stands_in_both_languages(client, language, words):
    client.cookies["django_language"] = language
    assert words in client.get("/privacy/").content.decode()


# Preferences


def test_text_size_and_language_are_kept_with_the_account_and_in_cookies(client, staff):
    sign_in(client)
    response = client.post("/preferences/", {"large_text": "1", "next": "/me/"})
    assert response.headers["Location"] == "/me/"
    assert response.cookies["text"].value == "large"
    client.post("/preferences/", {"language": "en"})
    staff.refresh_from_db()
    assert (staff.large_text, staff.language) == (True, "en")
    assert 'lang="en"' in client.get("/me/").content.decode()


def test_without_an_account_cookies_keep_them(client, db):
    client.post("/preferences/", {"large_text": "1"})
    client.post("/preferences/", {"language": "en"})
    page = client.get(SIGN_IN).content.decode()
    assert 'data-text="large"' in page
    assert 'lang="en"' in page


def test_an_unknown_language_is_refused(client, db):
    assert client.post("/preferences/", {"language": "xx"}).status_code == 422


def test_what_was_chosen_before_sign_in_goes_with_the_account(client, staff):
    client.post("/preferences/", {"language": "en"})
    sign_in(client)
    staff.refresh_from_db()
    assert staff.language == "en"


def test_what_the_account_says_comes_to_a_new_browser(client, staff):
    User.objects.filter(pk=staff.pk).update(language="en", large_text=True)
    response = sign_in(client)
    assert response.cookies["django_language"].value == "en"
    assert response.cookies["text"].value == "large"


# Tokens


def test_a_token_is_shown_once_and_can_be_revoked(client, staff, now):
    sign_in(client)
    page = client.post("/me/tokens/", {"name": "门禁程序"})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    again = client.get("/me/tokens/").content.decode()
    assert secret not in again
    assert "门禁程序" in again
    client.post(reverse("accounts:revoke_token", args=[staff.api_tokens.get().pk]))
    assert "门禁程序" not in client.get("/me/tokens/").content.decode()


def test_my_page_has_a_fixed_number_of_queries(client, cast, django_assert_max_num_queries):
    client.force_login(cast.owner, backend="linsheng.accounts.backends.AccountBackend")
    client.get("/me/")
    with django_assert_max_num_queries(14):
        assert client.get("/me/").status_code == 200


def test_my_page_works_for_staff_and_residents(client, cast):
    for person, word in ((cast.owner, "3-2-1201"), (cast.administrator, "管理员")):
        client.force_login(person, backend="linsheng.accounts.backends.AccountBackend")
        assert word in client.get("/me/").content.decode()


def test_expired_things_are_forgotten(cast, now):
    from linsheng.accounts.models import Attempt, OneTimeCode
    from linsheng.accounts.tasks import forget_expired

    old = now - timedelta(days=3)
    OneTimeCode.objects.create(phone="1", code_hash="x", created_at=old, expires_at=old)
    OneTimeCode.objects.create(phone="2", code_hash="x", created_at=now, expires_at=now)
    Attempt.objects.create(scope="x", key="x", at=old)

    class Job:
        pass

    job = Job()
    job.now = now
    assert forget_expired(job) == {"codes": 1, "attempts": 1, "tokens": 0}
