"""Danger is flagged at once; what is denied, practised or over does not cry wolf."""

import pytest

from linsheng.feedback.danger import dangers, sounds_dangerous
from linsheng.feedback.queries.lines import Line, Powers
from linsheng.feedback.tests.factories import by_phone, received
from linsheng.messaging.models import Notice

REAL = {
    "lift": """
        我被困在二号电梯里了
        3栋电梯困人，里面有个孕妇
        电梯停在12楼和13楼中间，里面的人出不来
        老人被关在电梯里十分钟了
        电梯突然往下掉了两层
        My kid is trapped in the lift
        上周刚修好，今天又困人了
        We are stuck in the elevator, please hurry
    """,
    "fire": """
        楼道有浓烟，快来
        地库一台电动车着火了
        配电箱冒烟，有焦味
        8楼阳台起火
        插座打火花，不敢碰
        There is smoke in the stairwell
        不知道是不是着火了，楼上在冒烟
        没有人受伤，但是厨房还在着火
    """,
    "gas": """
        厨房闻到一股煤气味
        楼道燃气泄漏，味道很大
        燃气
        天然气报警器一直响，好像天然气漏了
        I smell gas in the hallway
        家里漏燃气了怎么办
    """,
    "electric": """
        路灯杆漏电，狗碰到就叫
        热水器漏电，洗澡被电了一下
        充电桩漏电，摸着麻手
        花园电线断了垂在地上
        小孩触电了
    """,
    "water": """
        家里水管爆了，水往外喷
        楼道跑水，已经流到电梯口
        地库被淹了
        消防管爆裂，走廊全是水
        A pipe burst and the kitchen is flooded
        二楼爆管，快来关总阀
    """,
    "falling": """
        外墙瓷砖往下掉，差点砸到人
        有人高空抛物，砸到车了
        空调外机快要坠落
        路中间井盖不见了
        大堂吊顶塌了
        广告牌松了要掉，下面是人行道
    """,
    "person": """
        有位老人在花园晕倒了
        我妈摔了一跤起不来
        救命
        孩子头上流血
        An old man is unconscious at the gate
    """,
    "violence": """
        楼下两个人打起来了
        有人持刀在大门口
        家里门锁被撬
    """,
}
WOLF = """
    没有漏电，就是灯不亮
    电工查过了没有漏电
    下周消防演练几点开始
    上周漏电已修好，谢谢
    上周电梯困人，后来师傅把人救出来了，特意表扬
    请问燃气费在哪里交
    燃气表读数不对
    消防栓箱门坏了
    建议办一次触电急救培训
    万一着火了消防车进不来
    如果着火怎么办，通道都堵了
    停车太困难了
    一直被噪音被困扰
    喷水池什么时候开
    安全知识讲座什么时候办
    水管已经修好了，不再跑水
    昨天爆管已处理，谢谢师傅
    电梯按钮不亮
    物业费怎么交
    楼下烟味大，有人在楼道抽烟
    垃圾桶满了没人清
    漏电保护器多少钱
    高压线下面的草该剪了吗，不是电线的事
    看了火灾题材的电影，想建议办放映
    防止坠落的护栏很好看
    家里没有煤气味，师傅检测过
    No smoke here, only a question about fees
    The lift was fixed last week, thank you
    When is the fire drill
    消防通道停了车
    电动车充电要多少钱
    我的电话打不通
    被电话吵醒了
    地上的水渍擦一下
"""


def sentences(block):
    return [line.strip() for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, block in REAL.items() for text in sentences(block)])
def test_danger_is_heard(kind, text):
    assert kind in {found.kind for found in dangers(text)}


@pytest.mark.parametrize("text", sentences(WOLF))
def test_no_wolf_is_cried(text):
    assert not sounds_dangerous(text), dangers(text)


def test_danger_by_a_channel_where_nobody_listens_is_told_at_once(cast, now):
    case = received(cast, now, text="电梯困人，快来", urgency="normal")
    told = Notice.objects.filter(key__startswith=f"case-{case.pk}-danger-")
    assert {notice.user for notice in told} >= {cast.handler, cast.frontdesk, cast.supervisor}
    assert "电梯困人" in told[0].title
    assert not told.filter(user__in=[cast.owner, cast.neighbour, cast.outsider, cast.auditor]).exists()


def test_on_the_phone_somebody_heard_it_and_harmless_words_alarm_nobody(cast, now):
    by_phone(cast, now, text="电梯困人，快来")
    received(cast, now, text="上周电梯困人，已修好，谢谢")
    assert not Notice.objects.filter(key__contains="-danger-").exists()


def test_the_case_carries_a_mark_while_it_is_open(cast, now):
    case = received(cast, now, text="楼道有煤气味")
    marks = Line(case, Powers(cast.frontdesk)).marks
    assert [str(mark.label) for mark in marks] == ["燃气"]
