"""What a company's own systems hear of a case."""

import json

import pytest

from linsheng.core.errors import DomainError
from linsheng.feedback import actions
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF
from linsheng.messaging.models import HookDelivery, Webhook
from linsheng.messaging.models.hooks import CHOSEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook(cast, now):
    given = {"organisation_id": cast.organisation.pk, "name": "工单", "url": "https://example.com/", "secret": ""}
    return Webhook.objects.create(**given, events=[event.value for event in CHOSEN], created_at=now, changed_at=now)


def heard():
    return list(HookDelivery.objects.order_by("pk").values_list("event", flat=True))


def test_the_life_of_a_case_is_heard_in_order(cast, now, hook):
    case = make.resolved(cast, now)
    actions.close_case(case=case, by=STAFF(cast.frontdesk), now=now)
    wanted = ["case.created", "case.assigned", "case.resolved", "case.told", "case.closed"]
    assert [event for event in heard() if event in wanted] == wanted
    assert len({row.key for row in HookDelivery.objects.all()}) == len(heard())


def test_a_call_in_vain_told_nobody(cast, now, hook):
    case = make.resolved(cast, now, case=make.by_phone(cast, now))
    actions.tell_result(case=case, reached=False, by=STAFF(cast.frontdesk), now=now)
    assert "case.told" not in heard()
    actions.tell_result(case=case, reached=True, by=STAFF(cast.frontdesk), now=now)
    assert heard()[-1] == "case.told"


def test_no_word_of_anybody_and_nothing_about_persons_leaves(cast, now, hook):
    more = {
        "contact_name": "周女士",
        "contact_phone": "13800000042",
        "location": "3号楼",
        "text": "楼上漏水很久了",
        "home": cast.home,
    }
    make.resolved(cast, now, case=make.received(cast, now, confidential=True, **more))
    said = json.dumps(list(HookDelivery.objects.values_list("payload", flat=True)), ensure_ascii=False)
    for word in ("周女士", "138", "3号楼", "漏水", cast.home.number, cast.owner.name, cast.handler.name):
        assert word not in said
    payload = HookDelivery.objects.first().payload
    assert set(payload) == {"id", "type", "created_at", "case"}
    assert payload["case"]["number"].startswith("CH")


def test_without_webhooks_a_case_leaves_nothing_behind(cast, now):
    make.received(cast, now)
    assert not HookDelivery.objects.exists()


def test_what_fails_was_never_told(cast, now, hook):
    case = make.received(cast, now)
    with pytest.raises(DomainError):
        actions.resolve_case(case=case, text="修好了", by=STAFF(cast.frontdesk), now=now)
    assert heard() == ["case.created"]
