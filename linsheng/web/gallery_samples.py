"""Made-up data for the component gallery: one of everything, with long names, gaps and errors among them."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.core.ui.chart import Chart, Limits, Series

ITEMS = [
    ("lift", gettext_lazy("电梯"), "elevator"),
    ("leak", gettext_lazy("漏水"), "droplet"),
    ("light", gettext_lazy("照明"), "bulb"),
    ("clean", gettext_lazy("保洁"), "brush"),
    ("noise", gettext_lazy("噪音"), "volume"),
    ("parking", gettext_lazy("停车"), "parking"),
    ("safety", gettext_lazy("安全"), "shield-check"),
    ("other", gettext_lazy("其他"), "dots"),
]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class GalleryForm(forms.Form):
    """One field of each kind."""

    item = forms.ChoiceField(
        label=gettext_lazy("哪方面？"), choices=[(code, name) for code, name, _icon in ITEMS], widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("说一句"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写清地点和现象，师傅来得更快。"),
    )
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=11, required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("在哪里？"), choices=[("", "—"), ("home", gettext_lazy("我家")), ("lift", gettext_lazy("本楼电梯"))]
    )
    when = forms.DateField(label=gettext_lazy("方便的日子"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    urgency = forms.ChoiceField(
        label=gettext_lazy("紧急程度"),
        choices=[("emergency", gettext_lazy("紧急")), ("urgent", gettext_lazy("较急")), ("normal", gettext_lazy("一般"))],
        widget=forms.RadioSelect,
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("哪里不满意？"),
        choices=[("slow", gettext_lazy("来得慢")), ("manner", gettext_lazy("态度")), ("again", gettext_lazy("又坏了"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    stars = forms.TypedChoiceField(
        label=gettext_lazy("请评价"), choices=[(n, n) for n in range(1, 6)], coerce=int, widget=forms.RadioSelect
    )
    photos = forms.FileField(label=gettext_lazy("照片"), required=False, widget=ManyFilesInput, help_text=gettext_lazy("最多 6 张"))
    confidential = forms.BooleanField(
        label=gettext_lazy("对工作人员保密"), required=False, help_text=gettext_lazy("只有负责人看得到您的姓名和电话。")
    )


def cases(now: datetime) -> list[SimpleNamespace]:
    rows = [
        (
            "YH-CH-2611-0042",
            _("三号电梯按钮失灵，按了没有反应"),
            "in_progress",
            "emergency",
            "repair",
            "phone",
            -35,
            _("张强"),
            "3-2-1201",
        ),
        ("YH-CH-2611-0043", _("地库 B2 照明坏了一整排"), "assigned", "urgent", "repair", "app", 130, _("李师傅"), "5-1-0302"),
        ("YH-CH-2611-0044", _("希望儿童乐园周末晚一点关灯"), "received", "normal", "suggestion", "qr", 2880, "", "1-3-2204"),
        (
            "YH-CH-2611-0045",
            _("楼上装修噪音，周日上午八点就开始，孩子在家上网课，已经第三个星期了，麻烦管一管"),
            "waiting",
            "normal",
            "complaint",
            "email",
            600,
            _("欧阳慕容婉清"),
            "12-2-1904",
        ),
        ("YH-CH-2611-0046", _("保洁阿姨把楼道收拾得很干净"), "closed", "normal", "praise", "desk", 300, _("客服小林"), "2-1-0801"),
    ]
    names = ("number", "headline", "state", "urgency", "kind", "channel", "minutes", "handler", "home")
    found = [SimpleNamespace(pk=index, **dict(zip(names, row, strict=True))) for index, row in enumerate(rows, start=1)]
    for case in found:
        case.received_at = now - timedelta(hours=3)
        case.due = now + timedelta(minutes=case.minutes)
        case.paused = case.state == "waiting"
        case.done = now if case.state == "closed" else None
    return found


def times(now: datetime) -> dict[str, datetime]:
    """Instants around ``now`` whose words all differ."""
    return {
        "today": now - timedelta(minutes=20),
        "yesterday": now - timedelta(days=1),
        "month": now - timedelta(days=18),
        "year": now - timedelta(days=700),
        "late": now - timedelta(minutes=35),
        "soon": now + timedelta(minutes=40),
        "far": now + timedelta(hours=30),
        "begun": now - timedelta(hours=3),
    }


def _control_chart(months: list[str]) -> Chart:
    rates = [81.2, 83.0, 82.1, 84.4, 80.3, 83.6, 85.1, 71.0, 84.9, 85.3, 86.0]
    series = Series(_("满意率"), rates, flags=[rate < 74.1 for rate in rates])
    title, period = _("满意率 86%，与上月无显著差别；8 月低于控制限"), _("2026年1–11月")
    limits = Limits(83.4, 74.1, 92.7)
    return Chart("control", title, months, [series], "control", "%", period, 430, _("有效回访"), limits)


def _line_chart(months: list[str]) -> Chart:
    means = [3.9, 3.95, 4.0, 4.02, 3.98, 4.05, 4.1, 3.8, 4.1, 4.15, 4.2]
    one = Series(_("翠湖苑"), means, low=[mean - 0.2 for mean in means], high=[mean + 0.2 for mean in means])
    other = Series(_("流云里"), [3.6, 3.62, None, 3.7, 3.72, 3.75, 3.74, 3.7, 3.8, 3.85, 3.9])
    title, period = _("两个小区的平均分都在回升"), _("2026年1–11月")
    return Chart("lines", title, months, [one, other], unit=_("分"), period=period, n=1240, digits=2)


def _bar_chart() -> Chart:
    series = Series(_("件数"), [71, 43, 28, 22, 19, 14, 11, 6])
    names = [str(name) for _code, name, _icon in ITEMS]
    title, period = _("报修里电梯最多，占三分之一"), _("2026年11月")
    return Chart("bars", title, names, [series], "bar", _("件"), period, 214, horizontal=True, digits=0)


def _stacked_chart() -> Chart:
    rows = [(_("按时"), [18, 61, 102]), (_("超时"), [1, 22, 4]), (_("未到时限"), [0, 2, 4])]
    urgencies = [_("紧急"), _("较急"), _("一般")]
    title, period = _("超时件主要在较急一类"), _("2026年11月")
    return Chart("stacked", title, urgencies, [Series(*row) for row in rows], "stacked", _("件"), period, 214, digits=0)


def charts() -> list[Chart]:
    """One of each kind, and one without data."""
    months = [_("%(month)d月") % {"month": month} for month in range(1, 12)]
    empty = Chart("none", _("满意率"), [], [Series(_("满意率"), [])])
    return [_control_chart(months), _line_chart(months), _bar_chart(), _stacked_chart(), empty]


def photos() -> list[dict[str, str]]:
    """Two pictures that every installation has."""
    picture = static("img/mark.svg")
    return [{"url": picture, "thumbnail_url": picture, "caption": caption} for caption in (_("处理前"), _("处理后"))]


def faulty_form() -> GalleryForm:
    """A form that came back with errors."""
    form = GalleryForm({"text": "", "phone": "1000000000x", "place": "home", "urgency": "urgent"}, auto_id="faulty_%s")
    form.add_error("phone", _("请填 11 位手机号。"))
    return form


def legend_items() -> list[dict[str, str]]:
    words = {"late": _("已超时"), "soon": _("快到时"), "waiting": _("等待"), "done": _("按时")}
    return [{"tone": tone, "label": word} for tone, word in words.items()]
