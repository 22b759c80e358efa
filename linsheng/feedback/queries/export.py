"""The workboard's list as a table to take away: the same rows as on the page, read one after the other."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.feedback.models import Case, Rating, Resolution
from linsheng.feedback.queries.board import BoardFilter, filtered, order_of
from linsheng.feedback.reporters import home_label, reporter_of

CHUNK = 2000
HEADER: tuple[LazyText, ...] = (
    gettext_lazy("编号"),
    gettext_lazy("小区"),
    gettext_lazy("楼栋"),
    pgettext_lazy("case", "房屋"),
    gettext_lazy("服务维度"),
    gettext_lazy("服务项目"),
    gettext_lazy("类型"),
    gettext_lazy("紧急程度"),
    gettext_lazy("渠道"),
    gettext_lazy("内容"),
    gettext_lazy("位置"),
    gettext_lazy("反映人"),
    gettext_lazy("电话"),
    gettext_lazy("状态"),
    gettext_lazy("班组"),
    gettext_lazy("处理人"),
    gettext_lazy("反映时间"),
    gettext_lazy("响应时限"),
    gettext_lazy("响应时间"),
    gettext_lazy("解决时限"),
    gettext_lazy("处理完成时间"),
    gettext_lazy("告知时间"),
    gettext_lazy("办结时间"),
    gettext_lazy("是否按时解决"),
    gettext_lazy("第几次处理"),
    gettext_lazy("处理结果"),
    gettext_lazy("评价（星）"),
)


def cases_to_export(user: User, wanted: BoardFilter, now: datetime) -> QuerySet[Case]:
    """The rows with what each needs, in the list's order."""
    same = {"case": OuterRef("pk"), "cycle": OuterRef("cycle")}
    cases = filtered(user, wanted, now).select_related("item__dimension", "home", "building", "community", "handler", "resident")
    result, stars = Resolution.objects.filter(**same).values("text")[:1], Rating.objects.filter(**same).values("stars")[:1]
    return cases.annotate(result=Subquery(result), stars=Subquery(stars)).order_by(*order_of(wanted))


def in_time_words(case: Case, now: datetime) -> str:
    """Whether the result came by its deadline; empty where nothing was promised, or while the time still runs."""
    ended = case.resolved_at or now
    if case.resolve_by is None or (case.resolved_at is None and ended <= case.resolve_by):
        return ""
    return _("是") if ended <= case.resolve_by else _("否")


def _row(case: Case, user: User, now: datetime) -> tuple[object, ...]:
    reporter = reporter_of(case, user)
    sees = has(user, Permission.SEE_PERSONAL_DATA, case.community)
    building = "" if case.confidential else str(case.building or "")
    return (
        case.number,
        str(case.community),
        building,
        home_label(case) if sees else "",
        str(case.item.dimension),
        str(case.item),
        case.get_kind_display(),
        case.get_urgency_display(),
        case.get_channel_display(),
        case.text,
        case.location,
        reporter.name,
        reporter.phone,
        case.get_state_display(),
        case.get_team_display(),
        case.handler.name if case.handler else "",
        case.received_at,
        case.respond_by,
        case.responded_at,
        case.resolve_by,
        case.resolved_at,
        case.told_at,
        case.closed_at,
        in_time_words(case, now),
        case.cycle,
        case.result or "",  # type: ignore[attr-defined]  # annotated above
        case.stars,  # type: ignore[attr-defined]  # annotated above
    )


def rows(user: User, wanted: BoardFilter, now: datetime) -> Iterator[tuple[object, ...]]:
    """One tuple a case, in the order of ``HEADER``; people as far as ``user`` may know them."""
    for case in cases_to_export(user, wanted, now).iterator(chunk_size=CHUNK):
        yield _row(case, user, now)
