"""My data: seen, taken along, set right, deleted on request; and what staff do with the requests."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from linsheng.accounts.actions import give_consent
from linsheng.accounts.models import DataRequest, User
from linsheng.audit.models import AuditEntry
from linsheng.communities import actions, queries, tasks
from linsheng.communities.models import Home, Post, Residency, Resident
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.messaging.models import Notice

pytestmark = pytest.mark.django_db


def ask(cast, now, kind="delete", text="", user=None):
    return actions.request_data_change(user=user or cast.owner, kind=kind, text=text, now=now)


def answer(cast, request, now, done=True, text="", by=None):
    return actions.answer_data_request(request=request, done=done, answer=text, by=by or cast.manager, now=now)


def test_everything_known_is_shown_in_words(enter, cast):
    page = enter("owner").get("/me/data/").content.decode()
    for word in ("业主甲", "10000000001", "owner@example.com", "3-2-1201", "翠湖苑", "翠湖物业"):
        assert word in page
    assert "邻居乙" not in page


def test_the_download_holds_the_same_as_json_and_is_recorded(enter, cast):
    response = enter("owner").get("/me/data/export/")
    content = json.loads(response.content)
    assert content["account"][0]["phone"] == "10000000001"
    assert content["residencies"][0]["home"] == "3-2-1201"
    assert "attachment" in response.headers["Content-Disposition"]
    entry = AuditEntry.objects.get(action="personal_data.export")
    assert (entry.actor, entry.data["ids"]) == (cast.owner, [cast.owner.pk])


def test_no_secret_stands_in_the_download(enter, cast):
    text = enter("owner").get("/me/data/export/").content.decode()
    assert "password" not in text
    assert "hash" not in text


def test_name_and_address_are_set_right_everywhere(enter, cast):
    Resident.objects.filter(pk=cast.residents["owner"].pk).update(reachable=False)
    response = enter("owner").post("/me/data/profile/", {"name": "业主甲甲", "email": "new@example.com"})
    assert response.status_code == 302
    resident = Resident.objects.get(pk=cast.residents["owner"].pk)
    assert (resident.name, resident.email, resident.reachable) == ("业主甲甲", "new@example.com", True)
    assert User.objects.get(pk=cast.owner.pk).name == "业主甲甲"


def test_a_new_number_is_proved_by_a_code(enter, cast, outbox):
    client = enter("owner")
    client.post("/me/data/phone/", {"phone": "10000000041"})
    assert client.post("/me/data/phone/", {"code": "000000" if outbox.code() != "000000" else "1"}).status_code == 422
    assert User.objects.get(pk=cast.owner.pk).phone == "10000000001"
    client.post("/me/data/phone/", {"code": outbox.code()})
    assert User.objects.get(pk=cast.owner.pk).phone == "10000000041"
    assert Resident.objects.get(pk=cast.residents["owner"].pk).phone == "10000000041"


def test_anothers_number_is_not_taken(enter, cast, outbox):
    client = enter("owner")
    client.post("/me/data/phone/", {"phone": "10000000002"})
    response = client.post("/me/data/phone/", {"code": outbox.code()})
    assert response.status_code == 422
    assert "已有账号" in response.content.decode()


def test_a_number_the_desk_gave_to_somebody_else_is_not_taken(enter, cast, outbox):
    Resident.objects.create(organisation=cast.organisation, name="别人", phone="10000000042")
    client = enter("owner")
    client.post("/me/data/phone/", {"phone": "10000000042"})
    assert client.post("/me/data/phone/", {"code": outbox.code()}).status_code == 422
    assert User.objects.get(pk=cast.owner.pk).phone == "10000000001"


def test_one_open_request_of_a_kind(cast, now):
    ask(cast, now)
    with pytest.raises(Conflict, match="已有一份"):
        ask(cast, now)
    ask(cast, now, "correct", "门牌写错了")


def test_a_correction_says_what_is_wrong(cast, now):
    with pytest.raises(Invalid) as caught:
        ask(cast, now, "correct")
    assert "text" in caught.value.fields


def test_every_company_is_asked_for_itself(cast, now):
    Resident.objects.create(organisation=cast.foreign_organisation, name="业主甲", user=cast.owner)
    made = ask(cast, now)
    assert {request.organisation_id for request in made} == {cast.organisation.pk, cast.foreign_organisation.pk}
    assert list(queries.data_requests_visible_to(cast.administrator)) == [made[0]]
    assert list(queries.data_requests_visible_to(cast.outsider)) == [made[1]]


def test_somebody_whom_no_company_knows_is_deleted_at_once(cast, now):
    user = User.objects.create(username="r9", name="路人", phone="10000000091")
    assert ask(cast, now, user=user) == []
    user.refresh_from_db()
    assert (user.name, user.phone, user.is_active) == ("已注销", None, False)


def test_staff_in_a_post_ask_their_company(cast, now):
    with pytest.raises(Conflict, match="管理员"):
        ask(cast, now, user=cast.handler)


def test_deletion_takes_the_person_out_and_keeps_that_somebody_lived_there(cast, now):
    request = ask(cast, now)[0]
    session = Client()
    session.force_login(cast.owner, backend="linsheng.accounts.backends.AccountBackend")
    answer(cast, request, now)
    resident = Resident.objects.get(pk=cast.residents["owner"].pk)
    assert (resident.name, resident.phone, resident.email, resident.user) == ("已注销", "", "", None)
    user = User.objects.get(pk=cast.owner.pk)
    assert (user.name, user.phone, user.email, user.is_active) == ("已注销", None, "", False)
    assert Residency.objects.get(home=cast.home).until == date(2026, 11, 23)
    assert session.get("/me/").status_code == 302
    assert "业主甲" not in str(list(DataRequest.objects.values()))


def test_an_account_that_another_company_knows_stays(cast, now):
    Resident.objects.create(organisation=cast.foreign_organisation, name="业主甲", phone="10000000001", user=cast.owner)
    request = next(r for r in ask(cast, now) if r.organisation_id == cast.organisation.pk)
    answer(cast, request, now)
    assert User.objects.get(pk=cast.owner.pk).is_active
    assert Resident.objects.get(organisation=cast.foreign_organisation, user=cast.owner).name == "业主甲"
    assert Resident.objects.get(pk=cast.residents["owner"].pk).name == "已注销"


def test_a_refusal_gives_its_reason_and_is_told(cast, now):
    request = ask(cast, now)[0]
    with pytest.raises(Invalid):
        answer(cast, request, now, done=False)
    answer(cast, request, now, done=False, text="尚有未结清的费用")
    notice = Notice.objects.get(user=cast.owner)
    assert "尚有未结清的费用" in notice.body
    assert User.objects.get(pk=cast.owner.pk).is_active


def test_a_request_is_answered_once(cast, now):
    request = ask(cast, now)[0]
    answer(cast, request, now, done=False, text="x")
    with pytest.raises(Conflict):
        answer(cast, request, now)


@pytest.mark.parametrize("person", ["frontdesk", "director", "outsider", "owner"])
def test_only_those_who_may_answer(cast, now, person):
    request = ask(cast, now)[0]
    with pytest.raises(Forbidden):
        answer(cast, request, now, by=getattr(cast, person))


def test_a_manager_does_not_erase_somebody_who_also_lives_elsewhere_in_the_company(cast, now):
    other = Home.objects.create(
        community=cast.other_community, building=cast.other_community.buildings.create(name="1栋"), number="1-1"
    )
    Residency.objects.create(home=other, resident=cast.residents["owner"])
    request = ask(cast, now)[0]
    with pytest.raises(Forbidden, match="以外"):
        answer(cast, request, now)
    answer(cast, request, now, by=cast.administrator)


def test_the_page_of_a_request_answers_it(enter, cast, now):
    request = ask(cast, now)[0]
    client = enter("manager")
    assert "业主甲" in client.get("/data-requests/").content.decode()
    assert client.post(f"/data-requests/{request.pk}/", {"done": "no", "answer": ""}).status_code == 422
    assert client.post(f"/data-requests/{request.pk}/", {"done": "yes"}).status_code == 302
    assert "已注销" in client.get("/data-requests/?state=answered").content.decode()


def test_asking_by_the_page(enter, cast):
    client = enter("owner")
    assert client.post("/me/data/request/", {"kind": "delete"}).status_code == 302
    assert client.post("/me/data/request/", {"kind": "delete"}).status_code == 422
    assert "待处理" in client.get("/me/data/").content.decode()


def test_withdrawing_consent_ends_every_session(enter, cast, now):
    give_consent(user=cast.owner, now=now)
    client, other = enter("owner"), enter("owner")
    assert client.post("/me/data/withdraw/").headers["Location"] == "/privacy/"
    for one in (client, other):
        assert one.get("/me/").headers["Location"].startswith("/sign-in/")


class FakeJob:
    def __init__(self, now):
        self.now = now


def test_people_who_moved_out_long_ago_are_forgotten(cast, now):
    gone = Resident.objects.create(organisation=cast.organisation, name="早就搬走", phone="10000000095")
    Residency.objects.create(home=cast.home, resident=gone, until=date(2023, 1, 1))
    recent = Resident.objects.create(organisation=cast.organisation, name="刚搬走")
    Residency.objects.create(home=cast.home, resident=recent, until=date(2026, 1, 1))
    never = Resident.objects.create(organisation=cast.organisation, name="从未入住")
    assert tasks.forget_people(FakeJob(now)) == {"residents": 1, "claims": 0}
    names = {r.pk: r.name for r in Resident.objects.all()}
    assert (names[gone.pk], names[recent.pk], names[never.pk]) == ("已注销", "刚搬走", "从未入住")
    assert tasks.forget_people(FakeJob(now))["residents"] == 0


def test_old_claim_codes_are_forgotten(cast, now):
    actions.print_claim_codes(homes=[cast.home], by=None, now=now - timedelta(days=500))
    assert tasks.forget_people(FakeJob(now))["claims"] == 1


def test_apps_above_are_asked_to_forget_residents_first(cast, now, monkeypatch):
    from linsheng.communities import erasure

    seen = []
    monkeypatch.setattr(erasure, "_steps", [lambda ids: seen.append(Resident.objects.get(pk=ids[0]).name)])
    erasure.erase_residents(Resident.objects.filter(pk=cast.residents["owner"].pk), now)
    assert seen == ["业主甲"]


def test_an_ended_post_lets_a_former_employee_ask(cast, now):
    Post.objects.filter(user=cast.handler).update(ended_at=now)
    Resident.objects.create(organisation=cast.organisation, name="张师傅", user=cast.handler)
    assert len(ask(cast, now, user=cast.handler)) == 1
