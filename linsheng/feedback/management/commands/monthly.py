"""`manage.py monthly`: the figures of one month, for people or (``--json``) for programs."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from linsheng.communities.models import Community
from linsheng.core import clock
from linsheng.core.errors import Invalid
from linsheng.core.ui.figures import decimals_words
from linsheng.core.ui.moments import moment_in_full
from linsheng.feedback import figures
from linsheng.feedback.figures import words
from linsheng.feedback.figures.shapes import By, Group, MonthlyFigures


class Command(BaseCommand):
    help = "Print the monthly figures of a community, or of all communities of a company."

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--community", help="code of a community")
        whose.add_argument("--organisation", help="code of a company: all its communities together")
        parser.add_argument("--month", required=True, help="YYYY-MM")
        parser.add_argument("--by", choices=[str(by) for by in By], help="also broken down by")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON (keys: linsheng/reports/README.md)")

    def handle(
        self, *, community: str | None, organisation: str | None, month: str, by: str | None, as_json: bool, **_options: Any
    ) -> None:
        ids = _communities(community, organisation)
        now = clock.now()
        try:
            found = figures.monthly(ids, month, by, now=now)
        except Invalid as error:
            raise CommandError(str(error.message)) from None
        if as_json:
            self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
            return
        for line in _lines(found, now):
            self.stdout.write(line)


def _communities(community: str | None, organisation: str | None) -> list[int]:
    if community:
        ids = list(Community.objects.filter(code=community).values_list("pk", flat=True))
        missing = _("没有代码为“%(code)s”的小区。") % {"code": community}
    else:
        ids = list(Community.objects.filter(organisation__code=organisation).values_list("pk", flat=True))
        missing = _("没有代码为“%(code)s”的公司，或它还没有小区。") % {"code": organisation}
    if not ids:
        raise CommandError(missing)
    return ids


def _lines(found: MonthlyFigures, now: datetime) -> Iterator[str]:
    names = _("、").join(name for _code, name in found.communities)
    yield _("%(names)s · %(month)s月度报表") % {"names": names, "month": found.month.label}
    if not found.finished:
        yield _("本月尚未结束，截至 %(at)s") % {"at": moment_in_full(found.cut)}
    yield ""
    yield from _volume(found)
    yield from _shares(found)
    yield from _answers(found)
    yield ""
    yield _("走势")
    for trend in found.trends:
        yield "  " + _line(trend.name, words.trend_words(trend))
    yield _("项目：%(sentence)s") % {"sentence": words.weak_words(found.weak)}
    yield from _topics(found)
    yield from _groups(found.groups)


def _volume(found: MonthlyFigures) -> Iterator[str]:
    total = found.total
    counts = {"received": total.received, "handled": total.handled, "open": total.open_at_end}
    yield _("收到 %(received)d 件，给出结果 %(handled)d 件，期末未了结 %(open)d 件") % counts
    yield _("催办 %(urges)d 次（%(cases)d 件）") % {"urges": total.urges, "cases": total.urged_cases}


def _shares(found: MonthlyFigures) -> Iterator[str]:
    total = found.total
    for name in ("answered_in_time", "resolved_in_time"):
        change = words.change_words(found.change(name))
        yield _line(name, words.share_words(getattr(total, name)), change)
    for name in ("told", "reopened"):
        yield _line(name, words.share_words(getattr(total, name)))
    for name in ("handler_minutes", "resident_minutes"):
        time = getattr(total, name)
        yield _line(name, words.median_words(time), words.basis_words(time))


def _answers(found: MonthlyFigures) -> Iterator[str]:
    ratings, callbacks = found.total.ratings, found.total.callbacks
    yield _line("satisfied", words.share_words(ratings.satisfied), words.change_words(found.change("satisfied")))
    if ratings.mean is not None:
        bounds = {"low": decimals_words(ratings.low, 2), "high": decimals_words(ratings.high, 2), "n": ratings.n}
        interval = _("95%% 区间 %(low)s–%(high)s，%(n)d 份评价") % bounds
        yield _line("mean", decimals_words(ratings.mean, 2), interval)
        yield _line("index", decimals_words(ratings.index, 1), _("0–100"))
    for name, share in (
        ("contacted", callbacks.contacted),
        ("solved", callbacks.solved),
        ("callback_satisfied", callbacks.satisfied),
    ):
        yield _line(name, words.share_words(share), words.change_words(found.change(name)))
    beside = {"valid": callbacks.valid, "silent": callbacks.non_response, "excluded": callbacks.excluded, "none": callbacks.no_word}
    yield _("  有效回访 %(valid)d 份；未应答 %(silent)d，排除 %(excluded)d，尚无回音 %(none)d") % beside
    if callbacks.index.value is not None:
        yield _line("callback_index", decimals_words(callbacks.index.value, 1), _("0–100"))


def _line(name: str, value: str, note: str = "") -> str:
    facts = {"name": words.NAMES[name], "value": value, "note": note}
    return (_("%(name)s：%(value)s；%(note)s") if note else _("%(name)s：%(value)s")) % facts


def _topics(found: MonthlyFigures) -> Iterator[str]:
    if not found.topics.words:
        return
    yield _("大家在说（读了 %(read)d / %(texts)d 条）") % {"read": found.topics.read, "texts": found.topics.texts}
    for topic in found.topics.words:
        more = _("，比前六个月多") if topic.more else ""
        yield f"  {topic.word} {topic.texts}{more}"


def _groups(groups: tuple[Group, ...]) -> Iterator[str]:
    for group in groups:
        counted = group.figures
        values = {"label": group.label, "received": counted.received, "handled": counted.handled, "open": counted.open_at_end}
        head = _("%(label)s：收到 %(received)d，给出结果 %(handled)d，未了结 %(open)d") % values
        yield _("%(head)s；按时解决 %(in_time)s；评价满意率 %(satisfied)s") % {
            "head": head,
            "in_time": words.share_words(counted.resolved_in_time, interval=False),
            "satisfied": words.share_words(counted.ratings.satisfied, interval=False),
        }
