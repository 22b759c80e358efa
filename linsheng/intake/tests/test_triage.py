"""Item and urgency proposed from the words: readable reasons, one answer each time, the desk where nothing is known."""

from linsheng.intake.proposing import propose_item
from linsheng.intake.triage import propose, propose_urgency
from linsheng.intake.triage.lexicon import evidence, lexicon
from linsheng.standards.default_tree import ITEMS
from linsheng.standards.models import ServiceItem


def test_every_item_of_the_default_tree_has_words_and_no_other():
    assert set(lexicon()) == {item.code for item in ITEMS}
    assert all(len(words) >= 8 for words in lexicon().values())


def test_a_longer_word_is_not_counted_again_inside():
    item = ServiceItem(code="parking.charging", name="充电设施")
    assert evidence("充电桩坏了", [item])["parking.charging"].words == ("充电桩",)


def test_at_most_three_are_proposed_the_likeliest_first_and_always_alike(cast):
    found = propose(cast.community, "地库充电桩旁边的灯不亮，垃圾桶满了，保安不管")
    chances = [one.probability for one in found.proposals]
    assert len(chances) == 3 and chances == sorted(chances, reverse=True) and sum(chances) <= 1
    assert found == propose(cast.community, "地库充电桩旁边的灯不亮，垃圾桶满了，保安不管")


def test_an_item_of_the_company_s_own_is_known_by_its_name_and_a_retired_one_never_proposed(cast, now):
    dimension = cast.item.dimension
    own = ServiceItem.objects.create(organisation=cast.organisation, dimension=dimension, code="own.pool", name="泳池")
    assert propose(cast.community, "泳池水太凉").proposals[0].item == own
    ServiceItem.objects.filter(pk=own.pk).update(retired_at=now)
    assert not propose(cast.community, "泳池水太凉").proposals


def test_the_urgency_follows_danger_then_haste():
    assert propose_urgency("电梯困人") == "emergency"
    assert propose_urgency("没有漏电，请尽快来看") == "urgent"
    assert propose_urgency("草坪该修了") == "normal"


def test_a_mail_goes_to_the_likely_item_and_to_the_desk_where_nothing_is_sure(cast):
    assert propose_item(cast.community, "三号电梯坏了").code == "facility.lift"
    assert propose_item(cast.community, "您好，请看附件").code == "service.desk"
