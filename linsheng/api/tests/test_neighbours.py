"""What the API tells one resident of another's report: no more than the pages do."""

import pytest

WORDS = "张师傅上门修我家3-2-1201的电梯门禁时态度恶劣,电话13900001111"


@pytest.fixture
def joined(call, new_case) -> int:
    pk = call("owner").post("cases", new_case | {"text": WORDS, "location": "3-2-1201门口"}).json()["id"]
    assert call("neighbour").post(f"cases/{pk}/me_too").status_code == 200
    return pk


def test_a_follower_reads_masked_words_and_nobody_s_name(call, joined):
    call("owner").post(f"cases/{joined}/add", {"text": "我是1201的甲"})
    call("frontdesk").post(f"cases/{joined}/assign", {"handler": "handler"})
    for text in (
        call("neighbour").get(f"cases/{joined}").content.decode(),
        call("neighbour").get("cases").content.decode(),
        call("neighbour").post(f"cases/{joined}/me_too").content.decode(),
    ):
        for secret in ("业主", "1000****", "13900001111", "3-2-1201", "我是1201的甲", "10000000001"):
            assert secret not in text
    seen = call("neighbour").get(f"cases/{joined}").json()
    assert seen["reporter"] == {"name": "邻居", "phone": "", "email": "", "hidden": True}
    assert [event["action"] for event in seen["history"]] == ["receive", "assign"]
    assert all(event["data"] == {} for event in seen["history"])


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "praise"},
        {"kind": "help"},
        {"item": "repair.home"},
        {"location": "我家 厨房"},
        {"confidential": True},
    ],
)
def test_what_concerns_nobody_else_cannot_be_joined_by_trying_numbers(call, new_case, change):
    pk = call("owner").post("cases", new_case | change).json()["id"]
    refused, absent = call("neighbour").post(f"cases/{pk}/me_too"), call("neighbour").post(f"cases/{pk + 1}/me_too")
    assert refused.status_code == absent.status_code == 404
    assert refused.content == absent.content
    assert call("neighbour").get(f"cases/{pk}").status_code == 404


def test_a_complaint_is_joined_without_its_words(call, new_case):
    pk = call("owner").post("cases", new_case | {"kind": "complaint", "text": WORDS}).json()["id"]
    answer = call("neighbour").post(f"cases/{pk}/me_too").json()
    assert answer["text"] == "" and answer["home"] is None


def test_notes_are_for_staff_who_may_know_people(call, joined):
    call("frontdesk").post(f"cases/{joined}/note", {"text": "业主甲常来电话"})
    assert "常来电话" in call("manager").get(f"cases/{joined}").content.decode()
    for name in ("auditor", "owner", "neighbour"):
        assert "常来电话" not in call(name).get(f"cases/{joined}").content.decode()


def test_staff_of_another_company_read_their_own_report_as_residents_do(call, cast, new_case):
    pk = call("owner").post("cases", new_case).json()["id"]
    call("frontdesk").post(f"cases/{pk}/note", {"text": "内部的话"})
    resident = cast.residents["owner"]
    resident.user = cast.outsider
    resident.save()
    seen = call("outsider").get(f"cases/{pk}")
    assert seen.status_code == 200 and "内部的话" not in seen.content.decode()


def test_staff_hear_no_name_for_a_number_of_a_community_they_do_not_work_in(call, cast, new_case):
    from linsheng.communities.models import Building, Home, Residency, Resident

    building = Building.objects.create(community=cast.other_community, name="1栋")
    home = Home.objects.create(community=cast.other_community, building=building, number="1-1")
    far = Resident.objects.create(organisation=cast.organisation, name="流云里住户", phone="10000000077")
    Residency.objects.create(home=home, resident=far)
    answer = call("frontdesk").post("cases", new_case | {"contact": {"phone": "10000000077"}})
    assert answer.status_code == 201 and "流云里住户" not in answer.content.decode()


def test_what_the_result_says_of_others_is_masked_for_neighbours(call, joined):
    desk, handler = call("frontdesk"), call("handler")
    desk.post(f"cases/{joined}/assign", {"handler": "handler"})
    handler.post(f"cases/{joined}/start")
    handler.post(f"cases/{joined}/resolve", {"text": "已联系1201室，电话13900001111，问前台0755-10000000"})
    call("neighbour").post(f"cases/{joined}/me_too")
    seen = call("neighbour").get(f"cases/{joined}").content.decode()
    assert "13900001111" not in seen and "1201室" not in seen and "0755-10000000" in seen
