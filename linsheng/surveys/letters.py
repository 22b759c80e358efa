"""Letters with each home's code, as PDF: one a building, for envelopes with a window. Codes are made for a page, never stored."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from linsheng.core.documents import render_pdf
from linsheng.core.ui.moments import moment_in_full
from linsheng.surveys import sealing
from linsheng.surveys.models import Ballot, BallotState, Wave
from linsheng.surveys.queries.questionnaires import minutes_words

TEMPLATE = "surveys/documents/letters.typ"
GROUP = 4


@dataclass(frozen=True)
class Sheet:
    """The letters of one building."""

    name: str
    ballots: list[Ballot]


def spaced(code: str) -> str:
    """The code as it is read from paper, in groups."""
    size = 3
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def link_of(code: str) -> str:
    return settings.SITE_URL + reverse("surveys:enter", args=[code])


def qr_rows(text: str) -> str:
    """A QR code as one SVG path: a thousand of them are drawn in seconds."""
    out = io.BytesIO()
    import segno

    segno.make_qr(text, error="m").save(out, kind="svg", border=2, light="#fff", omitsize=True, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def sheets_of(wave: Wave, ballots: "Iterator[Ballot] | list[Ballot] | None" = None) -> list[Sheet]:
    """The unanswered ballots by building, in walking order."""
    if ballots is None:
        rows = Ballot.objects.filter(wave=wave, state=BallotState.OPEN).select_related("home__building", "home__community")
        ballots = list(rows.order_by("serial"))
    several = wave.communities.count() > 1
    found = []
    for (community, building), members in groupby(ballots, key=lambda b: (b.home.community, b.home.building)):
        name = f"{community.name}-{building.name}" if several else building.name
        found.append(Sheet(name, list(members)))
    return found


def pdf_of(wave: Wave, sheet: Sheet) -> bytes:
    """One PDF, a page a home."""
    lines = [
        _("请您家一位了解情况的成年人，用手机扫右边的二维码作答，%(minutes)s，不用登录。")
        % {"minutes": minutes_words(wave.version)},
        _("不方便用手机的，可以到客服前台填纸质问卷，或请客服电话代填。"),
        _("每家一份，答过一次后，这个编码就不能再用。"),
        _("这次调查是匿名的：我们只记下您家答过没有，不知道答了什么。")
        if wave.anonymous
        else _("这次调查是记名的：答案与您家的房屋对应保存，公布时只有合计。"),
    ]
    if wave.results_on:
        lines.append(_("结果和改进安排在 %(day)s 前公布给全体住户。") % {"day": moment_in_full(wave.results_on)})
    data = {
        "title": str(wave),
        "company": wave.organisation.name,
        "until": _("请在 %(day)s 前作答") % {"day": moment_in_full(wave.ends_on)},
        "greeting": _("尊敬的住户："),
        "lines": lines,
        "enter": _("没有二维码扫描，可打开 %(address)s 输入编码：") % {"address": settings.SITE_URL + "/s/"},
        "serial": _("编号"),
        "letters": [_letter(wave, ballot) for ballot in sheet.ballots],
    }
    return render_pdf(TEMPLATE, data)


def _letter(wave: Wave, ballot: Ballot) -> dict[str, str]:
    code = sealing.code_for(wave, ballot)
    community = ballot.home.community
    return {
        "address": community.address,
        "community": community.name,
        "home": ballot.home.number,
        "phone": community.phone,
        "code": spaced(code),
        "serial": f"{ballot.serial:04d}",
        "qr": qr_rows(link_of(code)),
    }
