"""How each figure is counted, in the words of the people who read them: on the page, and in the workbook."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from linsheng.feedback.figures import ENOUGH, words


def definitions() -> Iterator[tuple[str, str]]:
    """Term and explanation, in the order of the page."""
    yield str(words.NAMES["received"]), _("当月提出的全部反映，不论后来怎样。")
    yield str(words.NAMES["handled"]), _("当月给出结果的反映（办好、转出或未受理），合并的每户都算；同一件当月多次给结果只算一次。")
    yield (
        _("按时"),
        _(
            "分母是时限落在当月（到月末，当月则到此刻）的反映，每件只算一次；到时限还没办好的算超时，时限未到的不算。"
            "提前撤回的、并入另一件的、等待中计时暂停的、没有承诺时限的不在分母里。"
        ),
    )
    yield (
        str(words.NAMES["handler_minutes"]),
        _("当月提出的反映，从提出到给出结果的工作时间，不含等待；还没办好的按删失计入（Kaplan–Meier），不丢掉。"),
    )
    yield (
        str(words.NAMES["resident_minutes"]),
        _("当月提出的反映，从提出到反映人确认解决的自然时间，中途不停表；没有回音就结束的，在结束时删失。"),
    )
    yield str(words.NAMES["told"]), _("当月给出的结果里，有证据表明反映人知道了的比例。")
    yield str(words.NAMES["reopened"]), _("当月给出的结果里，后来被重新打开的比例。")
    yield str(words.NAMES["satisfied"]), _("反映人评价里 4 星和 5 星的比例；平均分、满意率、满意指数是三个不同的数。")
    yield _("回访三率"), _("只算有效回访（接通并回答）；未应答、号码无效、尚无回音的列在旁边，不进分母。")
    yield (
        _("区间与差别"),
        _("比例用 Wilson 区间；与上月相比用 Newcombe 区间，包含 0 就说“无显著差别”。几项同时比较时，个别“差别”可能只是碰巧。"),
    )
    yield _("波动"), _("控制图的界限来自之前各月（三倍标准差，按实际离散放宽）；界限以内是正常波动。不足十二个月的界限是暂定的。")
    yield _("偏低的项目"), _("近三个月的评价，按样本多少向平均收缩后，95% 区间仍低于公司平均的才算。")
    yield _("样本太少"), _("不足 %(n)d 份的评价和回访不显示比例。") % {"n": ENOUGH}
