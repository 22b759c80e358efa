"""What each person sees, and that nobody sees another company."""

import pytest
from django.contrib.auth.models import AnonymousUser

from linsheng.accounts.permissions import Permission, Role
from linsheng.audit.models import AuditEntry
from linsheng.communities import actions, queries
from linsheng.communities.models import Home, Organisation, Post, Residency, Resident

pytestmark = pytest.mark.django_db


def codes(rows):
    return sorted(rows.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("frontdesk", ["CH"]),
        ("handler", ["CH"]),
        ("director", ["CH", "LY"]),
        ("administrator", ["CH", "LY"]),
        ("owner", ["CH"]),
        ("outsider", ["WR"]),
        ("stranger", ["WR"]),
    ],
)
def test_people_see_the_communities_where_they_work_or_live(cast, person, expected):
    assert codes(queries.communities_visible_to(getattr(cast, person))) == expected


def test_a_stranger_to_the_house_sees_nothing(cast):
    Resident.objects.create(organisation=cast.organisation, name="没有账号")
    for nobody in (AnonymousUser(), None):
        assert not queries.communities_visible_to(nobody).exists()
        assert not queries.homes_of(nobody).exists()
        assert not queries.homes_visible_to(nobody).exists()
        assert not queries.residents_visible_to(nobody).exists()
        assert not queries.audit_visible_to(nobody).exists()


def test_retired_communities_leave_the_lists(cast, now):
    actions.retire_community(community=cast.community, by=None, now=now)
    assert codes(queries.communities_visible_to(cast.director)) == ["LY"]
    assert codes(queries.communities_visible_to(cast.owner)) == []


def test_homes_of_a_person_are_the_present_ones(cast, now):
    assert list(queries.homes_of(cast.owner)) == [cast.home]
    actions.move_out(residency=Residency.objects.get(home=cast.home), by=None, now=now)
    assert list(queries.homes_of(cast.owner)) == []


def test_residents_are_those_who_live_or_lived_here(cast, now):
    here = {cast.residents["owner"].pk, cast.residents["neighbour"].pk}
    assert set(queries.residents_visible_to(cast.frontdesk).values_list("pk", flat=True)) == here
    actions.move_out(residency=Residency.objects.get(home=cast.home), by=None, now=now)
    assert set(queries.residents_visible_to(cast.frontdesk).values_list("pk", flat=True)) == here
    assert cast.residents["owner"] not in queries.residents_in(queries.residents_visible_to(cast.frontdesk), cast.community)


def test_somebody_without_any_home_is_seen_by_the_company_only(cast):
    homeless = Resident.objects.create(organisation=cast.organisation, name="刚登记")
    assert homeless in queries.residents_visible_to(cast.director)
    assert homeless not in queries.residents_visible_to(cast.frontdesk)
    assert homeless not in queries.residents_visible_to(cast.outsider)


@pytest.mark.parametrize("text", ["业主", "主甲", "1201", "10000000001", "0001", "3-2-1201", "业主 1201"])
def test_search_finds_people_by_parts_of_name_number_and_home(cast, text):
    assert list(queries.search_residents(queries.residents_visible_to(cast.frontdesk), text)) == [cast.residents["owner"]]
    assert cast.home in queries.search_homes(queries.homes_visible_to(cast.frontdesk), text)


def test_search_does_not_reach_another_company(cast):
    assert not queries.search_residents(queries.residents_visible_to(cast.frontdesk), "外区").exists()
    assert not queries.search_homes(queries.homes_visible_to(cast.frontdesk), "1-101").exists()


def test_search_does_not_find_homes_by_people_who_left(cast, now):
    actions.move_out(residency=Residency.objects.get(home=cast.home), by=None, now=now)
    assert not queries.search_homes(queries.homes_visible_to(cast.frontdesk), "业主甲").exists()


@pytest.mark.parametrize(
    ("digits", "names"), [("10000000001", ["业主甲"]), ("+86 100 0000 0001", ["业主甲"]), ("0002", ["邻居乙"])]
)
def test_callers_are_found_while_the_number_is_typed(cast, digits, names):
    callers = queries.lookup_by_phone(cast.frontdesk, digits)
    assert [caller.resident.name for caller in callers] == names
    assert all(caller.homes for caller in callers)


def test_whole_numbers_come_first_then_beginnings(cast):
    for name, phone in [("含", "07551000000"), ("头", "1000000000199")]:
        resident = Resident.objects.create(organisation=cast.organisation, name=name, phone=phone)
        Residency.objects.create(home=cast.home, resident=resident)
    found = [caller.resident.name for caller in queries.lookup_by_phone(cast.frontdesk, "10000000001")]
    assert found == ["业主甲", "头"]
    assert queries.lookup_by_phone(cast.frontdesk, "1000000")[-1].resident.name == "含"


def test_short_numbers_and_people_who_take_no_calls_find_nobody(cast):
    assert queries.lookup_by_phone(cast.frontdesk, "100") == []
    assert queries.lookup_by_phone(cast.handler, "10000000001") == []
    assert queries.lookup_by_phone(cast.outsider, "10000000001") == []


def test_a_look_up_takes_three_queries(cast, django_assert_max_num_queries):
    queries.lookup_by_phone(cast.frontdesk, "1000")
    with django_assert_max_num_queries(3):
        queries.lookup_by_phone(cast.frontdesk, "10000000")


def test_staff_by_role_and_team_with_those_of_the_whole_company(cast):
    engineers = queries.staff_of(cast.community, team="engineering")
    assert {user.username for user in engineers} == {"handler", "supervisor"}
    assert [u.username for u in queries.staff_of(cast.community, roles=(Role.DIRECTOR,))] == ["director"]
    assert [u.username for u in queries.staff_of(cast.other_community, roles=(Role.DIRECTOR, Role.HANDLER))] == ["director"]


def test_staff_lists_hold_ones_own_company(cast):
    seen = set(queries.staff_visible_to(cast.administrator).values_list("username", flat=True))
    assert {"frontdesk", "director"} <= seen
    assert not {"outsider", "owner", "stranger"} & seen
    assert not queries.staff_visible_to(cast.manager).exists()


def test_people_are_shown_with_their_homes_in_a_fixed_number_of_queries(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        rows = list(queries.with_homes(queries.residents_visible_to(cast.frontdesk)))
    assert {row.name: [r.home.number for r in row.current] for row in rows} == {"业主甲": ["3-2-1201"], "邻居乙": ["3-2-1202"]}


def test_homes_stand_in_walking_order(cast):
    for number, floor in [("3-2-201", 2), ("3-2-1101", 11)]:
        Home.objects.create(community=cast.community, building=cast.building, number=number, floor=floor)
    numbers = [home.number for home in queries.in_walking_order(queries.homes_visible_to(cast.frontdesk))]
    assert numbers == ["3-2-201", "3-2-1101", "3-2-1201", "3-2-1202"]


def test_a_permission_in_one_place_is_none_in_another(cast, now):
    Post.objects.create(user=cast.handler, organisation=cast.foreign_organisation, role=Role.MANAGER, started_at=now)
    assert codes(queries.communities_with(cast.handler, Permission.EDIT_ROSTER)) == ["WR"]


# The trail


def test_a_company_reads_its_own_chain_and_its_staffs_sign_ins(cast, now):
    actions.update_home(
        home=cast.home, building=cast.building, facts=actions.HomeFacts(number="3-2-1201"), by=cast.frontdesk, now=now
    )
    actions.reset_staff_password(user=cast.handler, by=cast.administrator, now=now)
    seen = set(queries.audit_visible_to(cast.director).values_list("action", flat=True))
    assert {"home.update", "account.reset_password", "staff.reset_password"} <= seen
    assert not queries.audit_visible_to(cast.outsider).filter(action="home.update").exists()
    assert not queries.audit_visible_to(cast.outsider).filter(action__startswith="account").exists()


def test_a_community_reads_only_what_is_about_it(cast, now):
    facts = actions.CommunityFacts(name="流云里")
    actions.update_community(community=cast.other_community, facts=facts, by=cast.administrator, now=now)
    actions.update_community(community=cast.community, facts=facts, by=cast.administrator, now=now)
    seen = queries.audit_visible_to(cast.auditor)
    assert set(seen.values_list("community_id", flat=True)) == {cast.community.pk}
    assert not queries.audit_visible_to(cast.frontdesk).exists()


def test_nobody_reads_the_trail_by_an_empty_scope(cast, now):
    with_none = AuditEntry.objects.filter(community_id=None).count()
    assert with_none > 0
    assert not queries.audit_visible_to(cast.owner).exists()


def test_administered_companies_are_those_of_the_whole_company(cast):
    found = queries.organisations_administered_by(cast.administrator, Permission.EDIT_PEOPLE)
    assert list(found) == [cast.organisation]
    assert not queries.organisations_administered_by(cast.manager, Permission.EDIT_SETTINGS).exists()
    assert Organisation.objects.count() == 2
