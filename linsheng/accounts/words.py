"""What this app's actions are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "account.sign_in": _("登录"),
    "account.end_sessions": _("退出所有登录"),
    "account.change_password": _("修改密码"),
    "account.reset_password": _("重置密码"),
    "account.second_step_on": _("开启两步验证"),
    "account.second_step_off": _("关闭两步验证"),
    "account.correct_profile": _("修改姓名或邮箱"),
    "account.change_phone": _("更换手机号"),
    "account.activate": _("启用了账号"),
    "account.deactivate": _("停用了账号"),
    "account.erase": _("注销账号"),
    "consent.give": _("同意个人信息保护说明"),
    "consent.withdraw": _("撤回同意"),
    "token.create": _("创建接口令牌"),
    "token.revoke": _("撤销接口令牌"),
    "token.revoke_all": _("撤销全部接口令牌"),
}
