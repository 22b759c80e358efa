"""The loop from first word to confirmed result, through the actions."""

from datetime import timedelta

import pytest

from linsheng.audit.models import AuditEntry
from linsheng.core.errors import Conflict, Forbidden
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, CaseEvent, CaseState

STAFF = Actor.staff


def report(cast, now, **changes):
    plain = {
        "community": cast.community,
        "item": cast.item,
        "text": "三号电梯按钮失灵",
        "resident": cast.residents["owner"],
        "home": cast.home,
    }
    return actions.receive_case(report=actions.Report(**(plain | changes)), by=Actor(user=cast.owner, reporter=True), now=now)


def test_a_voice_comes_in_and_its_result_goes_back(cast, now):
    case = report(cast, now)
    assert case.number == "CH2611-0001" and case.respond_by and case.resolve_by
    case = actions.assign_case(case=case, handler=cast.handler, by=STAFF(cast.frontdesk), now=now)
    case = actions.contact_reporter(case=case, by=STAFF(cast.handler), now=now + timedelta(minutes=10))
    case = actions.start_case(case=case, by=STAFF(cast.handler), now=now + timedelta(minutes=20))
    case = actions.resolve_case(case=case, text="已更换按钮板", by=STAFF(cast.handler), now=now + timedelta(hours=2))
    assert case.told_at == now + timedelta(hours=2)  # the inbox of a resident with an account
    case = actions.rate_case(case=case, stars=5, by=actor_for(cast.owner, case), now=now + timedelta(hours=3))
    case = actions.record_callback(
        case=case, contacted=True, solved=True, satisfied="satisfied", by=STAFF(cast.colleague), now=now + timedelta(hours=4)
    )
    case = actions.close_case(case=case, by=STAFF(cast.frontdesk), now=now + timedelta(hours=5))
    assert case.state == CaseState.CLOSED
    steps = CaseEvent.objects.filter(case=case).count()
    assert AuditEntry.objects.filter(subject_type="feedback.case", subject_id=case.pk).count() == steps == 8


def test_a_case_whose_reporter_was_not_told_cannot_be_closed(cast, now):
    cast.residents["owner"].user = None
    cast.residents["owner"].email = ""
    cast.residents["owner"].save()
    case = actions.receive_case(
        report=actions.Report(
            community=cast.community, item=cast.item, text="电梯异响", channel="phone", resident=cast.residents["owner"]
        ),
        by=STAFF(cast.frontdesk),
        now=now,
    )
    actions.assign_case(case=case, handler=cast.handler, by=STAFF(cast.frontdesk), now=now)
    actions.start_case(case=case, by=STAFF(cast.handler), now=now)
    actions.resolve_case(case=case, text="已检修", by=STAFF(cast.handler), now=now)
    with pytest.raises(Conflict):
        actions.close_case(case=case, by=STAFF(cast.frontdesk), now=now)
    actions.tell_result(case=case, reached=True, by=STAFF(cast.frontdesk), now=now)
    assert actions.close_case(case=case, by=STAFF(cast.frontdesk), now=now).state == CaseState.CLOSED


def test_who_worked_on_a_case_cannot_ask_how_it_went(cast, now):
    case = report(cast, now)
    actions.assign_case(case=case, handler=cast.handler, by=STAFF(cast.frontdesk), now=now)
    actions.start_case(case=case, by=STAFF(cast.supervisor), now=now)
    actions.resolve_case(case=case, text="好了", by=STAFF(cast.supervisor), now=now)
    with pytest.raises(Forbidden):
        actions.record_callback(case=case, contacted=True, solved=True, satisfied="satisfied", by=STAFF(cast.supervisor), now=now)


def test_search_finds_two_character_words(cast, now):
    from linsheng.feedback.queries import BoardFilter, board

    case = report(cast, now)
    assert list(board(cast.frontdesk, BoardFilter(q="按钮"), now)) == [case]
    assert list(board(cast.frontdesk, BoardFilter(q="漏水"), now)) == []
    assert list(board(cast.frontdesk, BoardFilter(q="业主甲"), now)) == [case]
    assert list(board(cast.auditor, BoardFilter(q="业主甲"), now)) == []
    assert Case.objects.count() == 1


def test_a_salutation_is_no_headline():
    assert Case(text="尊敬的物业经理：\n三号电梯又停了").headline == "三号电梯又停了"
    assert Case(text="您好：").headline == "您好："
    assert Case(text="漏水").headline == "漏水" and Case(text="").headline == ""
