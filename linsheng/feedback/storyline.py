"""The story of a case in words for staff: who did what, in time order, one chapter for each time it was worked on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linsheng.accounts.permissions import Role
from linsheng.core.ui.moments import duration_words, moment_words
from linsheng.feedback.letters import Letter
from linsheng.feedback.models import Callback, Case, Channel, Escalation, Kind, Photo, Rating, ResultNotice
from linsheng.feedback.queries.page import StoryEntry
from linsheng.feedback.reporters import Reporter
from linsheng.standards.models import Urgency

WAITING_FOR: dict[str, LazyText] = {
    "reporter": gettext_lazy("反映人"),
    "third_party": gettext_lazy("第三方"),
    "parts": gettext_lazy("配件"),
}
CONTACT_METHODS: dict[str, LazyText] = {
    "phone": gettext_lazy("电话联系"),
    "visit": gettext_lazy("上门"),
    "message": gettext_lazy("留言"),
}
ICONS = {
    "receive": ("message-plus", "primary"), "assign": ("user-check", ""), "contact": ("phone", ""), "start": ("tool", ""),
    "wait": ("hourglass", "waiting"), "resume": ("player-play", ""), "resolve": ("check", "done"), "tell": ("speakerphone", ""),
    "close": ("checks", "done"), "reopen": ("rotate", "late"), "refer": ("arrow-forward-up", "done"), "decline": ("ban", "done"),
    "withdraw": ("arrow-back-up", ""), "merge": ("git-merge", ""), "absorb": ("git-merge", ""), "unmerge": ("unlink", ""),
    "reclassify": ("adjustments", ""), "urge": ("bell-ringing", "soon"), "me_too": ("users", ""), "rate": ("star", "praise"),
    "callback": ("phone-call", ""), "add": ("message-plus", "primary"), "note": ("lock", ""), "acknowledge": ("eye", ""),
    "escalate": ("alert-triangle", "late"), "photo": ("photo", ""),
    "match": ("user-check", ""),
}  # fmt: skip
# What the reporter says stands as a quotation, and so does what they are told.
QUOTED = frozenset({"receive", "add", "resolve", "refer", "decline"})


@dataclass(frozen=True)
class Said:
    """What the page knows beside the history: votes and answers, and the notices that the system sent."""

    ratings: dict[int, Rating] = field(default_factory=dict)
    callbacks: list[Callback] = field(default_factory=list)
    notices: list[ResultNotice] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


@dataclass(frozen=True)
class StoryLine:
    """One thing that happened. ``quoted`` words are the reporter's, or meant for them."""

    at: datetime
    cycle: int
    action: str
    who: str
    what: str
    text: str = ""
    details: str = ""
    icon: str = ""
    tone: str = ""
    internal: bool = False
    quoted: bool = False
    link: str = ""
    link_label: str = ""
    rating: Rating | None = None
    pictures: list[Photo] = field(default_factory=list)
    letter: Letter | None = None

    @property
    def reasons(self) -> list[str]:
        """The chips that the reporter chose beside a low rating, in words."""
        words = dict(Rating.Reason.choices)
        return [str(words[reason]) for reason in self.rating.reasons if reason in words] if self.rating else []


@dataclass(frozen=True)
class Chapter:
    """What happened in one cycle."""

    cycle: int
    lines: list[StoryLine]


def _reached(entry: StoryEntry) -> str:
    return "" if entry.data.get("reached") is None else _("已联系上") if entry.data["reached"] else _("没有联系上")


def _assign(entry: StoryEntry, now: datetime) -> str:
    name = entry.data.get("name", "")
    return _("领取了这件事") if name and name == entry.who else _("指派给 %(name)s") % {"name": name}


def _contact(entry: StoryEntry, now: datetime) -> str:
    method = str(CONTACT_METHODS.get(entry.data.get("method", ""), entry.label))
    if entry.data.get("method") == "message":
        return _("给反映人留言")
    return f"{method}：{_reached(entry)}"


def _wait(entry: StoryEntry, now: datetime) -> str:
    what = WAITING_FOR.get(entry.data.get("for", ""), entry.label)
    until = parse_datetime(entry.data.get("until") or "")
    if until is None:
        return _("转为等待：等%(what)s") % {"what": what}
    return _("转为等待：等%(what)s，预计 %(when)s") % {"what": what, "when": moment_words(until, now, with_time=True)}


def _resolve(entry: StoryEntry, now: datetime) -> str:
    parent = entry.data.get("parent")
    return _("处理结果（随 %(number)s 一并处理）") % {"number": parent} if parent else _("处理结果")


def _tell(entry: StoryEntry, now: datetime) -> str:
    method = str(ResultNotice.Method(entry.data["method"]).label) if entry.data.get("method") in ResultNotice.Method.values else ""
    return _("告知结果（%(method)s）：%(reached)s") % {"method": method, "reached": _reached(entry)}


def _reclassify(entry: StoryEntry, now: datetime) -> str:
    before, after = entry.data.get("before", {}), entry.data.get("after", {})
    urgencies, kinds = dict(Urgency.choices), dict(Kind.choices)
    words = [
        (_("项目"), before.get("item_name") or before.get("item"), after.get("item_name") or after.get("item")),
        (_("紧急程度"), urgencies.get(before.get("urgency")), urgencies.get(after.get("urgency"))),
        (_("类型"), kinds.get(before.get("kind")), kinds.get(after.get("kind"))),
    ]
    changes = [
        _("%(what)s由“%(old)s”改为“%(new)s”") % {"what": what, "old": old, "new": new} for what, old, new in words if old != new
    ]
    return _("；").join(changes) or str(entry.label)


def _escalate(entry: StoryEntry, now: datetime) -> str:
    clock, role = entry.data.get("clock", ""), entry.data.get("role", "")
    values = {"clock": dict(Escalation.Clock.choices).get(clock, clock), "role": dict(Role.choices).get(role, role)}
    return _("%(clock)s时限升级，已提醒%(role)s") % values


def _plain(sentence: LazyText | str) -> Callable[[StoryEntry, datetime], str]:
    return lambda entry, now: str(sentence)


WORDS: dict[str, Callable[[StoryEntry, datetime], str]] = {
    "assign": _assign, "contact": _contact, "wait": _wait, "resolve": _resolve, "tell": _tell,
    "reclassify": _reclassify, "escalate": _escalate, "note": _plain(""), "me_too": _plain(gettext_lazy("也遇到这件事")),
    "merge": _plain(gettext_lazy("合并到另一件")), "absorb": _plain(gettext_lazy("把另一件合并到这一件")),
}  # fmt: skip


def _who(entry: StoryEntry, reporter: Reporter) -> str:
    if entry.by_reporter:
        return reporter.name
    if entry.action == "me_too":
        return _("邻居")
    return entry.who or _("系统")


def _received(line: StoryLine, case: Case, reporter: Reporter) -> StoryLine:
    """The reporter's words, with how they came in, and who wrote them down."""
    channel = str(Channel(case.channel).label)
    entered = case.entered_by_id is not None
    what = (
        _("通过%(channel)s反映，%(name)s登记") % {"channel": channel, "name": line.who}
        if entered
        else _("通过%(channel)s反映") % {"channel": channel}
    )
    return replace(line, who=reporter.name, what=what, text=case.text, details=call_words(case))


def call_words(case: Case) -> str:
    """How long the call was, if it was timed."""
    seconds = (case.call or {}).get("seconds")
    if not isinstance(seconds, int):
        return ""
    return _("通话 %(length)s") % {"length": duration_words(seconds / 60) if seconds >= 60 else _("%(n)d 秒") % {"n": seconds}}


def _callback_line(line: StoryLine, callback: Callback | None) -> StoryLine:
    if callback is None:
        return line
    who = line.who if callback.asked_by_id is None else (callback.asked_by.name if callback.asked_by else line.who)
    what = _("回访（%(method)s）：%(outcome)s") % {
        "method": callback.get_method_display(),
        "outcome": callback.get_outcome_display(),
    }
    return replace(line, who=who, what=what, text=callback.note, details=answer_words(callback))


def answer_words(callback: Callback) -> str:
    """The three answers in a line; empty where none were given."""
    if callback.outcome != Callback.Outcome.ANSWERED:
        return ""
    said = {True: _("是"), False: _("否"), None: "—"}
    values = {"contacted": said[callback.contacted], "solved": said[callback.solved], "satisfied": callback.get_satisfied_display()}
    return _("联系过：%(contacted)s；解决了：%(solved)s；%(satisfied)s") % values


def _line(entry: StoryEntry, case: Case, reporter: Reporter, said: Said, now: datetime) -> StoryLine:
    icon, tone = ICONS.get(entry.action, ("circle", ""))
    words = WORDS.get(entry.action)
    line = StoryLine(
        at=entry.at,
        cycle=entry.cycle,
        action=entry.action,
        who=_who(entry, reporter),
        what=words(entry, now) if words else str(entry.label),
        text=entry.text,
        icon=icon,
        tone=tone,
        # Staff asked the reporter: the answer is no note among staff, though the reporter's page leaves it out.
        internal=entry.internal and entry.action == "note",
        quoted=entry.action in QUOTED,
        pictures=[entry.photo] if entry.photo else [],
    )
    if entry.action == "receive":
        return replace(_received(line, case, reporter), letter=next((x for x in said.letters if x.made_case), None))
    if key := entry.data.get("mail"):
        return replace(line, letter=next((x for x in said.letters if x.key == key), None))
    if entry.action == "rate":
        return replace(line, rating=said.ratings.get(entry.cycle), text="")
    if entry.action == "callback":
        return _callback_line(line, next((c for c in said.callbacks if c.at == entry.at), None))
    other = entry.data.get("into") or entry.data.get("child")
    return (
        replace(line, link=reverse("feedback:case", args=[other]), link_label=str(entry.data.get("number", ""))) if other else line
    )


def _notice_line(notice: ResultNotice) -> StoryLine:
    """What the system itself sent: into the inbox, by mail, onto the case's own page."""
    state = {True: _("已送达"), False: _("没有送达"), None: _("正在发送")}[notice.reached]
    what = _("结果通知（%(method)s）：%(state)s") % {"method": notice.get_method_display(), "state": state}
    tone = "late" if notice.reached is False else ""
    icon = "mail" if notice.method == ResultNotice.Method.EMAIL else "send"
    return StoryLine(notice.at, notice.cycle, "notice", _("系统"), what, text=notice.note, icon=icon, tone=tone)


def _letter_line(letter: Letter, case: Case) -> StoryLine:
    """A letter that made no entry of its own: an automatic answer, a mail that came back."""
    return StoryLine(
        letter.at, case.cycle, "letter", letter.who or _("系统"), letter.what, icon="mail", tone=letter.tone, letter=letter
    )


def _cycle_at(at: datetime, entries: list[StoryEntry]) -> int:
    return max((entry.cycle for entry in entries if entry.at <= at), default=1)


def _together(lines: Iterable[StoryLine]) -> list[StoryLine]:
    """Pictures added one after the other by one person stand in one line."""
    found: list[StoryLine] = []
    for line in lines:
        last = found[-1] if found else None
        if last and line.action == last.action == "photo" and line.who == last.who and _stage(line) == _stage(last):
            found[-1] = replace(last, pictures=[*last.pictures, *line.pictures])
        else:
            found.append(line)
    return found


def _stage(line: StoryLine) -> str:
    return line.pictures[0].stage if line.pictures else ""


def chapters(case: Case, entries: Iterable[StoryEntry], reporter: Reporter, said: Said, now: datetime) -> list[Chapter]:
    """The whole story, oldest first."""
    entries = list(entries)
    own = [_line(entry, case, reporter, said, now) for entry in entries]
    sent = [_notice_line(notice) for notice in said.notices]
    loose = [letter for letter in said.letters if not letter.made_case and not letter.made_entry]
    others = [replace(_letter_line(letter, case), cycle=_cycle_at(letter.at, entries)) for letter in loose]
    ordered = sorted([*own, *sent, *others], key=lambda line: (line.cycle, line.at))
    return [Chapter(cycle, _together(lines)) for cycle, lines in groupby(ordered, key=lambda line: line.cycle)]
