"""The life of a case as a table: which action is legal in which state, where it leads, and who may take it."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linsheng.accounts.permissions import Permission
from linsheng.feedback.models import OPEN
from linsheng.feedback.models import CaseState as S


@dataclass(frozen=True)
class Rule:
    """One action. ``to`` is ``None`` where the state stays, or where the action itself decides."""

    label: LazyText
    sources: frozenset[str]
    to: str | None = None
    permission: Permission | None = None  # staff with this permission may
    reporter: bool = False  # the reporter may
    neighbour: bool = False  # other residents may


def _in(*states: str) -> frozenset[str]:
    return frozenset(states)


_OPEN = frozenset(OPEN)
_ANSWERED = _in(S.RESOLVED, S.CLOSED, S.REFERRED, S.DECLINED, S.MERGED)
_ANY = frozenset(S.values)

RULES: dict[str, Rule] = {
    "assign": Rule(_("指派"), _OPEN, None, Permission.ASSIGN_CASE),
    "contact": Rule(_("联系反映人"), _OPEN, None, Permission.HANDLE_CASE),
    "start": Rule(_("开始处理"), _in(S.ASSIGNED), S.IN_PROGRESS, Permission.HANDLE_CASE),
    "wait": Rule(_("转为等待"), _in(S.IN_PROGRESS), S.WAITING, Permission.HANDLE_CASE),
    "resume": Rule(_("恢复处理"), _in(S.WAITING), S.IN_PROGRESS, Permission.HANDLE_CASE),
    "resolve": Rule(_("填写处理结果"), _in(S.IN_PROGRESS), S.RESOLVED, Permission.HANDLE_CASE),
    "tell": Rule(_("告知结果"), _ANSWERED, None, Permission.TELL_RESULT),
    "close": Rule(_("办结"), _in(S.RESOLVED), S.CLOSED, Permission.CLOSE_CASE),
    "reopen": Rule(_("重新打开"), _in(S.RESOLVED, S.CLOSED, S.MERGED), S.IN_PROGRESS, Permission.REOPEN_CASE, reporter=True),
    "refer": Rule(_("转出"), _OPEN, S.REFERRED, Permission.END_CASE),
    "decline": Rule(_("不予受理"), _OPEN, S.DECLINED, Permission.END_CASE),
    "withdraw": Rule(_("撤回"), _OPEN, S.WITHDRAWN, reporter=True),
    "merge": Rule(_("合并到另一件"), _OPEN, S.MERGED, Permission.MERGE_CASE),
    "unmerge": Rule(_("取消合并"), _in(S.MERGED), None, Permission.MERGE_CASE),
    "reclassify": Rule(_("修改项目或紧急程度"), _OPEN, None, Permission.RECLASSIFY_CASE),
    "urge": Rule(_("催办"), _OPEN, None, reporter=True),
    "me_too": Rule(_("我也遇到"), _OPEN, None, neighbour=True),
    "rate": Rule(pgettext_lazy("action", "评价"), _ANSWERED, None, reporter=True),
    "callback": Rule(_("回访"), _ANSWERED, None, Permission.ASK_BACK, reporter=True),
    "add": Rule(_("补充"), _ANY, None, Permission.NOTE_CASE, reporter=True),
    "note": Rule(_("内部备注"), _ANY, None, Permission.NOTE_CASE),
    "acknowledge": Rule(_("确认已知悉"), _OPEN, None, Permission.SEE_WORKBOARD),
}
