from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "linsheng.communities"
    label = "communities"

    def ready(self) -> None:
        """Join the page 我的, "my data", consent, the erasure of a person, the audit trail and messaging."""
        # Models are not loaded before.
        from linsheng.accounts import panels as accounts  # noqa: PLC0415
        from linsheng.audit import words as audit  # noqa: PLC0415
        from linsheng.communities import belonging, panels, privacy, words  # noqa: PLC0415
        from linsheng.messaging import houses  # noqa: PLC0415

        for make in (panels.homes_panel, panels.posts_panel, panels.data_panel):
            accounts.register(make)
        privacy.register()
        houses.register(belonging.HOUSES)
        audit.register(words.WORDS)
