from django.apps import AppConfig


class SimulateConfig(AppConfig):
    name = "linsheng.simulate"
    label = "simulate"
