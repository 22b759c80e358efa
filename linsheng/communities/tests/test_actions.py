"""Places, residents, staff and posts: what each action does, who may, and what it records."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Role
from linsheng.audit.models import AuditEntry
from linsheng.communities import actions
from linsheng.communities.actions import CommunityFacts, HomeFacts, PersonFacts, PostFacts
from linsheng.communities.models import Community, Home, Organisation, Post, Residency, Resident
from linsheng.core.errors import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db


def recorded(action):
    return AuditEntry.objects.get(action=action)


# Places


def test_a_community_is_made_by_those_who_lead_the_company(cast, now):
    made = actions.create_community(
        organisation=cast.organisation, code="xh", facts=CommunityFacts(name="新湖"), by=cast.director, now=now
    )
    assert (made.code, made.grade) == ("XH", "standard")
    assert recorded("community.create").community_id == made.pk


@pytest.mark.parametrize("person", ["manager", "frontdesk", "auditor", "outsider", "owner"])
def test_nobody_else_makes_one(cast, now, person):
    with pytest.raises(Forbidden):
        actions.create_community(
            organisation=cast.organisation, code="XH", facts=CommunityFacts(name="新湖"), by=getattr(cast, person), now=now
        )


@pytest.mark.parametrize("code", ["", "X", "小区", "A B", "TOOLONGACODE1", "CH"])
def test_codes_are_short_plain_and_unique(cast, now, code):
    with pytest.raises(Invalid) as caught:
        actions.create_community(organisation=cast.organisation, code=code, facts=CommunityFacts(name="新"), by=None, now=now)
    assert "code" in caught.value.fields


def test_a_changed_grade_is_recorded_with_what_it_was(cast, now):
    facts = CommunityFacts(name="翠湖苑", grade="premium", phone="0755-1")
    actions.update_community(community=cast.community, facts=facts, by=cast.administrator, now=now)
    assert recorded("community.update").data["before"]["grade"] == "standard"


def test_a_retired_community_can_be_restored_and_nothing_twice(cast, now):
    actions.retire_community(community=cast.community, by=cast.administrator, now=now)
    with pytest.raises(Conflict):
        actions.retire_community(community=cast.community, by=cast.administrator, now=now)
    actions.restore_community(community=cast.community, by=cast.administrator, now=now)
    with pytest.raises(Conflict):
        actions.restore_community(community=cast.community, by=cast.administrator, now=now)


def test_buildings_stand_in_their_order_and_have_unique_names(cast, now):
    made = actions.create_building(community=cast.community, name="4栋", by=cast.frontdesk, now=now)
    assert made.order == 4
    with pytest.raises(Invalid):
        actions.create_building(community=cast.community, name="3栋", by=cast.frontdesk, now=now)
    with pytest.raises(Invalid):
        actions.update_building(building=made, name="3栋", order=1, by=cast.frontdesk, now=now)


def test_a_home_is_made_changed_retired_and_restored(cast, now):
    by = cast.frontdesk
    home = actions.create_home(building=cast.building, facts=HomeFacts(number="3-3-301", area=Decimal(80)), by=by, now=now)
    actions.update_home(home=home, building=cast.building, facts=HomeFacts(number="3-3-302", tenure="let"), by=by, now=now)
    actions.retire_home(home=home, by=by, now=now)
    with pytest.raises(Conflict):
        actions.retire_home(home=home, by=by, now=now)
    actions.restore_home(home=home, by=by, now=now)
    with pytest.raises(Conflict):
        actions.restore_home(home=home, by=by, now=now)
    home.refresh_from_db()
    assert (home.number, home.tenure, home.retired_at) == ("3-3-302", "let", None)
    assert recorded("home.update").data["before"]["number"] == "3-3-301"


def test_a_home_number_is_unique_in_its_community(cast, now):
    with pytest.raises(Invalid) as caught:
        actions.create_home(building=cast.building, facts=HomeFacts(number="3-2-1201"), by=cast.frontdesk, now=now)
    assert "number" in caught.value.fields


def test_a_home_does_not_move_to_another_communitys_building(cast, now):
    other = cast.other_community.buildings.create(name="1栋")
    with pytest.raises(Invalid) as caught:
        actions.update_home(home=cast.home, building=other, facts=HomeFacts(number="3-2-1201"), by=None, now=now)
    assert "building" in caught.value.fields


def test_a_home_with_people_is_not_retired(cast, now):
    with pytest.raises(Conflict, match="迁出"):
        actions.retire_home(home=cast.home, by=cast.frontdesk, now=now)


@pytest.mark.parametrize("person", ["handler", "auditor", "director", "outsider", "owner", "stranger"])
def test_who_may_not_edit_the_roster_changes_no_home(cast, now, person):
    with pytest.raises(Forbidden):
        actions.create_home(building=cast.building, facts=HomeFacts(number="9"), by=getattr(cast, person), now=now)


def test_staff_of_another_community_of_the_company_may_not_either(cast, now):
    with pytest.raises(Forbidden):
        actions.create_building(community=cast.other_community, name="9栋", by=cast.frontdesk, now=now)


# Residents


def move_in(cast, now, name="新人", phone="10000000031", home=None, **more):
    facts = PersonFacts(name=name, phone=phone)
    return actions.move_in(home=home or cast.home, facts=facts, kind="tenant", by=cast.frontdesk, now=now, **more)


def test_moving_in_registers_a_person_and_names_nobody_in_the_trail(cast, now):
    residency = move_in(cast, now, phone="100-0000-0031", since=date(2026, 11, 1))
    assert residency.resident.phone == "10000000031"
    entry = recorded("resident.move_in")
    assert entry.community_id == cast.community.pk
    assert "新人" not in str(entry.data)


def test_somebody_known_by_number_is_not_registered_twice(cast, now):
    residency = move_in(cast, now, name="邻居乙", phone="10000000002")
    assert residency.resident == cast.residents["neighbour"]


def test_a_known_number_under_another_name_is_asked_about(cast, now):
    with pytest.raises(Invalid, match="邻居乙"):
        move_in(cast, now, name="别人", phone="10000000002")


def test_nobody_moves_in_twice_or_into_a_retired_home(cast, now):
    with pytest.raises(Conflict):
        move_in(cast, now, name="业主甲", phone="10000000001")
    Home.objects.filter(pk=cast.neighbour_home.pk).update(retired_at=now)
    cast.neighbour_home.refresh_from_db()
    with pytest.raises(Conflict):
        move_in(cast, now, home=cast.neighbour_home)


@pytest.mark.parametrize("phone", ["1000000003", "123", "1" * 12])
def test_wrong_numbers_are_refused_beside_the_field(cast, now, phone):
    with pytest.raises(Invalid) as caught:
        move_in(cast, now, phone=phone)
    assert set(caught.value.fields) == {"phone"}


def test_a_new_resident_is_linked_to_the_account_of_the_number(cast, now):
    user = User.objects.create(username="r1", name="新人", phone="10000000031")
    assert move_in(cast, now).resident.user == user


def test_moving_out_keeps_the_history_and_happens_once(cast, now):
    residency = Residency.objects.get(home=cast.home)
    actions.move_out(residency=residency, by=cast.frontdesk, now=now)
    residency.refresh_from_db()
    assert residency.until == date(2026, 11, 23)
    with pytest.raises(Conflict):
        actions.move_out(residency=residency, by=cast.frontdesk, now=now)
    assert move_in(cast, now, name="业主甲", phone="10000000001").until is None


def test_nobody_moves_out_before_moving_in(cast, now):
    residency = move_in(cast, now, since=date(2026, 11, 20))
    with pytest.raises(Invalid):
        actions.move_out(residency=residency, until=date(2026, 11, 19), by=cast.frontdesk, now=now)


def test_a_residency_is_set_right(cast, now):
    residency = Residency.objects.get(home=cast.home)
    actions.update_residency(residency=residency, kind="family", since=date(2020, 1, 1), by=cast.frontdesk, now=now)
    residency.refresh_from_db()
    assert (residency.kind, residency.since) == ("family", date(2020, 1, 1))


def test_a_changed_number_lets_go_of_the_account_and_takes_the_right_one(cast, now):
    resident = cast.residents["owner"]
    facts = PersonFacts(name="业主甲", phone="10000000032")
    actions.update_resident(resident=resident, facts=facts, by=cast.frontdesk, now=now)
    resident.refresh_from_db()
    assert resident.user is None
    actions.update_resident(resident=resident, facts=PersonFacts("业主甲", "10000000001"), by=cast.frontdesk, now=now)
    resident.refresh_from_db()
    assert resident.user == cast.owner


def test_a_number_belongs_to_one_resident_of_a_company(cast, now):
    with pytest.raises(Invalid) as caught:
        actions.update_resident(
            resident=cast.residents["owner"], facts=PersonFacts("业主甲", "10000000002"), by=cast.frontdesk, now=now
        )
    assert "phone" in caught.value.fields
    with pytest.raises(IntegrityError), transaction.atomic():
        Resident.objects.create(organisation=cast.organisation, name="x", phone="10000000002")


def test_residents_of_elsewhere_are_not_changed(cast, now):
    for person in (cast.outsider, cast.handler, cast.director):
        with pytest.raises(Forbidden):
            actions.update_resident(resident=cast.residents["owner"], facts=PersonFacts("x"), by=person, now=now)
    with pytest.raises(Forbidden):
        actions.update_resident(resident=cast.residents["stranger"], facts=PersonFacts("x"), by=cast.administrator, now=now)


# Staff


def hire(cast, now, by="administrator", **more):
    given = {"organisation": cast.organisation, "username": "newbie", "name": "新员工"}
    post = PostFacts(role=Role.HANDLER, community=cast.community, team="engineering")
    return actions.create_staff(**{**given, "post": post, **more}, by=getattr(cast, by) if by else None, now=now)


def test_new_staff_get_a_post_and_a_password_to_be_changed(cast, now):
    made = hire(cast, now)
    assert made.user.check_password(made.password)
    assert made.user.must_change_password
    post = Post.objects.get(user=made.user)
    assert (post.role, post.community, post.team, post.started_at) == ("handler", cast.community, "engineering", now)
    assert recorded("post.give").data["role"] == "handler"


@pytest.mark.parametrize("person", ["manager", "director", "frontdesk", "outsider"])
def test_only_those_who_may_edit_people_hire(cast, now, person):
    with pytest.raises(Forbidden):
        hire(cast, now, by=person)


@pytest.mark.parametrize("username", ["", "新员工", "with space", "owner", "a/b"])
def test_user_names_are_plain_and_unique(cast, now, username):
    with pytest.raises(Invalid) as caught:
        hire(cast, now, username=username)
    assert "username" in caught.value.fields


def test_a_post_names_a_community_of_the_company_and_a_role_that_exists(cast, now):
    with pytest.raises(Invalid):
        hire(cast, now, post=PostFacts(role="handler", community=cast.foreign_community))
    with pytest.raises(Invalid):
        hire(cast, now, post=PostFacts(role="king", community=cast.community))
    with pytest.raises(Invalid):
        hire(cast, now, post=PostFacts(role="handler", community=cast.community, team="x"))


@pytest.fixture
def local_administrator(cast, now):
    """Somebody who may edit people at one community only."""
    user = User.objects.create(username="local", name="小区管理员")
    Post.objects.create(
        user=user, organisation=cast.organisation, community=cast.community, role=Role.ADMINISTRATOR, started_at=now
    )
    return user


def test_a_local_administrator_cannot_give_posts_beyond_the_community(cast, now, local_administrator):
    cast.people["local"] = local_administrator
    hire(cast, now, by="local")
    for post in (PostFacts(role=Role.DIRECTOR), PostFacts(role=Role.HANDLER, community=cast.other_community)):
        with pytest.raises(Forbidden):
            hire(cast, now, by="local", username="other", post=post)


def test_a_local_administrator_cannot_take_over_an_account_of_the_company(cast, now, local_administrator):
    for target in (cast.director, cast.administrator):
        with pytest.raises(Forbidden):
            actions.reset_staff_password(user=target, by=local_administrator, now=now)


def test_a_second_post_and_the_same_post_twice(cast, now):
    post = PostFacts(role=Role.SUPERVISOR, community=cast.community)
    given = {"user": cast.handler, "organisation": cast.organisation, "post": post, "by": cast.administrator, "now": now}
    actions.give_post(**given)
    with pytest.raises(Conflict):
        actions.give_post(**given)


def test_no_posts_for_people_of_elsewhere(cast, now):
    post = PostFacts(role=Role.SUPERVISOR, community=cast.community)
    for person in (cast.outsider, cast.owner):
        with pytest.raises(Forbidden):
            actions.give_post(user=person, organisation=cast.organisation, post=post, by=cast.administrator, now=now)


def test_an_ended_post_ends_what_it_allowed(cast, now):
    from linsheng.communities.permissions import is_staff

    actions.end_post(post=cast.handler.posts.get(), by=cast.administrator, now=now)
    assert not is_staff(User.objects.get(pk=cast.handler.pk))
    with pytest.raises(Conflict):
        actions.end_post(post=cast.handler.posts.get(), by=cast.administrator, now=now)


def test_the_last_administrator_stays(cast, now):
    post = cast.administrator.posts.get()
    with pytest.raises(Conflict, match="至少"):
        actions.end_post(post=post, by=cast.administrator, now=now)
    post.refresh_from_db()
    assert post.ended_at is None
    second = hire(cast, now, post=PostFacts(role=Role.ADMINISTRATOR)).user
    actions.set_staff_active(user=second, active=False, by=cast.administrator, now=now)
    with pytest.raises(Conflict):
        actions.end_post(post=post, by=cast.administrator, now=now)


def test_a_reset_password_ends_the_sessions(cast, now):
    before = cast.handler.get_session_auth_hash()
    password = actions.reset_staff_password(user=cast.handler, by=cast.administrator, now=now)
    handler = User.objects.get(pk=cast.handler.pk)
    assert handler.check_password(password)
    assert handler.get_session_auth_hash() != before
    assert recorded("staff.reset_password").actor == cast.administrator


def test_an_account_that_also_works_elsewhere_is_not_taken_over(cast, now):
    Post.objects.create(user=cast.handler, organisation=cast.foreign_organisation, role=Role.HANDLER, started_at=now)
    with pytest.raises(Forbidden, match="以外"):
        actions.reset_staff_password(user=cast.handler, by=cast.administrator, now=now)


def test_an_account_that_also_lives_elsewhere_is_not_taken_over(cast, now):
    Resident.objects.create(organisation=cast.foreign_organisation, name="张师傅", user=cast.handler)
    with pytest.raises(Forbidden):
        actions.reset_staff_password(user=cast.handler, by=cast.administrator, now=now)


def test_nobody_resets_a_residents_password(cast, now):
    with pytest.raises(Forbidden):
        actions.reset_staff_password(user=cast.owner, by=cast.administrator, now=now)


def test_switching_off_and_on(cast, now):
    actions.set_staff_active(user=cast.handler, active=False, by=cast.administrator, now=now)
    assert not User.objects.get(pk=cast.handler.pk).is_active
    actions.set_staff_active(user=cast.handler, active=True, by=cast.administrator, now=now + timedelta(hours=1))
    assert User.objects.get(pk=cast.handler.pk).is_active
    with pytest.raises(Conflict, match="自己"):
        actions.set_staff_active(user=cast.administrator, active=False, by=cast.administrator, now=now)


def test_the_first_administrator_comes_with_the_first_company_only(db, now):
    user, password = actions.create_first_administrator(now=now)
    organisation = Organisation.objects.get()
    assert (organisation.code, organisation.name, user.username) == ("main", "我的物业公司", "admin")
    assert user.check_password(password)
    assert user.must_change_password
    assert Post.objects.get().role == Role.ADMINISTRATOR
    with pytest.raises(Conflict):
        actions.create_first_administrator(now=now)
    assert Community.objects.count() == 0
