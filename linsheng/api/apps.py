from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "linsheng.api"
    label = "api"
