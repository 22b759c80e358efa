"""What the actions of the trail are called on screen. An action without a word is shown by its name."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_words: dict[str, str | Promise] = {}


def register(words: Mapping[str, str | Promise]) -> None:
    """Each app names its own actions; called when it is ready."""
    _words.update(words)


def action_words(action: str) -> str:
    return str(_words.get(action, action))


def known_actions() -> list[tuple[str, str]]:
    """Every named action with its word, for the filter."""
    return [(action, str(word)) for action, word in sorted(_words.items(), key=lambda pair: str(pair[1]))]


register(
    {
        "personal_data.read": _("查看个人信息"),
        "personal_data.export": _("导出个人信息"),
        # Apps below audit cannot come here by themselves.
        "jobs.retry_job": _("重试后台任务"),
    }
)

# What the parts of an entry's data are called. A part without a word is shown by its name.
PARTS: dict[str, str | Promise] = {
    "what": _("看的是"),
    "ids": _("编号"),
    "count": _("数量"),
    "event": _("经过编号"),
    "cycle": _("第几次处理"),
    "from": _("原来"),
    "to": _("变为"),
    "before": _("修改前"),
    "after": _("修改后"),
    "changed": _("修改了"),
    "number": _("编号"),
    "parent": _("合并到"),
    "name": _("名称"),
    "code": _("代码"),
    "role": _("角色"),
    "clock": _("计时"),
    "order": _("级别"),
    "rungs": _("级别"),
    "handler": _("处理人编号"),
    "resident": _("居民编号"),
    "home": _("房屋编号"),
    "homes": _("房屋编号"),
    "user": _("账号编号"),
    "method": _("方式"),
    "reached": _("联系上"),
    "outcome": _("结果"),
    "stars": _("星级"),
    "photo": _("照片编号"),
    "kind": _("类型"),
    "until": _("到"),
    "date": _("日期"),
    "how": _("登录方式"),
    "second_step": _("两步验证"),
    "version": _("版本"),
    "format": _("格式"),
    "filter": _("筛选"),
    "place": _("在哪里"),
    "community": _("小区编号"),
    "building": _("楼栋编号"),
    "grade": _("物业类型"),
    "tenure": _("居住状态"),
    "done": _("已办理"),
    "rows": _("行数"),
    "bad_rows": _("有误的行"),
    "homes_created": _("新增的房屋"),
    "homes_updated": _("更新房屋"),
    "buildings_created": _("新增的楼栋"),
    "residents_created": _("新增居民"),
    "residents_updated": _("更新居民"),
}
SUBJECTS: dict[str, str | Promise] = {
    "accounts.user": _("账号"),
    "accounts.apitoken": _("接口令牌"),
    "communities.organisation": _("物业公司"),
    "communities.community": _("小区"),
    "communities.building": _("楼栋"),
    "communities.home": _("房屋"),
    "communities.resident": _("居民"),
    "communities.residency": _("入住关系"),
    "communities.post": _("岗位"),
    "communities.rosterimport": _("名册导入"),
    "communities.datarequest": _("个人信息请求"),
    "feedback.case": _("反馈件"),
    "standards.serviceitem": _("服务项目"),
    "standards.servicedimension": _("服务维度"),
    "standards.standardversion": _("服务承诺版本"),
    "standards.servicecalendar": _("工作日历"),
}
VALUES: dict[str, str | Promise] = {
    "residents": _("居民名单"),
    "resident": _("一位居民"),
    "home": _("一套房屋"),
    "homes": _("房屋名单"),
    "cases": _("反馈件"),
    "call": _("来电登记"),
    "data_request": _("个人信息请求"),
    "own": _("自己的数据"),
    "password": _("密码"),
    "phone": _("手机验证码"),
    "claim": _("认领码"),
    "True": _("是"),
    "False": _("否"),
}


def part_words(part: str) -> str:
    return str(PARTS.get(part, part))


def subject_words(subject_type: str) -> str:
    """feedback.case → 反馈件."""
    return str(SUBJECTS.get(subject_type, subject_type))


def value_words(value: object) -> str:
    return str(VALUES.get(str(value), value))
