"""What could name, reach or find somebody is hidden, however it is written; what everybody may know stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linsheng.core.masking import masked

HIDDEN = [
    # Mobile numbers, as people write them.
    ("请打 13800001234", "请打 〔电话〕"),
    ("电话13800001234，急", "电话〔电话〕，急"),
    ("138 0000 1234", "〔电话〕"),
    ("138-0000-1234", "〔电话〕"),
    ("138.0000.1234", "〔电话〕"),
    ("1 3 8 0 0 0 0 1 2 3 4", "〔电话〕"),
    ("138－0000—1234", "〔电话〕"),
    ("１３８００００１２３４", "〔电话〕"),
    ("+86 13800001234", "〔电话〕"),
    ("+86-138-0000-1234", "〔电话〕"),
    ("008613800001234", "〔电话〕"),
    ("8613800001234", "〔电话〕"),
    ("＋８６ 138　0000　1234", "〔电话〕"),
    ("138\u200b0000\u200b1234", "〔电话〕"),
    ("١٣٨٠٠٠٠١٢٣٤", "〔电话〕"),
    ("一三八零零零零一二三四", "〔电话〕"),
    ("打幺三八〇〇〇〇幺二三四找我", "打〔电话〕找我"),
    ("138零零零零1234", "〔电话〕"),
    ("电话+86 100-0000-1234急", "电话〔电话〕急"),
    # Fixed lines.
    ("0755-26881234", "〔电话〕"),
    ("(0755)2688 1234", "〔电话〕"),
    ("（0755）26881234转801", "〔电话〕"),
    ("010 6688 1234", "〔电话〕"),
    ("找26881234", "找〔电话〕"),
    ("座机2688123", "座机〔电话〕"),
    ("400-800-1234", "〔电话〕"),
    # Identity cards, bank cards.
    ("身份证11010519491231002X在此", "身份证〔证件号〕在此"),
    ("11010519491231002x", "〔证件号〕"),
    ("110105 19491231 002X", "〔证件号〕"),
    ("110105-1949-1231-0021", "〔证件号〕"),
    ("１１０１０５１９４９１２３１００２Ｘ", "〔证件号〕"),
    ("旧证110105491231002", "旧证〔证件号〕"),
    ("卡号6222 0200 0000 0000 123", "卡号〔号码〕"),
    # Plates.
    ("车牌粤B12345挡路", "车牌〔车牌〕挡路"),
    ("粤B·12345", "〔车牌〕"),
    ("粤 B D12345占道", "〔车牌〕占道"),
    ("粤Ｂ１２３４５", "〔车牌〕"),
    ("粤b-1234学", "〔车牌〕"),
    # Mail and accounts.
    ("写信到 a.b@example.com 好吗", "写信到 〔邮箱〕 好吗"),
    ("zhang＠qq．com", "〔邮箱〕"),
    ("13800001234@qq.com", "〔邮箱〕"),
    ("a(at)example.com", "〔邮箱〕"),
    ("加微信号：abc_12345吧", "加微信〔账号〕吧"),
    # Homes.
    ("我住3-2-1201", "我住〔房号〕"),
    ("3栋2单元1201室漏水", "〔房号〕漏水"),
    ("1201室太吵", "〔房号〕太吵"),
    ("1201家的狗", "〔房号〕家的狗"),
    ("我住３－２－１２０１", "我住〔房号〕"),
    # Several at once.
    ("3-2-1201张三13800001234车粤B12345", "〔房号〕张三〔电话〕车〔车牌〕"),
]
LEFT = [
    "3栋电梯停了2小时",
    "2026-11-23 14:05 停水",
    "2026年11月23日开始",
    "20261123当天",
    "编号CH2611-0042的那件",
    "等了14:05到15:30",
    "收费1234.50元，共36户",
    "95598没人接，119 和 110 打了",
    "三号电梯、五楼、十二栋都停了",
    "一二三四号楼",
    "温度26.5度，楼高98.7米",
    "B2层15号车位旁",
    "12个人等了30分钟",
]


@pytest.mark.parametrize(("text", "without"), HIDDEN)
def test_what_could_name_somebody_is_hidden(text, without):
    assert masked(text) == without


@pytest.mark.parametrize("text", LEFT)
def test_what_names_nobody_stays(text):
    assert masked(text) == text


def test_numbers_that_everybody_may_know_stay():
    assert masked("请打0755-10000000，不要打13800001234", keep=["0755-10000000"]) == "请打0755-10000000，不要打〔电话〕"


@settings(max_examples=60)
@given(
    st.text(alphabet="电梯坏了，。 \n", max_size=20),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "-", "　", "—", "."]),
    st.text(alphabet="电梯坏了，。 \n", max_size=20),
)
def test_no_mobile_number_gets_through_between_any_words(before, number, gap, after):
    written = gap.join((number[:3], number[3:7], number[7:]))
    shown = masked(f"{before}{written}{after}")
    assert written not in shown and number[7:] not in shown


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_taken_and_twice_is_once(text):
    once = masked(text)
    assert masked(once) == once
