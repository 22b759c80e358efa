from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

PLACE_WORDS = {
    "place.create": _("新建扫码点位"),
    "place.create_all": _("批量新建扫码点位"),
    "place.retire": _("停用扫码点位"),
    "place.reissue": _("扫码点位换码"),
    "slips.open": _("开始录入一批纸条"),
}
TRIAGE_WORDS = {"triage.train": _("学习归类建议")}
MAIL_WORDS = {
    "mail.release": _("放行邮件"),
    "mail.retry": _("重试邮件"),
    "mail.discard": _("丢弃邮件"),
    "mailbox.save": _("修改邮箱设置"),
}
CALL_WORDS = {
    "call.report": _("电话系统报来电"),
    "call.take": _("接听来电"),
    "call.decide": _("登记来电结果"),
    "exchange.create": _("新建电话系统"),
    "exchange.rotate": _("更换电话系统密钥"),
    "exchange.add_line": _("登记电话线路"),
    "exchange.retire_line": _("停用电话线路"),
}


class IntakeConfig(AppConfig):
    name = "linsheng.intake"
    verbose_name = "intake"

    def ready(self) -> None:
        """Join the audit trail, the story of a case, the call form, "my data" and the erasure of a person."""
        # Models are not loaded before.
        from linsheng.audit import words  # noqa: PLC0415
        from linsheng.feedback import letters as story  # noqa: PLC0415
        from linsheng.feedback import phone, proposals  # noqa: PLC0415
        from linsheng.intake import callprivacy, hearing, letters, mailprivacy, privacy, proposing  # noqa: PLC0415
        from linsheng.intake.actions.triage import keep_choice  # noqa: PLC0415

        privacy.register()
        words.register({**PLACE_WORDS, **MAIL_WORDS, **CALL_WORDS, **TRIAGE_WORDS})
        story.register(letters.letters_of)
        phone.on_logged(hearing.keep_call)
        mailprivacy.register()
        callprivacy.register()
        proposals.register(proposing.proposed, keep_choice)
