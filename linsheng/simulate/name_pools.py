"""Characters and words that made-up names are put together from.

The pools leave out what would only make the names of well-known people.
"""

from collections.abc import Mapping

SURNAMES: Mapping[str, tuple[str, float]] = {
    # Surname: spelling for addresses, and how common it is in a southern city (per thousand).
    "陈": ("chen", 92),
    "李": ("li", 74),
    "黄": ("huang", 66),
    "王": ("wang", 60),
    "张": ("zhang", 57),
    "林": ("lin", 52),
    "刘": ("liu", 50),
    "吴": ("wu", 36),
    "杨": ("yang", 28),
    "周": ("zhou", 27),
    "梁": ("liang", 26),
    "罗": ("luo", 22),
    "郑": ("zheng", 21),
    "谢": ("xie", 20),
    "何": ("he", 20),
    "曾": ("zeng", 18),
    "朱": ("zhu", 17),
    "徐": ("xu", 16),
    "胡": ("hu", 16),
    "邓": ("deng", 16),
    "许": ("xu", 15),
    "赖": ("lai", 14),
    "彭": ("peng", 14),
    "叶": ("ye", 14),
    "蔡": ("cai", 14),
    "郭": ("guo", 13),
    "钟": ("zhong", 13),
    "廖": ("liao", 12),
    "曹": ("cao", 9),
    "孙": ("sun", 12),
    "赵": ("zhao", 12),
    "马": ("ma", 10),
    "冯": ("feng", 10),
    "卢": ("lu", 10),
    "温": ("wen", 8),
    "邱": ("qiu", 8),
    "江": ("jiang", 8),
    "余": ("yu", 8),
    "潘": ("pan", 8),
    "杜": ("du", 6),
    "唐": ("tang", 7),
    "肖": ("xiao", 8),
    "宋": ("song", 6),
    "韩": ("han", 5),
    "袁": ("yuan", 6),
    "沈": ("shen", 5),
    "魏": ("wei", 5),
    "丁": ("ding", 5),
    "卓": ("zhuo", 4),
    "游": ("you", 3),
    "古": ("gu", 3),
    "庄": ("zhuang", 5),
    "洪": ("hong", 4),
    "戴": ("dai", 4),
    "方": ("fang", 5),
    "石": ("shi", 4),
    "谭": ("tan", 5),
    "邹": ("zou", 5),
    "熊": ("xiong", 4),
    "陆": ("lu", 4),
    "孔": ("kong", 2),
    "白": ("bai", 2),
    "崔": ("cui", 2),
    "康": ("kang", 2),
    "毛": ("mao", 2),
    "秦": ("qin", 3),
    "顾": ("gu", 2),
    "侯": ("hou", 2),
    "邵": ("shao", 2),
    "孟": ("meng", 2),
    "龙": ("long", 2),
    "万": ("wan", 2),
    "段": ("duan", 2),
    "钱": ("qian", 2),
    "汤": ("tang", 2),
    "黎": ("li", 5),
    "易": ("yi", 2),
    "常": ("chang", 1),
    "欧阳": ("ouyang", 2),
    "司徒": ("situ", 0.5),
}

FIRST: Mapping[str, Mapping[str, str]] = {
    # First character of the given name, by gender and by when people were born.
    "female": {
        "elder": "秀 桂 玉 淑 凤 兰 惠 月 素 春 美 金 翠 爱 瑞 彩",
        "middle": "丽 晓 海 红 小 燕 雪 建 艳 慧 文 玉 春 冬 秋 晶",
        "young": "思 雨 嘉 佳 欣 梦 晓 诗 静 婉 雅 若 芷 楚 卓 宛",
        "child": "梓 一 诗 语 若 欣 可 沐 芊 佳 依 雨 允 清 沁 悠",
    },
    "male": {
        "elder": "建 国 志 德 永 炳 福 庆 金 树 洪 长 世 荣 汉 水",
        "middle": "志 建 海 伟 文 国 永 晓 立 春 学 东 新 俊 少 振",
        "young": "俊 嘉 子 浩 宇 泽 家 梓 文 锦 志 晓 逸 云 景 奕",
        "child": "子 浩 宇 梓 奕 泽 沐 一 皓 睿 景 煜 承 嘉 铭 楚",
    },
}

SECOND: Mapping[str, Mapping[str, str]] = {
    # Second character, likewise.
    "female": {
        "elder": "英 珍 兰 芳 梅 华 莲 芬 琴 香 云 娥 清 霞 仙 容",
        "middle": "芳 霞 萍 玲 梅 娟 琼 燕 君 敏 琴 萍 荣 莲 珊 虹",
        "young": "怡 琪 雯 彤 宁 倩 萱 瑶 茵 琳 涵 澜 悦 彬 桐 榆",
        "child": "涵 萱 彤 瑶 诺 玥 晴 希 苒 妍 心 宁 沂 棠 乔 笙",
    },
    "male": {
        "elder": "强 生 明 厚 林 发 祥 成 根 才 清 贵 良 和 坤 财",
        "middle": "军 明 平 斌 辉 勇 华 雄 波 峰 涛 林 刚 钢 彬 松",
        "young": "豪 然 轩 明 铭 宇 昊 阳 杰 霖 航 凯 辰 彦 恒 洲",
        "child": "轩 宸 睿 泽 昊 航 然 霖 熙 言 屹 乔 洋 朗 煦 川",
    },
}

SINGLE: Mapping[str, Mapping[str, str]] = {
    # One-character given names, likewise.
    "female": {
        "elder": "珍 英 芬 兰 娟 琼",
        "middle": "芳 静 敏 丽 燕 霞 萍 慧 琴 红",
        "young": "婷 颖 悦 琪 蓉 薇 瑶 岚 莹 茜",
        "child": "玥 棠 苒 笙 沁 晗",
    },
    "male": {
        "elder": "顺 荣 义 坤 福 生",
        "middle": "军 勇 斌 涛 辉 波 刚 峰 平 松",
        "young": "浩 宇 凯 超 炜 鑫 帆 晟 阳 恒",
        "child": "睿 宸 昊 朗 屹 煦",
    },
}

NICKNAMES: tuple[str, ...] = (
    *("xiaoyu", "lanlan", "mingming", "haibo", "jiajia", "yaya", "tiantian", "qing", "dada", "feifei", "nana"),
    *("happy", "sunny", "forest", "cloud", "ocean", "tree", "river", "hill", "moon", "wind", "star"),
    *("spring", "summer", "autumn", "winter", "tea", "panda", "bamboo", "orange"),
)

ORGANISATIONS = ("示例邻里物业", "示例和风物业")
"""The demo company and, for tests of what others may see, another one."""

COMMUNITY_NAMES: Mapping[str, tuple[str, ...]] = {
    "premium": ("云麓公馆", "观澜台", "鹿鸣府", "璟园", "听松阁", "栖云里", "望山府", "澄湖公馆"),
    "standard": ("翠湖苑", "和风花园", "春晓新村", "金桂园", "四季庭", "沐阳家园", "枫林里", "锦绣坊", "清溪园", "向阳苑"),
    "affordable": ("安和里", "同心苑", "惠民家园", "青禾公寓", "暖阳里", "新苗苑", "朝晖家园", "梧桐公租房"),
}
"""Names of demo communities by grade."""

DISTRICTS = ("示范区邻声路", "示范区睦邻街", "示范区晴川路", "示范区竹溪街", "示范区石榴路", "示范区海风街")
"""Streets of a district that does not exist."""
