"""Who reported by a code and kept the link: all the way to rating, reopening and adding, with and without a number."""

import pytest
from django.urls import reverse

from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import CaseState, Rating, ResultNotice
from linsheng.intake.actions.places import create_place
from linsheng.intake.tests.reports import reported


@pytest.fixture
def place(cast, now):
    return create_place(community=cast.community, building=cast.building, spot="电梯", by=None, now=now)


def done(case, cast, now):
    desk, handler = Actor.staff(cast.frontdesk), Actor.staff(cast.handler)
    case = actions.assign_case(case=case, handler=cast.handler, by=desk, now=now)
    case = actions.start_case(case=case, by=handler, now=now)
    return actions.resolve_case(case=case, text="已更换灯管", by=handler, now=now)


def step(client, case, name, **data):
    return client.post(reverse("feedback:track_step", args=[case.track_token, name]), data)


@pytest.mark.parametrize("more", [{}, {"confidential": True}], ids=["without a number", "confidential"])
def test_the_whole_way_by_link(client, cast, place, more):
    from linsheng.core import clock

    now = clock.now()
    case = reported(place, now=now, **more)
    assert "已收到" in client.get(reverse("feedback:track", args=[case.track_token])).content.decode()
    assert step(client, case, "add", text="三楼的也不亮").status_code == 302
    assert step(client, case, "urge", text="").status_code == 302
    case = done(case, cast, now)
    # Nothing else reaches them: their page is where the result is told, and counts as telling.
    assert ResultNotice.objects.get(case=case).method == ResultNotice.Method.PAGE
    assert case.told_at is not None
    page = client.get(reverse("feedback:track", args=[case.track_token])).content.decode()
    assert "已更换灯管" in page and 'name="stars"' in page
    step(client, case, "answer", solved="no", contacted="no", satisfied="not")
    step(client, case, "rate", stars="1", reasons=["not_fixed"], text="还是不亮")
    assert Rating.objects.get(case=case).stars == 1
    assert step(client, case, "reopen", reason="还是不亮").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.cycle) == (CaseState.IN_PROGRESS, 2)
    case = actions.resolve_case(case=case, text="换了整个灯具", by=Actor.staff(cast.handler), now=clock.now())
    page = client.get(reverse("feedback:track", args=[case.track_token])).content.decode()
    assert "换了整个灯具" in page and 'name="stars"' in page


def test_who_left_a_number_is_called_and_reads_the_result_on_their_page_too(client, cast, place, now):
    case = done(reported(place, now=now, phone="13800001234"), cast, now)
    assert case.told_at is None and not ResultNotice.objects.filter(case=case).exists()
    case = actions.tell_result(
        case=case, method=ResultNotice.Method.PHONE, reached=True, note="", by=Actor.staff(cast.frontdesk), now=now
    )
    assert case.told_at == now
    assert "已更换灯管" in client.get(reverse("feedback:track", args=[case.track_token])).content.decode()


def test_a_stranger_s_wrong_link_shows_nothing(client, cast, place, now):
    case = reported(place, now=now)
    assert client.get(reverse("feedback:track", args=[case.track_token[:-1] + "_"])).status_code == 404
    assert "3-2-1201" not in client.get(reverse("feedback:track", args=[case.track_token])).content.decode()
