from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WORDS = {
    "surveys.install_defaults": _("建立默认问卷"),
    "surveys.make_questionnaire": _("新建问卷"),
    "surveys.draft_version": _("起草问卷新版"),
    "surveys.change_questionnaire": _("修改问卷"),
    "surveys.make_wave": _("新建满意度调查"),
    "surveys.change_wave": _("修改满意度调查"),
    "surveys.open_wave": _("开始满意度调查"),
    "surveys.remind_wave": _("提醒未答住户"),
    "surveys.close_wave": _("结束满意度调查"),
    "surveys.print_letters": _("打印调查信"),
    "surveys.replace_letter": _("补发调查信"),
    "surveys.enter_answer": _("代录问卷"),
    "surveys.check_answer": _("复核代录问卷"),
    "surveys.save_publication": _("选定要公布的调查结果"),
    "surveys.publish_wave": _("公布调查结果"),
    "surveys.withdraw_publication": _("撤下公布的调查结果"),
    "surveys.export_wave": _("导出满意度调查数据"),
    "surveys.drop_entry": _("撤销代录问卷"),
}
SUBJECTS = {
    "surveys.wave": _("满意度调查"),
    "surveys.questionnaireversion": _("问卷"),
    "surveys.ballot": _("答题凭证"),
}


class SurveysConfig(AppConfig):
    name = "linsheng.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Name this app's actions for the audit trail."""
        # Models are not loaded before.
        from linsheng.audit import words  # noqa: PLC0415
        from linsheng.surveys import privacy, todo  # noqa: PLC0415, F401  # the latter registers itself

        privacy.register()
        words.register(WORDS)
        words.SUBJECTS.update(SUBJECTS)
