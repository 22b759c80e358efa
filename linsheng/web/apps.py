from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "linsheng.web"
    label = "web"

    def ready(self) -> None:
        # Here, since core knows no app: what the badges of core's template tags are called.
        from linsheng.core.ui.looks import register_words  # noqa: PLC0415 - models exist only when apps are ready
        from linsheng.feedback.models import CaseState, Channel, Kind  # noqa: PLC0415
        from linsheng.standards.models import Urgency  # noqa: PLC0415

        register_words("state", CaseState.choices)
        register_words("channel", Channel.choices)
        register_words("kind", Kind.choices)
        register_words("urgency", Urgency.choices)
