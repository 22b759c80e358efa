"""What a report probably is: its kind. Proposed from item and words; the person decides. Danger: ``danger.py``."""

from linsheng.communities.models import Team
from linsheng.feedback.models import Kind
from linsheng.standards.models import ServiceItem

# In this order: thanks come before wishes ("谢谢，希望继续保持"), wishes before questions ("能不能加一盏灯？").
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (Kind.HELP, ("求助", "救命", "摔倒", "走失", "独居", "帮帮", "搀扶", "help me")),
    (Kind.PRAISE, ("表扬", "点赞", "谢谢", "感谢", "好评", "thank", "praise")),
    (Kind.COMPLAINT, ("投诉", "态度", "没人管", "不理", "扰民", "太吵", "complain", "rude")),
    (Kind.SUGGESTION, ("建议", "希望", "能不能", "可不可以", "最好", "不如", "suggest", "could you")),
    (
        Kind.ENQUIRY,
        ("请问", "咨询", "怎么办理", "怎么交", "多少钱", "什么时候", "几点", "在哪里办", "how do", "when will", "how much"),
    ),
)
# A question about something broken is still a repair.
_BROKEN = ("坏", "漏", "失灵", "不亮", "停水", "停电", "堵", "裂", "脱落", "故障", "broken", "leak")
_USUAL_BY_DIMENSION = {
    "service": Kind.ENQUIRY,
    "staff": Kind.COMPLAINT,
    "complaint": Kind.COMPLAINT,
    "facility": Kind.REPAIR,
    "repair": Kind.REPAIR,
    "safety": Kind.COMPLAINT,
    "parking": Kind.COMPLAINT,
    "environment": Kind.COMPLAINT,
    "openness": Kind.ENQUIRY,
    "life": Kind.SUGGESTION,
    "value": Kind.ENQUIRY,
}


def propose_kind(item: ServiceItem | None, text: str = "") -> str:
    """The likely kind: by clear words first, else what this part of the tree is usually about."""
    words = text.lower()
    broken = any(word in words for word in _BROKEN)
    for kind, signs in _WORDS:
        if any(sign in words for sign in signs) and not (broken and kind in {Kind.ENQUIRY, Kind.SUGGESTION}):
            return kind
    if broken:
        return Kind.REPAIR
    if item is None:
        return Kind.COMPLAINT
    usual = _USUAL_BY_DIMENSION.get(item.code.split(".", 1)[0])
    return usual or (Kind.REPAIR if item.team == Team.ENGINEERING else Kind.COMPLAINT)
