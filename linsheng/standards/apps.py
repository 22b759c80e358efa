from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WORDS = {
    "standards.install_defaults": _("建立默认的服务项目和承诺"),
    "standards.add_dimension": _("新增服务维度"),
    "standards.add_item": _("新增服务项目"),
    "standards.change_item": _("修改服务项目"),
    "standards.retire_item": _("停用服务项目"),
    "standards.restore_item": _("恢复服务项目"),
    "standards.publish_promises": _("发布服务承诺"),
    "standards.save_calendar": _("修改工作日历"),
    "standards.set_override": _("设置特殊日期"),
    "standards.remove_override": _("取消特殊日期"),
}


class StandardsConfig(AppConfig):
    name = "linsheng.standards"
    label = "standards"

    def ready(self) -> None:
        """Name this app's actions for the audit trail."""
        # Models are not loaded before.
        from linsheng.audit import words  # noqa: PLC0415

        words.register(WORDS)
