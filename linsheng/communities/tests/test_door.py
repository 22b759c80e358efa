"""Residents at the door: a number and a code, or the code of a printed letter."""

from datetime import timedelta

import pytest
from django.test import Client

from linsheng.accounts.models import OneTimeCode, User
from linsheng.communities import actions
from linsheng.communities.actions import Claimant
from linsheng.communities.models import ClaimCode, Residency, Resident
from linsheng.core.errors import Conflict, Forbidden, Invalid, TooMany

pytestmark = pytest.mark.django_db
PHONE, CODE = "/sign-in/phone/", "/sign-in/code/"
IP = "192.0.2.1"


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def ask(client, phone):
    return client.post(PHONE, {"phone": phone})


def test_number_and_code_sign_a_resident_in(client, cast, outbox):
    assert ask(client, "100 0000 0001").headers["Location"] == CODE
    assert "100****0001" in client.get(CODE).content.decode()
    assert client.post(CODE, {"code": outbox.code()}).headers["Location"] == "/"
    assert int(client.session["_auth_user_id"]) == cast.owner.pk


def test_the_first_time_makes_an_account_and_links_every_company(client, cast, outbox):
    number = "10000000077"
    for organisation in (cast.organisation, cast.foreign_organisation):
        Resident.objects.create(organisation=organisation, name="新人", phone=number)
    ask(client, number)
    client.post(CODE, {"code": outbox.code()})
    user = User.objects.get(phone=number)
    assert (user.name, user.has_usable_password(), user.residents.count()) == ("新人", False, 2)


def test_the_answer_is_the_same_for_a_number_nobody_knows(cast, outbox):
    known, unknown = Client(), Client()
    first, second = ask(known, "10000000001"), ask(unknown, "10000000555")
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert known.get(CODE).status_code == unknown.get(CODE).status_code == 200
    assert len(outbox.sent) == 2


def test_a_number_nobody_knows_gets_a_friendly_page_and_no_account(client, cast, outbox):
    ask(client, "10000000555")
    page = client.post(CODE, {"code": outbox.code()}).content.decode()
    assert "还没有登记您的住房" in page
    assert "0755-10000000" in page
    assert "/claim/" in page
    assert not is_signed_in(client)
    assert not User.objects.filter(phone="10000000555").exists()


def test_a_wrong_code_does_not_open(client, cast, outbox):
    ask(client, "10000000001")
    response = client.post(CODE, {"code": "000000" if outbox.code() != "000000" else "000001"})
    assert response.status_code == 422
    assert not is_signed_in(client)


def test_brute_force_ends_with_the_code(client, cast, outbox):
    ask(client, "10000000001")
    right = outbox.code()
    for n in range(5):
        client.post(CODE, {"code": f"{(int(right) + n + 1) % 10**6:06d}"})
    assert client.post(CODE, {"code": right}).status_code == 422
    assert not is_signed_in(client)


def test_the_code_belongs_to_the_browser_that_asked(cast, outbox):
    ask(Client(), "10000000001")
    other = Client()
    assert other.post(CODE, {"code": outbox.code()}).headers["Location"] == PHONE
    assert not is_signed_in(other)


def test_asking_again_too_soon_says_how_long_to_wait(client, cast, outbox):
    ask(client, "10000000001")
    response = client.post(CODE, {"resend": "1"})
    assert response.status_code == 429
    assert "秒后再试" in response.content.decode()


def test_a_forged_forwarding_header_does_not_widen_the_limit(cast, outbox):
    answers = [Client().post(PHONE, {"phone": f"100000{n:05d}"}, headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]


def test_a_message_cannot_replace_the_password_of_staff(client, cast, outbox):
    User.objects.filter(pk=cast.manager.pk).update(phone="10000000088")
    Resident.objects.create(organisation=cast.organisation, name="赵经理", phone="10000000088")
    ask(client, "10000000088")
    response = client.post(CODE, {"code": outbox.code()})
    assert response.status_code == 403
    assert "用户名和密码" in response.content.decode()
    assert not is_signed_in(client)
    # The home is connected all the same: who has the number lives there.
    assert Resident.objects.get(phone="10000000088").user == cast.manager


def test_a_switched_off_account_stays_outside(client, cast, outbox):
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    ask(client, "10000000001")
    assert client.post(CODE, {"code": outbox.code()}).status_code == 403


def test_the_session_key_changes_when_the_code_was_right(client, cast, outbox):
    ask(client, "10000000001")
    before = client.cookies["sessionid"].value
    client.post(CODE, {"code": outbox.code()})
    assert client.cookies["sessionid"].value != before


def test_after_signing_in_the_privacy_text_comes_first(client, cast, outbox):
    ask(client, "10000000001")
    client.post(CODE, {"code": outbox.code()})
    assert client.get("/me/").headers["Location"].startswith("/consent/")


# Claims


@pytest.fixture
def letter(cast, now):
    return actions.print_claim_codes(homes=[cast.home], by=cast.frontdesk, now=now)[0]


def claim_with(letter, now, phone="10000000066", name="新住户", kind="tenant"):
    found = actions.find_claim(code=letter.code, ip=IP, now=now)
    return actions.claim_home(claim=found, who=Claimant(name=name, phone=phone, kind=kind), now=now)


def test_a_letter_and_a_code_make_a_resident(client, cast, outbox, letter):
    assert client.post("/claim/", {"code": letter.spaced.lower()}).headers["Location"] == "/claim/home/"
    page = client.get("/claim/home/").content.decode()
    assert "翠湖苑" in page
    assert "3-2-1201" in page
    answer = client.post("/claim/home/", {"name": "新住户", "kind": "tenant", "phone": "10000000066"})
    assert answer.headers["Location"] == "/claim/code/"
    assert client.post("/claim/code/", {"code": outbox.code()}).headers["Location"] == "/"
    user = User.objects.get(phone="10000000066")
    assert int(client.session["_auth_user_id"]) == user.pk
    residency = Residency.objects.get(resident__user=user)
    assert (residency.home, residency.kind) == (cast.home, "tenant")


def test_the_letters_qr_code_brings_the_code_along(client, letter):
    assert letter.code in client.get(f"/claim/?code={letter.code}").content.decode()


def test_somebody_signed_in_needs_no_second_message(cast, enter, outbox, letter):
    client = enter("neighbour")
    client.post("/claim/", {"code": letter.code})
    assert client.post("/claim/home/", {"name": "邻居乙", "kind": "family"}).headers["Location"] == "/"
    assert outbox.sent == []
    assert Residency.objects.filter(home=cast.home, resident=cast.residents["neighbour"], kind="family").exists()


def test_a_number_proved_a_moment_ago_is_not_asked_for_again(client, cast, outbox, letter):
    ask(client, "10000000555")
    client.post(CODE, {"code": outbox.code()})
    client.post("/claim/", {"code": letter.code})
    client.post("/claim/home/", {"name": "新住户", "kind": "owner"})
    assert len(outbox.sent) == 1
    assert User.objects.get(phone="10000000555").residents.get().residencies.get().home == cast.home


def test_the_code_is_not_stored(letter):
    row = ClaimCode.objects.get()
    assert letter.code not in row.code_hash
    assert len(row.code_hash) == 64


def test_a_claim_works_once(cast, letter, now):
    claim_with(letter, now)
    with pytest.raises(Invalid, match="已使用"):
        actions.find_claim(code=letter.code, ip=IP, now=now)


def test_of_two_claims_at_once_one_succeeds(cast, letter, now):
    first = actions.find_claim(code=letter.code, ip=IP, now=now)
    second = actions.find_claim(code=letter.code, ip=IP, now=now)
    actions.claim_home(claim=first, who=Claimant("甲", "10000000061"), now=now)
    with pytest.raises(Conflict, match="刚刚"):
        actions.claim_home(claim=second, who=Claimant("乙", "10000000062"), now=now)
    assert not User.objects.filter(phone="10000000062").exists()
    assert Residency.objects.filter(home=cast.home, until=None).count() == 2


def test_a_claim_ends_after_sixty_days_and_with_a_new_letter(cast, letter, now):
    with pytest.raises(Invalid):
        actions.find_claim(code=letter.code, ip=IP, now=now + timedelta(days=60))
    actions.print_claim_codes(homes=[cast.home], by=cast.frontdesk, now=now)
    with pytest.raises(Invalid):
        actions.find_claim(code=letter.code, ip=IP, now=now)


def test_ten_wrong_claims_an_hour_from_one_address(cast, letter, now):
    for n in range(10):
        with pytest.raises(Invalid):
            actions.find_claim(code=f"WRONG{n:05d}", ip=IP, now=now)
    with pytest.raises(TooMany):
        actions.find_claim(code=letter.code, ip=IP, now=now)
    actions.find_claim(code=letter.code, ip="192.0.2.2", now=now)


def test_right_claims_are_not_counted(cast, letter, now):
    for _n in range(20):
        actions.find_claim(code=letter.code, ip=IP, now=now)


def test_the_record_without_a_number_becomes_the_claimants(cast, letter, now):
    known = Resident.objects.create(organisation=cast.organisation, name="王奶奶")
    Residency.objects.create(home=cast.home, resident=known, kind="owner")
    user = claim_with(letter, now, name="王奶奶")
    known.refresh_from_db()
    assert (known.user, known.phone) == (user, "10000000066")
    assert Residency.objects.filter(home=cast.home, resident=known).count() == 1


def test_the_companys_record_of_a_number_is_used_whatever_name_was_typed(cast, letter, now):
    user = claim_with(letter, now, phone="10000000002", name="邻居已")
    assert user == cast.neighbour
    assert Resident.objects.get(phone="10000000002").name == "邻居乙"


def test_staff_numbers_cannot_claim_by_message(cast, letter, now):
    User.objects.filter(pk=cast.manager.pk).update(phone="10000000088")
    with pytest.raises(Forbidden):
        claim_with(letter, now, phone="10000000088")
    assert ClaimCode.objects.get().used_at is None


def test_letters_are_for_those_who_may_edit_the_roster_here(cast, now):
    for person in (cast.handler, cast.outsider, cast.auditor):
        with pytest.raises(Forbidden):
            actions.print_claim_codes(homes=[cast.home], by=person, now=now)


def test_a_building_gets_a_sheet_a_home_and_the_codes_work(enter, cast, now):
    response = enter("frontdesk").post(f"/buildings/{cast.building.pk}/letters/")
    page = response.content.decode()
    assert page.count("page letter") == 2
    assert "no-store" in response.headers["Cache-Control"]
    code = response.context["letters"][0][0].code
    assert f"{code[:5]} {code[5:]}" in page


def test_the_address_on_paper_is_not_taken_from_the_host_header(enter, cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    page = enter("frontdesk").post(f"/homes/{cast.home.pk}/letter/", headers={"host": "evil.example"}).content.decode()
    assert "evil.example" not in page
    assert settings.SITE_URL in page


def test_codes_by_message_and_by_letter_are_apart(cast, letter, now, outbox):
    assert not OneTimeCode.objects.exists()
    with pytest.raises(Invalid):
        actions.find_claim(code="123456", ip=IP, now=now)


def test_behind_our_own_proxy_each_caller_is_counted_apart(cast, outbox, settings):
    settings.TRUSTED_PROXIES = 1
    # What the caller wrote stands before what our proxy added: only the last is believed.
    callers = [f"203.0.113.9, 198.51.100.{n}" for n in range(31)]
    answers = [
        Client().post(PHONE, {"phone": f"100000{n:05d}"}, headers={"X-Forwarded-For": hops}).status_code
        for n, hops in enumerate(callers)
    ]
    assert set(answers) == {302}
