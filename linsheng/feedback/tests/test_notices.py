"""Notices speak the language of whoever reads them, not of whoever pressed the button."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from linsheng.feedback import actions, notices, telling
from linsheng.feedback.models import EscalationStep
from linsheng.feedback.notices import Words
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter
from linsheng.messaging.models import ChannelSetting, Delivery, Notice

DAY = timedelta(days=1)


def speaks(user, language):
    user.language = language
    user.save()


def spoken(user, kind):
    return Notice.objects.filter(user=user, kind=kind).latest("pk")


def is_chinese(text):
    return any("一" <= character <= "鿿" for character in text)


class TestARecipient:
    def test_who_reads_chinese_gets_chinese_from_staff_who_work_in_english(self, cast, now):
        with translation.override("en"):
            case = make.resolved(cast, now, text="Lift 3 is stuck")
        for kind in ("case_received", "case_result"):
            assert is_chinese(spoken(cast.owner, kind).title.replace("：", ""))
        assert case.number in spoken(cast.owner, "case_received").body

    def test_who_reads_english_gets_english_from_staff_who_work_in_chinese(self, cast, now):
        speaks(cast.owner, "en")
        case = make.resolved(cast, now, text="Lift 3 is stuck")
        for kind in ("case_received", "case_result"):
            assert not is_chinese(spoken(cast.owner, kind).title)
        body = spoken(cast.owner, "case_received").body
        assert case.number in body and not is_chinese(body)
        # The words of a person stay as they were said.
        assert spoken(cast.owner, "case_result").body == "已更换按钮板"

    def test_without_an_account_gets_the_installations_language(self, cast, now):
        with translation.override("en"):
            make.by_phone(cast, now, text="Lift", contact_phone="", contact_email="zhou@example.com")
        assert is_chinese(Notice.objects.get(user=None).title)

    def test_among_staff_gets_their_own_too(self, cast, now):
        speaks(cast.handler, "en")
        case = make.in_progress(cast, now, text="Lift")
        assert not is_chinese(spoken(cast.handler, "case_work").title)
        with translation.override("en"):
            actions.urge_case(case=case, by=reporter(case, cast), now=now)
        assert not is_chinese(spoken(cast.handler, "case_work").title)
        assert is_chinese(spoken(cast.supervisor, "case_work").title)

    def test_of_an_escalation_reads_every_word_of_it_in_their_own(self, cast, now):
        speaks(cast.handler, "en")
        case = make.in_progress(cast, now, text="Lift", urgency="urgent")
        actions.escalate_case(case=case, now=now + DAY)
        notice = spoken(cast.handler, "escalation")
        assert not is_chinese(notice.title + notice.body) and case.number in notice.body
        assert EscalationStep.objects.filter(organisation=cast.organisation).exists()

    def test_who_follows_gets_it_in_their_own(self, cast, now):
        speaks(cast.neighbour, "en")
        case = make.in_progress(cast, now, text="Lift")
        actions.join_case(case=case, by=cast.neighbour, now=now)
        actions.resolve_case(case=case, text="Done", by=STAFF(cast.handler), now=now)
        assert not is_chinese(spoken(cast.neighbour, "case_result").title)


def test_percent_signs_in_peoples_words_are_only_percent_signs(cast, now):
    case = make.received(cast, now, text="电费涨了 20%(s) 100%")
    assert "20%(s) 100%" in spoken(cast.owner, "case_received").title
    words = Words(gettext_lazy("处理结果：%(text)s"), "100% 解决 %(oops)s")
    assert words.filled(case)[1] == "100% 解决 %(oops)s"


def test_the_language_of_the_request_is_the_same_afterwards(cast, now):
    speaks(cast.owner, "en")
    with translation.override("zh-hans"):
        case = make.received(cast, now)
        words = Words(gettext_lazy("需要等待：%(text)s"))
        notices.send(case=case, user=cast.owner, key="k", kind="case_progress", words=words, url="/", now=now)
        assert translation.get_language() == "zh-hans"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_links_lead_staff_to_the_case_and_reporters_to_their_own_page(cast, now, language):
    with translation.override(language):
        case = make.assigned(cast, now)
    assert spoken(cast.handler, "case_work").url == f"/cases/{case.pk}/"
    assert spoken(cast.owner, "case_received").url == f"/t/{case.track_token}/"


@pytest.fixture
def texting(cast, now):
    given = {"on": True, "kinds": ["case_received", "case_result"], "created_at": now, "changed_at": now}
    return ChannelSetting.objects.create(organisation_id=cast.organisation.pk, channel="sms", provider="http", **given)


def texts(case):
    rows = Delivery.objects.filter(channel="sms", notice__subject_id=case.pk).order_by("pk")
    return [(row.notice.kind, row.address, row.notice.url) for row in rows]


def test_who_left_only_a_mobile_number_gets_what_matters_by_text_with_the_link_to_the_case(cast, now, texting):
    case = make.resolved(cast, now, case=make.by_phone(cast, now, contact_phone="138 0000 0042"))
    found = texts(case)
    assert [kind for kind, _to, _url in found] == ["case_received", "case_result"]
    assert {(to, url) for _kind, to, url in found} == {("13800000042", telling.track_url(case))}
    # A provider's word is no proof: they are phoned as before.
    assert case.told_at is None


@pytest.mark.parametrize("more", [{"contact_phone": "0755-12345678"}, {"confidential": True}])
def test_a_landline_and_who_asked_to_stay_unknown_get_no_text(cast, now, texting, more):
    case = make.resolved(cast, now, case=make.by_phone(cast, now, **{"contact_phone": "13800000042", **more}))
    assert texts(case) == []
    assert not Notice.objects.filter(subject_id=case.pk, user=None).exists()


def test_without_a_provider_no_notice_is_written_that_nobody_gets(cast, now):
    case = make.by_phone(cast, now, contact_phone="13800000042")
    assert not Notice.objects.filter(subject_id=case.pk, user=None).exists()


def test_what_is_about_a_confidential_case_says_nothing_on_telephones_and_an_emergency_waits_for_no_morning(cast, now):
    secret = make.received(cast, now, confidential=True, urgency="emergency")
    plain = make.received(cast, now, text="走廊的灯不亮")
    assert set(Notice.objects.filter(subject_id=secret.pk).values_list("private", "urgent")) == {(True, True)}
    assert set(Notice.objects.filter(subject_id=plain.pk).values_list("private", "urgent")) == {(False, False)}
