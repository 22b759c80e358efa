"""Beginnings of results, so that nobody writes the same polite words a hundred times; always to be completed."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from linsheng.feedback.models import Case, Kind

USUAL: tuple[LazyText, ...] = (
    _("已到现场检查，原因是……，现已……。"),
    _("已更换……，试用正常，请您留意几天。"),
    _("经核实……，已要求……改正。"),
    _("暂时无法……，原因是……，预计……前完成。"),
)
BY_KIND: dict[str, tuple[LazyText, ...]] = {
    Kind.REPAIR: (_("已修好：……，试用正常。如再出现请随时告诉我们。"), _("已更换……（配件），质保……。")),
    Kind.COMPLAINT: (_("已核实您反映的情况，向您致歉。已……，今后……。"), _("已找当事人谈话并……，由……跟进。")),
    Kind.SUGGESTION: (_("感谢建议。已采纳，将于……前……。"), _("感谢建议。目前不能采纳，原因是……。")),
    Kind.ENQUIRY: (_("您咨询的……，答复如下：……。"), _("办理需要……，地点……，时间……。")),
    Kind.PRAISE: (_("感谢您的表扬，已转达……本人。"),),
    Kind.HELP: (_("已上门……，目前……。"), _("已联系……协助，后续由……跟进。")),
}


def snippets_for(case: Case) -> list[str]:
    """What fits the kind of the case first."""
    return [str(text) for text in (*BY_KIND.get(case.kind, ()), *USUAL)][:5]
