from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "linsheng.reports"
    label = "reports"
