"""Words that every item shares: how people greet, press and close, by voice; what time and whom they mean."""

from collections.abc import Mapping

from linsheng.simulate.corpus.shape import Texts
from linsheng.simulate.phrasing import lines, words

VOICES_OF_KIND: Mapping[str, tuple[str, ...]] = {
    # Twenty tickets a kind: a voice is drawn in proportion to its tickets.
    "repair": ("plain",) * 9 + ("polite",) * 4 + ("brief",) * 4 + ("elderly",) * 2 + ("angry",),
    "complaint": ("plain",) * 8 + ("angry",) * 6 + ("brief",) * 3 + ("polite",) * 2 + ("elderly",),
    "suggestion": ("plain",) * 11 + ("polite",) * 6 + ("elderly",) * 3,
    "enquiry": ("plain",) * 9 + ("polite",) * 7 + ("elderly",) * 2 + ("brief",) * 2,
    "praise": ("plain",) * 11 + ("polite",) * 5 + ("elderly",) * 4,
    "help": ("plain",) * 8 + ("polite",) * 8 + ("elderly",) * 4,
}

HAILS: Mapping[str, Texts] = {
    "plain": lines("""
        您好，
        你好，
        物业，
        反映一下，
        我是{home}的，
        {building}业主，
        说个事，
        我住{building}{floor}楼，
    """),
    "polite": lines("""
        您好，
        物业您好，
        管家您好，打扰了，
        您好，我是{home}的业主，
        你好，我住{building}，想反映个情况：
        辛苦了，想麻烦一下，
        您好，不好意思打扰，
        尊敬的物业您好，
    """),
    "angry": lines("""
        我要投诉！
        到底有没有人管？
        又来反映了，
        忍了很久了，
        请你们重视！
        再说一次，
        实在受不了了，
        {home}业主，正式投诉：
    """),
    "elderly": lines("""
        物业的同志，你好，
        同志，我是{building}的老住户，
        小同志你好，我今年{六十八|七十一|七十三|七十六|八十}了，住{building}，
        我是{home}的退休{老师|工人|职工}，
        我不太会打字，慢慢说：
    """),
    "emergency": lines("""
        急！
        紧急！
        快！
        麻烦马上处理，
        出事了，
        {building}紧急情况，
    """),
}

HISTORY: Mapping[str, Texts] = {
    "fix": lines("""
        {上个月|前阵子|上次}才修过，又坏了
        之前报过{一次|两次}，{只看了看没修|没有下文}
        这已经是{times}报了
        上回来的师傅说要换件，{后来没消息|一直没来}
        打过电话，说{已派单|这两天来}，还没等到
    """),
    "order": lines("""
        跟{保安|管家|前台}说过{两次|好几次}，没用
        管过{两天|几天}又恢复原样
        群里也有人提过，{没人回应|不了了之}
        已经是{times}反映了
        {前天|上周}反映过，没见动静
    """),
    "answer": lines("""
        之前{打过电话|问过前台}，{一直没答复|说法不一样}
        {上周|前几天}留过言，没人回
        这是{times}问了
        在群里@过管家，{没有回|只回了个收到}
    """),
}

ASKS: Mapping[tuple[str, str], Texts] = {
    ("plain", "fix"): lines("""
        麻烦安排师傅来看一下
        请尽快修好
        什么时候能来修
        派人来看看吧
        今天能来吗
        修之前给我打个电话
    """),
    ("plain", "order"): lines("""
        希望物业管一管
        请派人去处理一下
        麻烦跟进一下
        请给个处理结果
        能不能拿出个长效办法
        希望尽快解决
    """),
    ("plain", "answer"): lines("""
        请给个明确答复
        麻烦查一下告诉我
        请说明一下情况
        希望有个交代
        请相关负责人联系我
        想知道怎么处理
    """),
    ("plain", "ask"): lines("""
        麻烦告诉我一下
        谢谢
        请回复一下
        方便的话回个电话
        想提前安排
        群里说法不一，想问个准的
    """),
    ("polite", "ask"): lines("""
        麻烦回复一下，谢谢
        先谢谢了
        辛苦解答一下
        方便时告知即可，谢谢
    """),
    ("elderly", "ask"): lines("""
        请讲慢一点，谢谢
        麻烦打家里电话告诉我
        我看不太懂手机，请写张纸条
        谢谢你们
    """),
    ("brief", "ask"): lines("谢谢\n盼复\n急用\n求告知"),
    ("plain", "idea"): lines("""
        希望物业考虑一下
        不知道可不可行
        供参考
        大家应该都支持
        需要的话我可以出份力
        希望能有回音
    """),
    ("plain", "praise"): lines("""
        谢谢
        给个赞
        希望一直保持
        特意来说一声
        请转告一声谢谢
        麻烦公司表扬一下
    """),
    ("plain", "aid"): lines("""
        麻烦帮个忙
        谢谢了
        方便的话请给我回个电话
        急等
        拜托了
        能安排人吗
    """),
    ("polite", "fix"): lines("""
        麻烦抽空安排师傅看看，谢谢
        辛苦尽快处理一下，非常感谢
        方便的话今天能来吗？谢谢
        麻烦来之前先打个电话，辛苦了
    """),
    ("polite", "order"): lines("""
        麻烦物业协调一下，谢谢
        理解你们工作不容易，还请多费心
        烦请跟进并告知结果，谢谢
        希望能妥善处理，辛苦了
    """),
    ("polite", "answer"): lines("""
        烦请核实后回复，谢谢
        麻烦给个说明，辛苦了
        期待您的回复，谢谢
        方便时请回个电话，谢谢
    """),
    ("polite", "idea"): lines("""
        一点小建议，谢谢
        仅供参考，辛苦了
        期待能采纳，谢谢大家
        如有需要我愿意参与，谢谢
    """),
    ("polite", "praise"): lines("""
        衷心感谢
        谢谢你们，辛苦了
        请务必转达我的谢意
        祝工作顺利
    """),
    ("polite", "aid"): lines("""
        给你们添麻烦了，谢谢
        万分感谢
        麻烦了，改天当面道谢
        辛苦安排一下，谢谢
    """),
    ("angry", "fix"): lines("""
        今天必须修好
        再不修我就打12345
        到底要等到什么时候
        给个准话，几点来
        物业费不是白交的
    """),
    ("angry", "order"): lines("""
        请马上处理，别再推
        再没人管我就打12345了
        要求给出处理结果
        出了事谁负责
        这样下去业主要联名了
    """),
    ("angry", "answer"): lines("""
        必须给个说法
        请负责人亲自回复我
        三天内不答复就投诉到街道
        别再拿套话糊弄
        我要书面答复
    """),
    ("elderly", "fix"): lines("""
        请派个师傅来看看，谢谢了
        我白天都在家，什么时候来都行
        有事请打家里电话，手机我听不清
        麻烦你们跑一趟了
    """),
    ("elderly", "order"): lines("""
        请你们管一管，老人家谢谢你们
        麻烦领导过问一下
        我们老人说话没人听，请帮帮忙
        劳烦了
    """),
    ("elderly", "answer"): lines("""
        请慢慢讲给我听，打家里电话
        麻烦写张纸条放信箱里
        请给个回话，谢谢
        我眼睛不好，最好打电话
    """),
    ("elderly", "idea"): lines("""
        老人家的一点想法，不知对不对
        供你们参考，谢谢
        大家都这么说
        希望你们采纳
    """),
    ("elderly", "praise"): lines("""
        我一定要说一声谢谢
        现在这样的年轻人不多了
        请领导好好表扬
        老伴也让我谢谢你们
    """),
    ("elderly", "aid"): lines("""
        儿女不在身边，麻烦你们了
        给你们添麻烦，谢谢
        请打家里电话，谢谢
        劳烦帮个忙
    """),
    ("brief", "fix"): lines("请修\n速修\n尽快\n谢谢\n麻烦看看\n求处理"),
    ("brief", "order"): lines("请处理\n管一下\n速处理\n谢谢\n盼改善\n求管管"),
    ("brief", "answer"): lines("求答复\n请解释\n盼复\n谢谢\n请回电"),
}

ON_SITE: Texts = lines("""
    我在现场等
    我电话一直开着
    {building}这边好多人看着
    已经打过一次电话
    请直接上{floor}楼
    到了打我电话
    我先把人拦在外面
    先让大家别靠近了
""")

STAFF_OF: Mapping[str, Texts] = {
    "service": words("小姑娘 值班的姑娘 管家 小伙子"),
    "staff.professional": words("师傅 电工师傅 工程师傅 年轻师傅"),
    "staff": words("管家 师傅 保洁阿姨 保安小哥 客服小姑娘"),
    "complaint": words("客服主管 管家 值班经理"),
    "facility": words("维修师傅 值班师傅 工程师傅 维保师傅"),
    "repair": words("维修师傅 师傅 水电师傅 年轻师傅"),
    "safety": words("保安小哥 秩序员 值班队员 保安大叔 队长"),
    "parking": words("秩序员 保安小哥 值班队员 收费员"),
    "environment": words("保洁阿姨 保洁大姐 保洁师傅"),
    "environment.waste": words("阿姨 大姐 志愿者 大叔"),
    "environment.green": words("师傅 老师傅 大姐"),
    "environment.noise": words("管家 值班队长 秩序员"),
    "environment.pest": words("消杀师傅 师傅"),
    "openness": words("管家 客服主管"),
    "life": words("管家 志愿者 活动组的姑娘 队员"),
    "value": words("管家 财务的姑娘 收费处的姑娘"),
    "value.service": words("阿姨 师傅"),
    "parking.charging": words("电工师傅 工程师傅"),
    "parking.fee": words("收费员 财务的姑娘 客服"),
}

WORDS: Mapping[str, Texts] = {
    "elder": words("家里老人 我妈 我爸 婆婆 外公 奶奶 岳母 外婆"),
    "child": words("孩子 小孩 女儿 儿子 孙子 宝宝 外孙女"),
    "crowd": words("好几户 十来户 七八户 楼上楼下好几家 不少人家"),
    "days": words("三天 四天 五天 一个星期 十来天 半个月 快一个月"),
    "minutes": words("二十分钟 半个小时 四十分钟 快一个小时 十五分钟"),
    "times": words("第二次 第三次 第四次 第五次"),
    "night": words("晚上十点半 晚上十一点 夜里十一点多 夜里十二点 半夜一点多 凌晨两点 凌晨三点"),
    "done_when": words("今天上午 今天下午 昨天下午 当天晚上 今天中午前"),
    "visit": words("今天下午两点半 今天下午四点 今晚七点 明天上午九点 明天上午十点半 明天下午三点 后天上午 周六上午九点半"),
    "lane": words("微信 电话 短信"),
    "colour": words("白 黑 灰 银 红 蓝"),
    "letter": words("A B C D E F G H J K L M N P Q R S T"),
    "part_day": words("上午 下午 晚上"),
}

SINCE: Mapping[str, Texts] = {
    "normal": words("""
        这两天 这几天 最近 从昨天开始 从前天开始 从周一起 从上周起 上个周末起
        这一周 这半个月 这个月以来 从上周三开始 这段时间 近来
    """),
    "urgent": words("从昨天晚上开始 从昨天下午开始 从昨天开始 这两天 从前天晚上开始 昨天一早起 一连两天"),
    "emergency": words("刚才 刚刚 几分钟前 十分钟前"),
}

WHEN: Texts = words("""
    昨天早上八点多 昨天上午 昨天中午 昨天下午三点多 昨天傍晚 昨晚八点多 昨晚十点左右
    前天上午 前天下午 前天晚上 周日下午 周六上午 上周五晚上
""")

WHEN_TODAY: Mapping[int, Texts] = {
    # From which hour of the day on these may be said.
    9: words("今早 今天早上八点不到 今天一早"),
    12: words("今天上午 今天上午十点多"),
    16: words("今天中午 今天下午两点多"),
    20: words("今天傍晚 今天下班时"),
}

FESTIVALS: Mapping[int, Texts] = {
    1: words("元旦 新春 元宵"),
    3: words("植树节 三八节"),
    5: words("五一 端午 儿童节"),
    7: words("暑期 八一"),
    8: words("中秋 七夕"),
    10: words("国庆 重阳"),
    11: words("新年 元旦 冬至"),
}
"""Days to celebrate by the month from which people speak of them; holds until the next month listed."""

EXAMS: Mapping[int, Texts] = {
    1: words("期末考试 中考体育"),
    3: words("模拟考试"),
    5: words("高考 中考"),
    7: words("补考"),
    9: words("期中考试"),
    12: words("期末考试"),
}
"""What children sit for, likewise."""

HOLIDAYS: Mapping[int, Texts] = {1: words("寒假"), 3: words("暑期"), 9: words("寒假")}
"""The next school holidays, likewise."""

RAIN: Mapping[int, Texts] = {
    1: words("一下雨 一刮风 这几天阴雨"),
    3: words("回南天 一下雨 这几天潮得滴水"),
    4: words("一下雨 连着几天下雨 雷雨天"),
    6: words("一下暴雨 连着几天大雨 雷雨天 龙舟水这几天"),
    7: words("台风天 一下暴雨 雷阵雨一来 台风过后"),
    10: words("一下雨 一刮风 台风外围一来"),
    11: words("一下雨 一刮风"),
}
"""Wet weather by the month from which it may be said; holds until the next month listed."""

HEAT: Mapping[int, Texts] = {
    1: words("门窗一关 人一多 天气一回暖"),
    4: words("天一转热 天一闷"),
    6: words("大热天 三十几度的天 天一热 太阳一晒"),
    10: words("秋老虎一来 天还这么热 太阳一晒"),
    11: words("白天一晒 门窗一关"),
}
"""Warm weather by month, likewise."""
