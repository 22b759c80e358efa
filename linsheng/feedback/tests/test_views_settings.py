"""The company's rules by page."""

import pytest
from django.urls import reverse

from linsheng.audit.models import AuditEntry
from linsheng.feedback.models import EscalationStep, FeedbackSettings

RULES = {
    "reopen_days": 10,
    "auto_close_days": 5,
    "tell_attempts": 3,
    "attempt_gap_minutes": 60,
    "basically_weight": "0.8",
    "weight_contacted": 20,
    "weight_solved": 40,
    "weight_satisfied": 40,
}


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator, backend="linsheng.accounts.backends.AccountBackend")
    return client


def test_rules_are_saved_and_recorded(administrator, cast):
    assert administrator.post(reverse("feedback:settings"), RULES).status_code == 302
    assert FeedbackSettings.objects.get(organisation=cast.organisation).reopen_days == 10
    assert AuditEntry.objects.filter(action="feedback.change_settings").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("weight_contacted", 50), ("reopen_days", 0), ("basically_weight", "1.5"), ("tell_attempts", "")]
)
def test_a_value_out_of_bounds_is_named_and_nothing_is_saved(administrator, cast, name, value):
    before = FeedbackSettings.objects.filter(organisation=cast.organisation).values().first()
    assert administrator.post(reverse("feedback:settings"), RULES | {name: value}).status_code == 422
    assert FeedbackSettings.objects.filter(organisation=cast.organisation).values().first() == before


def ladder(*rows):
    data = {"rung-TOTAL_FORMS": len(rows), "rung-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        data |= {f"rung-{number}-{name}": value for name, value in row.items()}
    return data


def test_the_ladder_is_replaced_and_empty_rows_are_left_out(administrator, cast):
    rows = ladder(
        {"trigger": "percent", "value": 50, "role": "handler"},
        {"trigger": ""},
        {"trigger": "hours_after", "value": 4, "role": "manager", "acknowledge_minutes": 30},
    )
    assert administrator.post(reverse("feedback:escalation"), rows).status_code == 302
    steps = EscalationStep.objects.filter(organisation=cast.organisation)
    assert [(s.percent, s.hours_after, s.role) for s in steps] == [(50, None, "handler"), (None, 4, "manager")]


def test_a_rung_without_its_number_is_refused(administrator, cast):
    before = EscalationStep.objects.filter(organisation=cast.organisation).count()
    answer = administrator.post(reverse("feedback:escalation"), ladder({"trigger": "percent", "value": "", "role": "handler"}))
    assert answer.status_code == 422 and "请填写数值" in answer.content.decode()
    assert EscalationStep.objects.filter(organisation=cast.organisation).count() == before
