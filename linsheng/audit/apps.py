from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "linsheng.audit"
    label = "audit"
