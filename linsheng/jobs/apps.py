from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class JobsConfig(AppConfig):
    name = "linsheng.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Import every app's ``tasks``: that is where handlers, schedules and loops register."""
        for config in apps.get_app_configs():
            name = f"{config.name}.tasks"
            # Asking first: an ImportError inside an existing module must not pass for its absence.
            if config.name.startswith("linsheng.") and find_spec(name):
                import_module(name)
