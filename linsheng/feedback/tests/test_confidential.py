"""A confidential reporter: no member of staff learns who it is, on no way through the product."""

import json
from datetime import timedelta

import pytest
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder

from linsheng.accounts.permissions import Role
from linsheng.audit.models import AuditEntry
from linsheng.communities.models import Post
from linsheng.feedback import actions, search
from linsheng.feedback.actor import Actor, actor_for
from linsheng.feedback.models import Case, CaseEvent, ResultNotice
from linsheng.feedback.queries import BoardFilter, board, legal_actions, likely_duplicates, story_of
from linsheng.feedback.queries.export import rows
from linsheng.feedback.reporters import home_label, reporter_of
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF
from linsheng.feedback.tests.staff_cases import sign_in
from linsheng.messaging.models import Delivery, Notice

STAFF_PEOPLE = ("frontdesk", "handler", "cleaner", "supervisor", "manager", "director", "auditor", "administrator")
SECRETS = ("业主甲", "10000000001", "owner@example.com", "3-2-1201")


@pytest.fixture
def secret(cast, now):
    """Everything that a reporter can do, done confidentially."""
    case = make.received(cast, now, confidential=True, kind="complaint", text="保洁态度不好")
    by = actor_for(cast.owner, case)
    actions.urge_case(case=case, text="请快一点", by=by, now=now)
    actions.add_words(case=case, text="昨天也这样", by=by, now=now)
    case = make.resolved(cast, now, case=case)
    actions.rate_case(case=case, stars=2, reasons=["attitude"], by=by, now=now)
    actions.record_callback(case=case, contacted=True, solved=False, satisfied="not", by=by, now=now)
    return actions.reopen_case(case=case, reason="还是这样", by=by, now=now)


def holds_secret(text):
    return [secret for secret in SECRETS if secret in text]


def test_the_history_names_nobody(secret, cast):
    for event in CaseEvent.objects.filter(case=secret):
        assert event.actor_id != cast.owner.pk
        assert not holds_secret(event.text + json.dumps(event.data, ensure_ascii=False))


def test_the_audit_trail_names_nobody(secret, cast):
    entries = AuditEntry.objects.filter(subject_type="feedback.case", subject_id=secret.pk)
    assert entries.count() == CaseEvent.objects.filter(case=secret).count() > 8
    assert cast.owner.pk not in set(entries.values_list("actor_id", flat=True))
    assert not holds_secret(json.dumps(list(entries.values("data")), ensure_ascii=False))


def test_of_others_the_audit_trail_says_who(cast, now):
    make.received(cast, now)
    assert AuditEntry.objects.get(action="case.receive").actor == cast.owner


@pytest.mark.parametrize("person", STAFF_PEOPLE)
def test_nobody_sees_name_number_or_home(secret, cast, person):
    shown = reporter_of(secret, cast.people[person])
    assert shown.hidden and not holds_secret(f"{shown} {home_label(secret)}")
    assert (shown.phone, shown.email, shown.home, shown.resident_id) == ("", "", "", None)


@pytest.mark.parametrize("person", ["frontdesk", "supervisor", "manager", "director"])
@pytest.mark.parametrize("words", ["业主甲", "10000000001", "0001", "3-2-1201", "321201", "1201"])
def test_nobody_finds_it_by_them(secret, cast, now, person, words):
    # The number of the case itself ends in 0001: only that one may be found by it.
    found = list(board(cast.people[person], BoardFilter(q=words), now))
    assert found == ([secret] if words == "0001" else [])


def test_the_index_holds_nothing_of_them(secret):
    assert not [token for token in search.tokens_of(secret) if token.startswith(search.PERSONAL)]


def test_the_building_where_they_live_is_not_kept_but_the_place_of_the_matter_is(cast, now):
    assert make.received(cast, now, confidential=True).building is None
    assert make.received(cast, now, confidential=True, building=cast.building).building == cast.building


def test_the_number_of_a_call_is_not_kept(cast, now):
    call = {"number": "10000000001", "seconds": 95}
    case = make.by_phone(cast, now, confidential=True, call=call)
    assert case.call == {"seconds": 95}
    assert make.by_phone(cast, now, call=call).call == call


def test_no_mail_goes_out_for_addresses_stand_in_the_staffs_lists(secret, cast):
    assert not Delivery.objects.filter(notice__subject_id=secret.pk, notice__user=cast.owner).exists()
    assert Notice.objects.filter(user=cast.owner, kind="case_result").count() == 1


def test_the_proof_of_telling_does_not_say_whether_they_have_an_account(secret):
    assert set(ResultNotice.objects.filter(case=secret).values_list("method", flat=True)) == {"page"}


def test_notices_to_staff_name_nobody(secret, cast):
    for notice in Notice.objects.exclude(user=cast.owner):
        assert not holds_secret(f"{notice.title} {notice.body} {notice.url}")


def test_the_export_names_nobody(secret, cast, now):
    for person in ("supervisor", "manager", "director", "auditor"):
        table = json.dumps(list(rows(cast.people[person], BoardFilter(), now)), cls=DjangoJSONEncoder, ensure_ascii=False)
        assert secret.number in table and not holds_secret(table.replace("3栋", ""))


def test_likely_duplicates_are_not_found_through_the_home(secret, cast, now):
    other = make.received(cast, now, text="门厅的灯坏了", item=secret.item)
    assert likely_duplicates(other, cast.frontdesk) == []


def test_the_story_says_the_reporter_and_no_more(secret):
    for entry in story_of(Case.objects.get(pk=secret.pk), staff=True):
        assert entry.who != "业主甲"


def test_photos_name_nobody(secret, cast, now):
    from linsheng.feedback.tests.test_photos import jpeg

    by = actor_for(cast.owner, secret)
    upload = jpeg()
    photo = actions.add_photo(case=secret, upload=upload, size=upload.getbuffer().nbytes, by=by, now=now)
    assert photo.by is None and "owner" not in photo.file.name


def test_staff_are_not_offered_to_phone_or_to_ask(cast, now):
    case = make.resolved(cast, now, confidential=True)
    offered = legal_actions(Case.objects.get(pk=case.pk), STAFF(cast.colleague))
    assert "tell" not in offered and "callback" not in offered
    assert list(board(cast.colleague, BoardFilter(view="to_ask"), now)) == []


def test_a_member_of_staff_who_reports_confidentially_stays_unknown_too(cast, now):
    Post.objects.create(
        user=cast.owner, organisation=cast.organisation, community=cast.community, role=Role.FRONTDESK, started_at=now
    )
    case = make.received(cast, now, confidential=True)
    assert case.entered_by is None
    assert AuditEntry.objects.get(subject_type="feedback.case", subject_id=case.pk).actor is None


def test_the_reporter_can_do_everything_by_the_link(cast, now):
    case = make.received(cast, now, confidential=True)
    case = make.resolved(cast, now, case=actions.urge_case(case=case, by=Actor.by_link(), now=now))
    actions.rate_case(case=case, stars=1, by=Actor.by_link(), now=now)
    assert actions.reopen_case(case=case, reason="没好", by=Actor.by_link(), now=now + timedelta(days=1)).cycle == 2


def test_a_contact_without_an_account_is_kept_from_staff_as_well(cast, now):
    case = make.by_phone(cast, now, confidential=True, contact_name="业主甲", contact_phone="10000000001")
    assert not holds_secret(str(reporter_of(case, cast.frontdesk)))
    assert list(board(cast.frontdesk, BoardFilter(q="10000000001"), now)) == []
    assert serializers.serialize("json", CaseEvent.objects.filter(case=case)).count("10000000001") == 0


def test_whoever_wrote_it_down_gets_the_page_to_hand_over_and_nobody_else(cast, now):
    case = make.by_phone(cast, now, confidential=True)
    link = f"/t/{case.track_token}/"
    assert link in sign_in(cast.frontdesk).get(f"/cases/{case.pk}/").content.decode()
    for other in (cast.colleague, cast.supervisor):
        assert link not in sign_in(other).get(f"/cases/{case.pk}/").content.decode()
