"""How a report reads on its channel: logged from a phone call, mailed, found on patrol, written on paper."""

from collections.abc import Mapping
from dataclasses import dataclass

from linsheng.simulate.corpus import desk
from linsheng.simulate.corpus.shape import Texts
from linsheng.simulate.phrasing import Filling, lines, pick
from linsheng.simulate.voices import Report, closed


@dataclass(frozen=True, slots=True)
class Email:
    """A letter as it arrives: subject and plain-text body."""

    subject: str
    body: str


_PHONE_HEADS: Texts = lines("""
    {reporter}来电：
    来电反映：
    接{reporter}来电，称
    电话记录：
    {reporter}（{home}）来电，
""")

_PHONE_TAILS: Texts = lines("""
    已安抚，告知有专人联系。
    已记录，答应{part_day}回电。
    要求回电。
    来电人情绪{平稳|较急}。
    已告知编号和时限。
    方便接听时间：{晚上七点后|全天|中午}。
""")

_DESK_HEADS: Texts = lines("""
    {reporter}到前台反映：
    前台接待记录：
    {home}{reporter}当面反映，
    来访登记：
""")

_PAPER_HEADS: Texts = lines("""
    意见箱来信：
    书面意见（{home}）：
    意见卡：
""")

_FORUM_HEADS: Texts = lines("""
    座谈会上{reporter}提出：
    座谈会发言记录：
    业主代表（{building}）提出，
""")

_PATROL_TEXTS: Texts = lines("""
    巡查发现：{spot}，{topic}，已{拍照|设警示}，请安排处理。
    {part_day}巡检记录：{spot}，{topic}，{待处理|需跟进}。
    例行检查，{spot}有{topic}的情况，{先做了围挡|已口头提醒|已上报主管}。
    {spot}：{topic}。巡查人员已到场{拍照|查看}，建议{当日|两日内}处理。
""")

_HEADS: Mapping[str, Texts] = {"phone": _PHONE_HEADS, "desk": _DESK_HEADS, "forum": _FORUM_HEADS}


_NOTED_AS = (
    *(("我们家", "其家"), ("我家", "其家"), ("我妈", "其母亲"), ("我爸", "其父亲")),
    *(("我们", "住户们"), ("你们", "物业"), ("我", "本人")),
)


def reported_speech(text: str) -> str:
    """Return the words as a third person notes them down."""
    for said, noted in _NOTED_AS:
        text = text.replace(said, noted)
    return text


def on_channel(filling: Filling, report: Report, channel: str) -> str:
    """Return the report as it is entered for a channel; app, qr and email keep the reporter's own words."""
    if channel == "patrol":
        return filling.one_of(_PATROL_TEXTS)
    if channel == "paper":
        return filling.one_of(_PAPER_HEADS) + report.text
    heads = _HEADS.get(channel)
    if heads is None:
        return report.text
    noted = filling.one_of(heads) + reported_speech(report.matter)
    if channel == "phone" and filling.chance(0.6):
        return closed(noted) + filling.one_of(_PHONE_TAILS)
    return noted


def email(filling: Filling, kind: str, text: str, *, name: str, phone: str) -> Email:
    """Return the report as a letter with greeting, the writer's address and a signature."""
    where = filling.word("building") if filling.chance(0.5) else ""
    about = "关于" if filling.chance(0.5) else ""
    subject = f"{about}{where}{filling.word('topic')}{pick(filling.rng, desk.SUBJECT_OF[kind])}"
    paragraphs = [filling.one_of(desk.GREETINGS), f"    {closed(text)}"]
    if filling.chance(0.6):
        paragraphs.append(f"    {filling.one_of(desk.ASIDES)}")
    paragraphs.append(filling.one_of(desk.CLOSINGS))
    signature = [part for part in (name, filling.word("home"), phone) if part]
    return Email(subject, "\n\n".join([*paragraphs, "\n".join(signature)]) + "\n")
