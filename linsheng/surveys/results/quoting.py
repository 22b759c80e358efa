"""Comments as others may read them: masked like all texts of people, and without the names of those who are meant."""

import re
from typing import Final

import rjieba

from linsheng.core.masking import masked

NAME_MARK: Final = "〔姓名〕"
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
TITLES: Final = "师傅|经理|主任|主管|队长|班长|组长|管家|保安|保洁|阿姨|大姐|大哥|先生|女士|小姐|老师|工程师|前台|客服"
# 张师傅, 李小明经理, 小王, 老李: a surname by itself is an ordinary word too often (高, 白, 方).
_TITLED: Final = re.compile(rf"[{SURNAMES}](?:某{{1,2}}|[一-鿿]{{1,2}}(?=(?:{TITLES})))?(?={TITLES})")
# 小王, 老李; not 小高层, 小黄车, 老马路.
_FAMILIAR: Final = re.compile(rf"(?<![大从最多较很])[小老阿][{SURNAMES}](?![层车菜狗猫路])")


def quotable(text: str) -> str:
    """The text in one line without numbers, addresses, homes and names of people. Better one too many than one too few."""
    line = " ".join(masked(text).split())
    line = _FAMILIAR.sub(NAME_MARK, _TITLED.sub(NAME_MARK, line))
    names = {word for word, kind in rjieba.tag(line) if kind == "nr" and 2 <= len(word) <= 4 and word[0] in SURNAMES}
    for name in sorted(names, key=len, reverse=True):
        line = line.replace(name, NAME_MARK)
    return line
