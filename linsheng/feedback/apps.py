from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

SETTINGS_WORDS = {
    "feedback.install_defaults": _("建立反映处理的默认规则"),
    "feedback.change_settings": _("修改反映处理规则"),
    "feedback.change_ladder": _("修改升级规则"),
}


class FeedbackConfig(AppConfig):
    name = "linsheng.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Join "my data", the erasure of a person, the page of a home, and the audit trail."""
        # Models are not loaded before.
        from linsheng.audit import words  # noqa: PLC0415
        from linsheng.communities import panels as communities  # noqa: PLC0415
        from linsheng.feedback import panels, privacy  # noqa: PLC0415
        from linsheng.feedback.queries.page import LABELS  # noqa: PLC0415

        communities.register(panels.home_panel)
        privacy.register()
        words.register({f"case.{action}": label for action, label in LABELS.items()})
        words.register(SETTINGS_WORDS)
