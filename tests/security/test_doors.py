"""The ways in: redirects, hosts, guessing, sessions, the second step, tokens, consent."""

import itertools
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from linsheng.accounts.actions import create_token, give_consent, reset_password, set_active, withdraw_consent
from linsheng.accounts.models import Consent, OneTimeCode
from linsheng.communities.actions import end_post, sign_in_by_phone
from linsheng.core import clock
from tests.security.addresses import patterns

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "\t//evil.example",
)
PASSWORD = "correct-horse-battery"


@pytest.fixture
def desk(cast):
    cast.frontdesk.set_password(PASSWORD)
    cast.frontdesk.save()
    return cast.frontdesk


def sign_in(client: Client, username="frontdesk", password=PASSWORD, **extra):
    return client.post("/sign-in/", {"username": username, "password": password}, **extra)


def leads_away(location: str) -> bool:
    return not re.match(r"^/(?![/\\])", location) and not location.startswith("http://testserver/")


# Redirects


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_nowhere_else(client, desk, address):
    answer = client.post(f"/sign-in/?next={address}", {"username": "frontdesk", "password": PASSWORD, "next": address})
    assert answer.status_code == 302 and not leads_away(answer["Location"])


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_page_sends_one_elsewhere(client, desk, address):
    client.force_login(desk, backend="linsheng.accounts.backends.AccountBackend")
    posts = ("accounts:preferences", "accounts:consent", "messaging:mark_all_read", "feedback:bulk", "accounts:change_password")
    for name in posts:
        answer = client.post(reverse(name), {"next": address, "answer": "agree", "action": "start"})
        assert answer.status_code != 302 or not leads_away(answer["Location"]), name
    for name in ("accounts:sign_in", "communities:phone_sign_in"):
        answer = client.get(reverse(name), {"next": address})
        assert answer.status_code != 302 or not leads_away(answer["Location"]), name


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example", "//evil.example/..", "/\\evil.example"])
def test_choosing_a_community_leads_back_to_the_same_page_and_nowhere_else(client, desk, path):
    client.force_login(desk, backend="linsheng.accounts.backends.AccountBackend")
    # The test client would read such an address as a host of its own.
    answer = client.get("/", PATH_INFO=path, QUERY_STRING="switch_community=CH")
    assert answer.status_code == 404 or not leads_away(answer["Location"]), answer["Location"]
    assert client.get("/cases/", {"switch_community": "CH"})["Location"].endswith("/cases/")


def test_choosing_a_community_makes_no_session_for_strangers(client, db):
    client.get("/sign-in/", {"switch_community": "CH"})
    assert "sessionid" not in client.cookies


def test_an_unknown_host_is_refused_and_stands_in_no_link(client, cast, settings):
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400
    settings.ALLOWED_HOSTS = ["*"]
    secret = create_token(user=cast.owner, name="x", by=None, now=clock.now()).secret
    case = {"community": "CH", "kind": "repair", "item": "facility.lift", "text": "坏了"}
    headers = {"authorization": f"Bearer {secret}", "host": "evil.example"}
    answer = client.post("/api/v1/cases", case, content_type="application/json", headers=headers)
    assert answer.status_code == 201 and "evil" not in answer.content.decode() and not mail.outbox


# Guessing


def test_a_password_is_not_guessed_whatever_address_is_claimed(client, desk, settings):
    statuses = [
        sign_in(client, password=f"wrong-{n}", headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(settings.AXES_FAILURE_LIMIT + 2)
    ]
    assert statuses[-1] == 429
    assert sign_in(client).status_code == 429


def test_many_names_are_not_tried_from_one_address(client, desk):
    statuses = [sign_in(client, username=f"name{n}", password="password123").status_code for n in range(80)]
    assert statuses[-1] == 429 and statuses[40] != 429
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(other).status_code == 302


def test_an_unknown_name_and_a_wrong_password_look_alike(client, desk):
    def shown(username: str) -> str:
        page = sign_in(client, username=username, password="wrong-password").content.decode()
        return re.sub(r'(value|name)="[^"]*"', "", page)

    assert shown("frontdesk") == shown("nobody-at-all")


def test_a_number_that_nobody_has_looks_like_any_other(client, cast, settings):
    def shown(phone: str) -> tuple[int, str]:
        answer = Client().post("/sign-in/phone/", {"phone": phone}, follow=True)
        return answer.status_code, re.sub(r'value="[^"]*"|1\d\d\*{4}\d{4}', "", answer.content.decode())

    assert shown("10000000001") == shown("10000000099")


def test_a_code_gives_five_tries_in_all_from_any_number_of_addresses(cast, monkeypatch):
    monkeypatch.setattr("linsheng.accounts.actions.codes.secrets.randbelow", lambda _n: 123456)
    client = Client()
    client.post("/sign-in/phone/", {"phone": "10000000001"})
    for n in range(5):
        client.post(
            "/sign-in/code/", {"code": f"00000{n}"}, headers={"x-forwarded-for": f"203.0.113.{n}"}, REMOTE_ADDR=f"203.0.113.{n}"
        )
    answer = client.post("/sign-in/code/", {"code": "123456"})
    assert answer.status_code == 422 and "_auth_user_id" not in client.session
    assert OneTimeCode.objects.get().tries == 5


def test_codes_are_not_sent_without_end_whatever_address_is_claimed(cast):
    statuses = [
        Client().post("/sign-in/phone/", {"phone": f"1000000{n:04d}"}, headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(32)
    ]
    assert statuses[-1] == 429


# Sessions, the second step, tokens


def test_a_changed_password_ends_every_other_session(client, desk):
    other = Client()
    sign_in(client), sign_in(other)
    new = "another-horse-battery"
    assert client.post("/me/password/", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_signing_in_takes_another_session_key(client, desk):
    client.get("/sign-in/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client)
    assert client.session.session_key != session.session_key


def test_signing_out_is_final(client, desk):
    sign_in(client)
    key = client.cookies["sessionid"].value
    client.post("/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/me/").status_code == 302


@pytest.fixture
def second_step(desk):
    from django_otp.plugins.otp_totp.models import TOTPDevice

    return TOTPDevice.objects.create(user=desk, name="totp", confirmed=True)


def test_the_password_alone_opens_nothing_where_there_is_a_second_step(client, desk, second_step):
    assert sign_in(client)["Location"] == "/sign-in/second-step/"
    for address in ("/", "/me/", "/cases/", "/me/second-step/off/", "/me/tokens/", "/me/password/", "/consent/"):
        answer = client.get(address)
        assert answer.status_code == 302 and "/sign-in" in answer["Location"], address


def test_the_second_step_is_not_guessed(client, desk, second_step):
    for _round in range(3):
        sign_in(client)
        for n in range(6):
            client.post("/sign-in/second-step/", {"code": f"{n:06d}"})
    assert "_auth_user_id" not in client.session
    second_step.refresh_from_db()
    assert second_step.throttling_failure_count >= 1


def test_no_text_message_goes_round_the_second_step(cast, desk, second_step):
    from linsheng.core.errors import Forbidden

    desk.phone = "10000000055"
    desk.save()
    with pytest.raises(Forbidden):
        sign_in_by_phone(phone="10000000055", now=clock.now())


def token_works(secret: str) -> int:
    return Client().get("/api/v1/cases", headers={"authorization": f"Bearer {secret}"}).status_code


def test_a_token_ends_with_its_user(cast):
    secret = create_token(user=cast.frontdesk, name="x", by=None, now=clock.now()).secret
    assert token_works(secret) == 200
    set_active(user=cast.frontdesk, active=False, by=cast.administrator, now=clock.now())
    assert token_works(secret) == 401


def test_a_token_made_by_somebody_else_s_hand_ends_when_the_password_is_reset(cast):
    secret = create_token(user=cast.frontdesk, name="x", by=None, now=clock.now()).secret
    reset_password(user=cast.frontdesk, by=cast.administrator, now=clock.now())
    assert token_works(secret) == 401


def test_a_token_may_no_more_than_its_user_now_may(cast):
    secret = create_token(user=cast.frontdesk, name="x", by=None, now=clock.now()).secret
    end_post(post=cast.frontdesk.posts.get(), by=cast.administrator, now=clock.now())
    answer = Client().get("/api/v1/communities", headers={"authorization": f"Bearer {secret}"})
    assert answer.json()["items"] == []


def test_a_token_stands_nowhere_but_on_the_page_that_made_it(client, desk):
    sign_in(client)
    page = client.post("/me/tokens/", {"name": "电话系统"}).content.decode()
    secret = re.search(r"ls_[\w-]{40,}", page).group()
    assert secret not in client.get("/me/tokens/").content.decode()
    from linsheng.accounts.models import ApiToken
    from linsheng.audit.models import AuditEntry

    assert not ApiToken.objects.filter(hash=secret).exists()
    assert all(secret not in str(entry.data) for entry in AuditEntry.objects.all())


# Consent


@pytest.mark.parametrize("path", ["/home/", "/report/", "/my/cases/", "/me/", "/notices/", "/me/tokens/", "/me/data/"])
def test_nobody_goes_past_the_privacy_text(cast, path, monkeypatch):
    monkeypatch.setattr("linsheng.accounts.actions.codes.secrets.randbelow", lambda _n: 123456)
    client = Client()
    client.post("/sign-in/phone/", {"phone": "10000000001"})
    client.post("/sign-in/code/", {"code": "123456"})
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 302 and answer["Location"].startswith("/consent/")
    client.post("/consent/", {"answer": "agree"})
    assert client.get(path).status_code == 200


def test_who_takes_their_consent_back_leaves_no_token_behind(cast):
    give_consent(user=cast.owner, now=clock.now())
    secret = create_token(user=cast.owner, name="x", by=cast.owner, now=clock.now()).secret
    withdraw_consent(user=cast.owner, now=clock.now() + timedelta(seconds=1))
    assert token_works(secret) == 401 and not Consent.objects.filter(withdrawn_at=None).exists()


# Forged requests

# Programs of providers call these: by a signature or an address that only they know, never by a cookie.
CALLED_BY_PROGRAMS = {"messaging:wechat", "messaging:sms_receipts"}


def test_every_form_needs_its_own_page(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator, backend="linsheng.accounts.backends.AccountBackend")
    for name, found in patterns():
        if name.startswith("api"):
            continue
        arguments = {argument: 1 if "int" in str(kind).lower() else "x" for argument, kind in found.pattern.converters.items()}
        answer = client.post(reverse(name, kwargs=arguments), {})
        refused = (403, 404) if name in CALLED_BY_PROGRAMS else (403,)
        assert answer.status_code in refused, f"{name}: {answer.status_code}"


def test_the_api_takes_no_cookie_for_a_token(cast, client):
    client.force_login(cast.manager, backend="linsheng.accounts.backends.AccountBackend")
    assert client.get("/api/v1/cases").status_code == 401
    assert client.post("/api/v1/cases", {}, content_type="application/json").status_code == 401
    assert len(list(itertools.islice(patterns(), 5))) == 5
