"""The story of a case as its reporter reads it: plain sentences, photos together, nothing internal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from linsheng.core.masking import masked
from linsheng.feedback.models import Photo, ResultNotice
from linsheng.feedback.queries.page import StoryEntry

# What a neighbour who follows the case may read the words of: the company's, never the reporter's.
OPEN_WORDS = frozenset({"resolve", "refer", "decline", "wait"})
OPEN_STEPS = OPEN_WORDS | {"receive", "assign", "start", "resume", "close", "reopen", "merge", "unmerge"}
ICONS = {
    "receive": "inbox",
    "assign": "user-check",
    "contact": "phone",
    "start": "tool",
    "wait": "hourglass",
    "resume": "tool",
    "resolve": "circle-check",
    "tell": "send",
    "close": "checks",
    "reopen": "rotate",
    "refer": "arrow-forward-up",
    "decline": "ban",
    "withdraw": "arrow-back-up",
    "merge": "git-merge",
    "unmerge": "git-merge",
    "urge": "bell-ringing",
    "rate": "star",
    "callback": "clipboard-check",
    "add": "message-plus",
    "photo": "camera",
}
TONES = {"resolve": "done", "close": "done", "wait": "waiting", "reopen": "soon", "refer": "waiting", "decline": "waiting"}


@dataclass
class Told:
    """One thing that happened, ready to be read; ``who`` is empty where the sentence says it all."""

    at: datetime
    action: str
    what: str
    icon: str
    who: str = ""
    tone: str = ""
    text: str = ""
    photos: list[Photo] = field(default_factory=list)


def _contact(entry: StoryEntry) -> str:
    sentences = {
        ("message", True): _("给您留言"),
        ("phone", True): _("打电话联系了您"),
        ("phone", False): _("打电话给您，没有接通"),
        ("visit", True): _("上门见了您"),
        ("visit", False): _("上门找您，您不在"),
    }
    found = sentences.get((str(entry.data.get("method")), bool(entry.data.get("reached", True))))
    return found or _("联系您")


def _tell(entry: StoryEntry) -> str:
    method = dict(ResultNotice.Method.choices).get(str(entry.data.get("method")), "")
    return _("告知您结果（%(method)s）") % {"method": method} if entry.data.get("reached", True) else _("告知您结果，没有联系上")


def _sentence(entry: StoryEntry) -> str:
    special = {"contact": _contact, "tell": _tell}
    if entry.action in special:
        return special[entry.action](entry)
    own = entry.by_reporter
    sentences = {
        "receive": _("您反映了这件事") if own else _("登记了您的反映"),
        "assign": _("安排%(name)s处理") % {"name": entry.data.get("name", "")},
        "start": _("开始处理"),
        "wait": _("需要等待"),
        "resume": _("继续处理"),
        "resolve": _("处理结果"),
        "close": _("办结"),
        "reopen": _("您要求继续处理") if own else _("重新打开，继续处理"),
        "refer": _("转给负责的单位"),
        "decline": _("没有受理"),
        "withdraw": _("您撤回了这件反映"),
        "merge": _("与邻居的同类反映一起处理"),
        "unmerge": _("改为单独处理"),
        "urge": _("您催了一下"),
        "rate": _("您给了 %(stars)s 星") % {"stars": entry.data.get("stars", "")},
        "callback": _("您回答了解决情况"),
        "add": _("您补充了") if own else _("补充说明"),
        "photo": _("您加了照片") if own else _("加了照片"),
    }
    return sentences.get(entry.action, str(entry.label))


def _told(entry: StoryEntry) -> Told:
    who = "" if entry.by_reporter or entry.action in {"assign", "receive"} else entry.who
    # The report itself stands at the top of the page.
    text = "" if entry.action == "receive" else entry.text
    photos = [entry.photo] if entry.photo is not None else []
    return Told(
        entry.at,
        entry.action,
        _sentence(entry),
        ICONS.get(entry.action, "circle-dot"),
        who,
        TONES.get(entry.action, ""),
        text,
        photos,
    )


def _belongs(last: Told, entry: StoryEntry) -> bool:
    """A photo directly after words or photos of the same person stands with them."""
    return entry.photo is not None and last.at == entry.at


def retold(story: Sequence[StoryEntry]) -> list[Told]:
    """The reporter's view of the story."""
    lines: list[Told] = []
    for entry in story:
        if lines and entry.photo is not None and _belongs(lines[-1], entry):
            # The photos of the report itself stand with its words.
            if lines[-1].action != "receive":
                lines[-1].photos.append(entry.photo)
        elif entry.action != "photo" or entry.photo is not None:
            lines.append(_told(entry))
    return lines


def retold_to_neighbour(story: Sequence[StoryEntry]) -> list[Told]:
    """For a follower: the steps, and the company's own words about them."""
    sentences = {"receive": _("邻居反映了这件事"), "reopen": _("重新打开，继续处理")}
    lines: list[Told] = []
    for entry in (e for e in story if e.action in OPEN_STEPS):
        told = _told(entry)
        told.what = sentences.get(entry.action, told.what)
        told.text = masked(told.text) if entry.action in OPEN_WORDS else ""
        lines.append(told)
    return lines
