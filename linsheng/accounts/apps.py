from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "linsheng.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Name this app's actions for the audit trail."""
        # Models are not loaded before.
        from linsheng.accounts.words import WORDS  # noqa: PLC0415
        from linsheng.audit import words  # noqa: PLC0415

        words.register(WORDS)
