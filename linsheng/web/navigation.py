"""The navigation of each side, in order. A new page adds one line; a page that does not exist yet is left out by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linsheng.accounts.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """A page in the navigation: ``url`` is its URL name; without ``permission`` every member of staff sees it.

    A page of the ``whole_company`` needs the permission for the company, not only for one community.
    """

    label: str | Promise
    url: str
    icon: str
    permission: Permission | None = None
    whole_company: bool = False


@dataclass(frozen=True)
class Section:
    """Entries under one heading (the first section has none)."""

    label: str | Promise
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Link:
    """An entry as the template shows it."""

    label: str | Promise
    url: str
    icon: str
    active: bool = False


@dataclass(frozen=True)
class Shown:
    """A section with the links that this person has."""

    label: str | Promise
    links: list[Link] = field(default_factory=list)


P = Permission
STAFF: tuple[Section, ...] = (
    Section(
        "",
        (
            Entry(_("今日"), "reports:today", "layout-dashboard", P.SEE_FIGURES),
            Entry(_("工作台"), "feedback:board", "layout-list", P.SEE_WORKBOARD),
            Entry(_("来电登记"), "feedback:call", "phone-incoming", P.RECEIVE_CASE),
            Entry(_("纸质登记"), "intake:paper", "clipboard-text", P.RECEIVE_CASE),
            Entry(_("邮件"), "intake:mail", "mail", P.RECEIVE_CASE),
            Entry(_("来电记录"), "intake:calls", "phone", P.RECEIVE_CASE),
            Entry(_("电话告知"), "intake:to_tell", "speakerphone", P.TELL_RESULT),
            Entry(_("电话回访"), "intake:to_ask", "phone-call", P.ASK_BACK),
        ),
    ),
    Section(
        _("小区"),
        (
            Entry(_("房屋"), "communities:homes", "building", P.SEE_ROSTER),
            Entry(_("居民"), "communities:residents", "users", P.SEE_ROSTER),
            Entry(pgettext_lazy("列表", "服务项目"), "standards:items", "list-details"),
            Entry(_("服务承诺"), "standards:promises", "certificate"),
        ),
    ),
    Section(
        _("满意度调查"),
        (
            Entry(_("调查"), "surveys:waves", "clipboard-list", P.SEE_FIGURES),
            Entry(_("代录问卷"), "surveys:entry", "clipboard-text", P.ENTER_ANSWERS),
            Entry(_("问卷"), "surveys:questionnaires", "list-details", P.EDIT_QUESTIONNAIRES),
        ),
    ),
    Section(
        _("分析"),
        (
            Entry(_("月度报表"), "reports:monthly", "chart-line", P.SEE_FIGURES),
            Entry(_("归类建议"), "intake:triage", "bulb", P.SEE_FIGURES),
        ),
    ),
    Section(
        _("管理"),
        (
            Entry(_("人员与岗位"), "communities:staff", "id-badge", P.EDIT_PEOPLE),
            Entry(_("小区与楼栋"), "communities:communities", "building-community", P.EDIT_ROSTER),
            Entry(_("扫码点位"), "intake:places", "qrcode", P.EDIT_ROSTER),
            Entry(_("电话线路"), "intake:exchanges", "phone-call", P.EDIT_SETTINGS, whole_company=True),
            Entry(_("名册导入"), "communities:roster", "file-import", P.EDIT_ROSTER),
            Entry(_("工作日历"), "standards:calendars", "calendar", P.EDIT_STANDARDS),
            Entry(_("收件邮箱"), "intake:mailboxes", "inbox", P.EDIT_SETTINGS, whole_company=True),
            Entry(_("发送渠道"), "web:channels", "send", P.EDIT_SETTINGS, whole_company=True),
            Entry(_("Webhook"), "web:webhooks", "share", P.EDIT_SETTINGS, whole_company=True),
            Entry(_("升级规则"), "feedback:escalation", "bell-ringing", P.EDIT_SETTINGS, whole_company=True),
            Entry(_("设置"), "feedback:settings", "settings", P.EDIT_SETTINGS, whole_company=True),
            Entry(_("个人信息请求"), "communities:data_requests", "shield-lock", P.ANSWER_DATA_REQUESTS),
            Entry(_("后台任务"), "web:operations", "server", P.EDIT_SETTINGS),
            Entry(_("操作记录"), "communities:audit_log", "history", P.SEE_AUDIT),
        ),
    ),
)
RESIDENT: tuple[Entry, ...] = (
    Entry(_("首页"), "feedback:home", "home"),
    Entry(_("反映"), "feedback:report", "message-plus"),
    Entry(_("进展"), "feedback:mine", "progress"),
    Entry(_("我的"), "accounts:me", "user"),
)


@cache
def address(url: str) -> str | None:
    """The address of a URL name; ``None`` while no page has that name."""
    try:
        return reverse(url)
    except NoReverseMatch:
        return None


def links(entries: Iterable[Entry], path: str) -> list[Link]:
    """The entries that exist; the one whose address is the longest beginning of ``path`` is active."""
    found = [(entry, where) for entry in entries if (where := address(entry.url)) is not None]
    here = _closest((where for _entry, where in found), path)
    return [Link(entry.label, where, entry.icon, where == here) for entry, where in found]


def _closest(addresses: Iterator[str], path: str) -> str | None:
    # The root leads to every page: it is meant only by itself.
    matching = [where for where in addresses if path == where or (where != "/" and path.startswith(where))]
    return max(matching, key=len, default=None)


def staff_sections(permissions: frozenset[Permission], company: frozenset[Permission], path: str) -> list[Shown]:
    """The left navigation of somebody with these permissions, some of them for a whole ``company``."""

    def may(entry: Entry) -> bool:
        return entry.permission is None or entry.permission in (company if entry.whole_company else permissions)

    allowed = [(section, [entry for entry in section.entries if may(entry)]) for section in STAFF]
    marked = {link.url: link for link in links([e for _section, entries in allowed for e in entries], path)}
    shown = [Shown(s.label, [marked[where] for e in entries if (where := address(e.url)) in marked]) for s, entries in allowed]
    return [section for section in shown if section.links]
