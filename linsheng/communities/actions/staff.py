"""Staff and their posts. Who may do what follows from posts alone, so every change of one is recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts import actions as accounts
from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission, Role
from linsheng.audit.actions import record
from linsheng.communities.actions.checks import may, may_in_company, needed, taken, wrong
from linsheng.communities.models import Community, Organisation, Post, Team
from linsheng.communities.queries import manages
from linsheng.core.errors import Conflict, Forbidden

FIRST_ORGANISATION: Final = ("main", "我的物业公司")
FIRST_USERNAME: Final = "admin"


@dataclass(frozen=True)
class PostFacts:
    """A post to be given: at ``community``, or at the whole company when that is None."""

    role: str
    community: Community | None = None
    team: str = ""
    title: str = ""


@dataclass(frozen=True)
class NewStaff:
    """A member of staff just added, with the generated password that is shown once."""

    user: User
    password: str


def _may_post(by: User | None, organisation: Organisation, facts: PostFacts) -> None:
    if facts.community is None:
        may_in_company(by, Permission.EDIT_PEOPLE, organisation.pk)
        return
    if facts.community.organisation_id != organisation.pk:
        raise wrong("community", _("小区不属于这家公司。"))
    may(by, Permission.EDIT_PEOPLE, facts.community)


def _may_manage(by: User | None, user: User) -> None:
    if by is not None and not manages(by, user):
        raise Forbidden(_("这个账号还在您管理范围以外任职或居住，请联系公司管理员或其本人处理。"))


def _post(user: User, organisation: Organisation, facts: PostFacts, now: datetime) -> Post:
    if facts.role not in Role.values:
        raise wrong("role", _("没有这个角色。"))
    if facts.team and facts.team not in Team.values:
        raise wrong("team", _("没有这个班组。"))
    try:
        with transaction.atomic():
            return Post.objects.create(
                user=user,
                organisation=organisation,
                community=facts.community,
                role=facts.role,
                team=facts.team,
                title=facts.title.strip(),
                started_at=now,
            )
    except IntegrityError as error:
        raise Conflict(_("这位员工已有这个岗位。")) from error


def _note_post(action: str, post: Post, by: User | None, now: datetime) -> None:
    data = {"user": post.user_id, "role": post.role, "community": post.community_id}
    record(action, by=by, now=now, subject=post, organisation_id=post.organisation_id, data=data)


@transaction.atomic
def create_staff(
    *, organisation: Organisation, username: str, name: str, post: PostFacts, by: User | None, now: datetime, email: str = ""
) -> NewStaff:
    """Add a member of staff with a first post and a generated password, which must be changed at the first sign-in."""
    _may_post(by, organisation, post)
    username = needed(username, "username", _("请填写用户名。"))
    if not username.isascii() or not username.replace("-", "").replace(".", "").replace("_", "").isalnum():
        raise wrong("username", _("用户名只能用字母、数字和 . - _。"))
    password = accounts.generated_password()
    user = User(username=username, name=needed(name, "name", _("请填写姓名。")), email=email.strip(), must_change_password=True)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise taken(error, "username", _("这个用户名已被使用，请换一个。")) from error
    _note_post("post.give", _post(user, organisation, post, now), by, now)
    return NewStaff(user, password)


@transaction.atomic
def update_staff(*, user: User, name: str, email: str, by: User | None, now: datetime) -> User:
    """Set right a member of staff's name and mail address."""
    _may_manage(by, user)
    user.name, user.email = needed(name, "name", _("请填写姓名。")), email.strip()
    user.save(update_fields=["name", "email"])
    record("staff.update", by=by, now=now, subject=user, organisation_id=_organisation_of(user))
    return user


def _organisation_of(user: User) -> int | None:
    """The company whose trail tells what was done to a member of staff."""
    return Post.objects.filter(user=user).order_by("ended_at", "-pk").values_list("organisation", flat=True).first()


@transaction.atomic
def give_post(*, user: User, organisation: Organisation, post: PostFacts, by: User | None, now: datetime) -> Post:
    """A further post for somebody who already works here."""
    _may_post(by, organisation, post)
    if by is not None and not Post.objects.filter(user=user, organisation=organisation).exists():
        raise Forbidden(_("这个账号不是本公司员工。"))
    given = _post(user, organisation, post, now)
    _note_post("post.give", given, by, now)
    return given


@transaction.atomic
def end_post(*, post: Post, by: User | None, now: datetime) -> Post:
    """End a post; what it allowed ends with it. The last administrator of a company stays."""
    facts = PostFacts(role=post.role, community=post.community)
    _may_post(by, post.organisation, facts)
    if not Post.objects.filter(pk=post.pk, ended_at=None).update(ended_at=now):
        raise Conflict(_("这个岗位已经结束。"))
    post.ended_at = now
    _note_post("post.end", post, by, now)
    # After the entry: it holds the company's chain, so that two administrators cannot end each other's posts at once.
    if post.role == Role.ADMINISTRATOR and post.community_id is None:
        _administrator_remains(post.organisation_id)
    return post


def _administrator_remains(organisation_id: int) -> None:
    """Refuse what would leave a company without anybody who can give posts."""
    left = Post.objects.filter(
        organisation=organisation_id, community=None, role=Role.ADMINISTRATOR, ended_at=None, user__is_active=True
    )
    if not left.exists():
        raise Conflict(_("公司至少要有一位在岗的管理员，请先任命另一位。"))


@transaction.atomic
def reset_staff_password(*, user: User, by: User | None, now: datetime) -> str:
    """A new generated password, shown once; all sessions end, and a lost second step is removed with it."""
    _may_manage(by, user)
    password = accounts.reset_password(user=user, by=by, now=now)
    accounts.remove_second_step(user=user, by=by, now=now)
    record("staff.reset_password", by=by, now=now, subject=user, organisation_id=_organisation_of(user))
    return password


@transaction.atomic
def set_staff_active(*, user: User, active: bool, by: User | None, now: datetime) -> User:
    """Switch an account off (all sessions end) or on again. Nobody switches off themselves or the last administrator."""
    _may_manage(by, user)
    if by is not None and by.pk == user.pk:
        raise Conflict(_("不能停用自己的账号。"))
    accounts.set_active(user=user, active=active, by=by, now=now)
    action = "staff.activate" if active else "staff.deactivate"
    record(action, by=by, now=now, subject=user, organisation_id=_organisation_of(user))
    if not active:
        led = Post.objects.filter(user=user, role=Role.ADMINISTRATOR, community=None, ended_at=None)
        for organisation_id in led.values_list("organisation", flat=True):
            _administrator_remains(organisation_id)
    return user


@transaction.atomic
def create_first_administrator(*, now: datetime) -> tuple[User, str]:
    """The first company and its administrator, with a generated password. Only where there is no company yet."""
    if Organisation.objects.exists():
        raise Conflict(_("已经有公司了。"))
    code, name = FIRST_ORGANISATION
    organisation = Organisation.objects.create(code=code, name=name)
    record("organisation.create", by=None, now=now, subject=organisation, organisation_id=organisation.pk, data={"code": code})
    post = PostFacts(role=Role.ADMINISTRATOR)
    staff = create_staff(organisation=organisation, username=FIRST_USERNAME, name=str(_("管理员")), post=post, by=None, now=now)
    return staff.user, staff.password
