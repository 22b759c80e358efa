"""The file that people download, fill in and upload again."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from linsheng.communities.roster.columns import COLUMNS
from linsheng.core.tabular import xlsx_chunks

EXAMPLES: Final = (
    ("3栋", "3-2-1201", "12", "89.5", "自住", "王芳", "10000000001", "wangfang@example.com", "业主", "2019-06-01"),
    ("3栋", "3-2-1201", "", "", "", "李强", "10000000002", "", "家属", "2019-06-01"),
    ("3栋", "3-2-1202", "12", "102", "出租", "陈晨", "10000000003", "", "租户", "2024-03-05"),
    ("3栋", "3-2-1203", "12", "76.8", "空置", "", "", "", "", ""),
)


def header() -> list[str]:
    return [str(column.title) for column in COLUMNS]


def notes() -> list[str]:
    """How to fill it in."""
    return [
        _("一行是一位住户；一套房屋有几位住户就写几行，房号相同。没有住户的房屋也写一行，姓名留空。"),
        _("楼栋、房号必填。房号在整个小区里不能重复，建议写全，例如 3-2-1201（3 栋 2 单元 1201 室）。"),
        _("楼层填整数，地下一层填 -1；面积填平方米，例如 89.5。"),
        _("居住状态填：自住、出租、空置、未知。身份填：业主、租户、家属，留空按业主处理。"),
        _("手机号用来登录和识别来电，一个号码只能属于一位住户；没有就留空。也可以填固定电话。"),
        _("入住日期写成 2024-03-05。"),
        _("再次导入时，按房号更新房屋，按手机号（没有则按房屋里的姓名）更新住户；留空的格子保持原样，不会清除。"),
        _("名册里没有的住户不会被删除，只在结果里列出，请到房屋页面办理迁出。"),
        _("请先删除示例行。上传后先检查，不写入任何内容；有误的行会列出行号、列名和修改办法。"),
    ]


def template_chunks() -> Iterator[bytes]:
    """The template as ``.xlsx``: headings, four examples, and a sheet that explains."""
    return xlsx_chunks(header(), EXAMPLES, sheet=_("名册"), notes=notes())
