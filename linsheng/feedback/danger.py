# ruff: noqa: E501 - patterns are read in one line
"""Words that speak of danger to people: the one source, for pages, notices and proposals.

Read clause by clause: what is denied (没有漏电), only feared in general (万一着火), practised (消防演练), over (上周已修好) or a bill
(燃气费) does not cry wolf. Where it is unclear it does: an unneeded glance costs less than a late one.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Danger:
    """What kind of danger, and the words that said so."""

    kind: str
    label: LazyText | str
    words: str


LABELS: dict[str, LazyText | str] = {
    "lift": _("电梯困人"),
    "fire": _("起火冒烟"),
    "gas": _("燃气"),
    "electric": _("漏电"),
    "water": _("跑水爆管"),
    "falling": _("坠落"),
    "person": _("有人受伤"),
    "violence": _("暴力侵害"),
}
_GAS = "(?:燃气|煤气|天然气|液化气|瓦斯)"
_SIGNS: tuple[tuple[str, str], ...] = (
    (
        "lift",
        r"被困(?!扰)|困(?:在|着|人|住)|关在.{0,6}(?:梯|轿厢|里面)|(?:电梯|轿厢).{0,14}(?:出不来|下坠|急坠|往下掉|突然掉|冲顶|打不开门)"
        r"|(?:里面|电梯里).{0,8}出不来|停在半空|在里面出不来|卷到|梯.{0,14}(?:骤停|急停)|下滑|trapped|stuck in.{0,16}(?:lift|elevator)",
    ),
    (
        "fire",
        r"着火|起火|失火|走火|自燃|冒烟|冒.{0,2}烟|浓烟|火苗|明火|冒火|烧起来|烧着了|烧黑|烧焦|噼啪响|焦糊|焦味|糊味|打火花?|火花|火警|发生火灾|爆炸"
        r"|鼓包发烫|有烟味|\bon fire\b|\bfire (?:in|at|on)\b|\bcaught fire\b|\bsmoke\b|burning smell|explo(?:ded|sion)|^\W*fire\W*$",
    ),
    (
        "gas",
        rf"{_GAS}.{{0,10}}(?:味|泄漏|泄露|漏|报警|臭)|(?:闻到|股|好像有|像是).{{0,6}}{_GAS}|漏{_GAS}|煤气中毒|一氧化碳"
        rf"|^\W*{_GAS}\W*$|gas leak|leaking gas|smells? (?:of )?gas|gas smell",
    ),
    (
        "electric",
        r"漏电(?!保护|开关|断路)|触电|电到(?!几|什么|[\d\s])|被电(?!话|动|瓶|梯)|电了一下|麻手|电线.{0,6}(?:裸露|露在外|断了|掉下|垂)|electri(?:c shock|cuted)|live wire",
    ),
    (
        "water",
        r"跑水|喷水(?!池|头)|爆管|(?:水管|管道|阀|管子|龙头).{0,6}爆|爆裂|管.{0,4}(?:断了|崩|裂了)|(?:接口|接头).{0,6}(?:崩|断)|喷(?:得|出来|个不停|涌)|往外(?:喷|冲)"
        r"|一直喷|水漫|漫(?:进|到)|漏大水|满屋是水|全是水|没过脚|泡着|被淹|淹了|水淹|往下浇|电箱都?湿|灯口.{0,4}滴|流到电梯口|整栋停电|burst pipe|pipe (?:has )?burst|flood(?:ed|ing)",
    ),
    (
        "falling",
        r"坠落|坠楼|坠物|高空抛|(?:外墙|瓷砖|石膏|吊顶|玻璃|窗|外架|外机架?|天花|墙皮|广告牌).{0,8}(?:往下掉|脱落|要掉|掉了|掉下|塌|坠|松了在晃)"
        r"|砸到|砸在|砸中|差点砸|砸伤|塌了|倒塌|坍塌|井盖.{0,3}(?:没了|不见|丢|缺)|掉(?:进|下).{0,4}(?:井|坑)|差点掉下去|falling (?:tiles?|glass|bricks?|object)"
        r"|(?:树|枝).{0,6}(?:倒了|倒下|半空|要整棵倒)|要整棵倒|掉在车顶|打到窗玻璃|差点卷|溜下来|collapsed",
    ),
    (
        "person",
        r"晕倒|昏倒|昏迷|晕过去|不省人事|没有?(?:了)?呼吸|抽搐|起不来|救命|溺水|轻生|跳楼|自杀|流血|骨折|心梗|中风|走失|被蛰|(?<!不)被咬|扑倒|追着.{0,6}咬|烈犬|没牵绳的.{0,8}冲出来|马蜂窝|条蛇|飞进好多蜂|坐在地上|去医院.{0,12}打不通|去急诊|没回来.{0,6}糊涂|撞到(?:老人|人|小孩|孩子)"
        r"|(?<!上次)叫救护车|救护车(?:进不来|堵在)|出人命|人命关天，?$|夹住(?:了)?(?:人|手|孩子|小孩)|unconscious|not breathing|heart attack|bleeding|drown|suicide",
    ),
    (
        "violence",
        r"打起来|持刀|动刀|拿刀|斗殴|闹事|砸门|敲墙骂人|东西被翻|拉门把手|拍门锁|砍人|抢劫|抢了|尾随|被撬|入室|闯进|threaten|knife|break-?in|burglar",
    ),
)
_SIGN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _SIGNS), re.IGNORECASE)
_CLAUSE = re.compile(r"[，。！？；,!?;\n、：:]|\.(?:\s|$)|但是?|不过|可是|然而|\bbut\b", re.IGNORECASE)
# Directly before the sign: it is denied, feared in general, or to be prevented.
_DENIED = re.compile(
    r"(?:没有?(?:再|发生|出现|发现|闻到|看到|什么|任何)*|未(?:再|见|发现|发生|出现)*|并无|无|真|不|不是|并非|不会(?:再)?|不再|免得|省得|以免|避免|防止?|预防|谨防|严防|杜绝"
    r"|万一(?:.{0,6})|如果(?:.{0,8})|要是(?:.{0,8})|假如(?:.{0,8})|一旦(?:.{0,6})|万一|\bno\b.{0,12}|\bnot\b.{0,8}|\bwithout\b.{0,8}|n't.{0,10}|\bif\b.{0,20}|prevent(?:ing)? .{0,8})$",
    re.IGNORECASE,
)
# Directly after it: the word belongs to a thing, a lesson or a question in general.
_HARMLESS_AFTER = re.compile(
    r"^(?:.{0,4}(?:的?(?:隐患|风险)|如何|时(?:应|该)|险(?!情)|演练|演习|知识|讲座|培训|自救|器材|箱|栓|逃生|保护器|drill|extinguisher|alarm test))"
)
# Anywhere in the same clause: practice, lessons, bills, a game; or over and done.
_HARMLESS = re.compile(
    r"演练|演习|培训|讲座|宣传|科普|预案|课程|模拟|测试一下|电影|小说|游戏|鞭炮|烧烤架|(?:燃气|煤气|天然气)(?:费|表|卡|缴|公司|开户|改管|入户|安检|账单)|通燃气|开通|喷泉|人工湖|drill|training|exercise|seminar",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"已(?:经)?(?:被)?(?:修|处理|解决|排除|扑灭|救出|恢复|换|关|止|灭|好)|修好了|处理好|解决了|扑灭了|灭了|救出来|放出来|好了|恢复正常|没事了|\b(?:was|were|has been|been)\b.{0,14}(?:fixed|repaired|solved|rescued)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"上个?(?:周|星期|礼拜|月|次|回)|去年|前年|以前|曾经?|那次|那天|前几天|前阵子|之前|last (?:week|month|year|time)|years? ago",
    re.IGNORECASE,
)
# After it was over it came back, or it is happening now.
_NOW = re.compile(r"又|再次|还在|还是|仍|现在|刚才|刚刚|正在|马上|快来|赶紧|again|now|still", re.IGNORECASE)
_PRAISE = re.compile(
    r"表扬|点赞|多亏|锦旗|救命之恩|感动|太辛苦|特意来说|第一时间.{0,8}(?:断电|扑灭|处理|到)|饭都没吃|做了急救|保住了|体验车|消防课",
    re.IGNORECASE,
)
_URGENT = re.compile(r"快来|快点|赶紧|赶快|马上|急[！!]|立刻|还在|正在|现在|help|hurry|now", re.IGNORECASE)
_THANKS = re.compile(r"感谢|谢谢.{0,6}(?:师傅|及时|帮|救|你们)|表扬|点赞|多亏|锦旗|thank", re.IGNORECASE)


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(text) if clause and clause.strip()]


def _is_over(clauses: list[str], index: int) -> bool:
    """Said to be over in the same breath, or told as past with its end: unless it goes on again."""
    here, after = clauses[index], " ".join(clauses[index + 1 : index + 4])
    around = f"{' '.join(clauses[max(0, index - 2) : index])} {here}"
    if _NOW.search(here) or _NOW.search(after):
        return False
    told_past = _PAST.search(around)
    return bool(
        _OVER.search(here)
        or (_OVER.search(after) and (told_past or len(clauses) - index <= 3))
        or (told_past and _THANKS.search(" ".join(clauses)))
    )


def dangers(text: str) -> list[Danger]:
    """Each kind of danger that the words speak of, in the order in which they are said."""
    if not _SIGN.search(text) or (_PRAISE.search(text) and not _URGENT.search(text)):
        return []
    found: dict[str, Danger] = {}
    clauses = _clauses(text)
    for index, clause in enumerate(clauses):
        if _HARMLESS.search(clause):
            continue
        for hit in _SIGN.finditer(clause):
            kind = str(hit.lastgroup)
            before, after = clause[: hit.start()], clause[hit.end() :]
            if kind in found or _DENIED.search(before) or _HARMLESS_AFTER.search(after) or _is_over(clauses, index):
                continue
            found[kind] = Danger(kind, LABELS[kind], hit.group())
    return list(found.values())


def sounds_dangerous(text: str) -> bool:
    """Whether the words speak of danger to people: then the phone comes first."""
    return bool(dangers(text))
