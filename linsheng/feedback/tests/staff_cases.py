"""Cases in every state, for the tests of the staff's pages."""

from datetime import timedelta

from django.test import Client

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, EscalationStep

BACKEND = "linsheng.accounts.backends.AccountBackend"


def sign_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def received(cast, now, **changes):
    plain = {
        "community": cast.community,
        "item": cast.item,
        "text": "三号电梯按钮失灵",
        "resident": cast.residents["owner"],
        "home": cast.home,
    }
    return actions.receive_case(report=actions.Report(**(plain | changes)), by=Actor(user=cast.owner, reporter=True), now=now)


def phoned_in(cast, now, **changes):
    """By somebody without an account or a mail address: the result has to be told by hand."""
    plain = {
        "community": cast.community,
        "item": cast.item,
        "text": "楼道灯不亮",
        "channel": "phone",
        "contact_name": "路人",
        "contact_phone": "10000009999",
    }
    return actions.receive_case(report=actions.Report(**(plain | changes)), by=Actor.staff(cast.frontdesk), now=now)


def assigned(cast, now, make=received):
    return actions.assign_case(case=make(cast, now), handler=cast.handler, by=Actor.staff(cast.frontdesk), now=now)


def started(cast, now, make=received):
    return actions.start_case(case=assigned(cast, now, make), by=Actor.staff(cast.handler), now=now)


def waiting(cast, now):
    return actions.wait_case(case=started(cast, now), waiting_for="parts", reason="等配件", by=Actor.staff(cast.handler), now=now)


def resolved(cast, now, make=received):
    return actions.resolve_case(case=started(cast, now, make), text="已更换按钮板", by=Actor.staff(cast.handler), now=now)


def closed(cast, now):
    return actions.close_case(case=resolved(cast, now), by=Actor.staff(cast.frontdesk), now=now)


def merged(cast, now):
    return actions.merge_case(case=received(cast, now), into=received(cast, now), by=Actor.staff(cast.frontdesk), now=now)


def with_ladder(cast):
    """A rung for the supervisor at the deadline, and one for the manager a day later."""
    if not EscalationStep.objects.filter(organisation=cast.organisation).exists():
        EscalationStep.objects.create(organisation=cast.organisation, order=1, percent=100, role="supervisor")
        EscalationStep.objects.create(organisation=cast.organisation, order=2, hours_after=24, role="manager")


def eventful(cast, now):
    """Everything that a case's page can show: rated, asked back, reopened, escalated, merged, followed, with notes."""
    with_ladder(cast)
    case = resolved(cast, now)
    by, reporter = Actor.staff(cast.handler), actor_for(cast.owner, Case.objects.select_related("resident").get(pk=case.pk))
    actions.rate_case(case=case, stars=2, reasons=["slow"], text="太慢了", by=reporter, now=now)
    actions.record_callback(case=case, contacted=True, solved=False, satisfied="not", by=Actor.staff(cast.colleague), now=now)
    actions.reopen_case(case=case, reason="又坏了", by=reporter, now=now)
    actions.add_note(case=case, text="内部：先联系厂家", by=by, now=now)
    actions.contact_reporter(case=case, text="约好下午", by=by, now=now)
    actions.join_case(case=case, by=cast.neighbour, now=now)
    actions.merge_case(case=received(cast, now), into=case, by=Actor.staff(cast.frontdesk), now=now)
    received(cast, now)
    for hours in (100, 200, 300, 400):
        actions.escalate_case(case=case, now=now + timedelta(hours=hours))
    return Case.objects.get(pk=case.pk)
