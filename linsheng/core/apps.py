from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "linsheng.core"
    label = "core"
