"""The desk's helpers: bulk actions, likely duplicates, the export; the company's rules; a person's own data."""

from datetime import timedelta

import pytest

from linsheng.accounts.privacy import erasure, exports
from linsheng.audit.models import AuditEntry
from linsheng.communities.models import Organisation
from linsheng.core.errors import Forbidden, Invalid
from linsheng.feedback import actions, privacy
from linsheng.feedback.actions import bulk
from linsheng.feedback.actions.bulk import apply_to_all
from linsheng.feedback.models import Case, CaseEvent, EscalationStep, FeedbackSettings
from linsheng.feedback.queries import BoardFilter, likely_duplicates, similar_reports
from linsheng.feedback.queries.export import HEADER, rows
from linsheng.feedback.settings import settings_of
from linsheng.feedback.tests import factories as make
from linsheng.feedback.tests.factories import STAFF, reporter

DAY = timedelta(days=1)


class TestBulkActions:
    def assign(self, cast, now):
        return lambda case: actions.assign_case(case=case, handler=cast.handler, by=STAFF(cast.frontdesk), now=now)

    def test_each_case_stands_or_falls_by_itself(self, cast, now):
        free, ended, other = make.received(cast, now), make.declined(cast, now), make.received(cast, now)
        outcome = apply_to_all([free, ended, other], self.assign(cast, now))
        assert [case.pk for case in outcome.done] == [free.pk, other.pk]
        assert [(r.case, r.status) for r in outcome.refused] == [(ended, 409)]
        assert outcome.refused[0].sentence.startswith(ended.number)
        assert Case.objects.filter(handler=cast.handler).count() == 2

    def test_the_cases_come_back_as_they_now_are(self, cast, now):
        assert apply_to_all([make.received(cast, now)], self.assign(cast, now)).done[0].state == "assigned"

    def test_the_summary_says_how_many(self, cast, now):
        free, ended = make.received(cast, now), make.declined(cast, now)
        assert apply_to_all([free], self.assign(cast, now)).summary == "1 件已完成。"
        assert apply_to_all([ended], self.assign(cast, now)).summary == "0 件已完成，1 件未办理，请看各自的原因。"

    def test_a_case_chosen_twice_is_done_once(self, cast, now):
        case = make.received(cast, now)
        outcome = apply_to_all([case, case], self.assign(cast, now))
        assert (len(outcome.done), outcome.refused) == (1, [])

    def test_a_refused_one_leaves_nothing_half_written(self, cast, now):
        case = make.received(cast, now)

        def assign_and_close(chosen):
            done = actions.assign_case(case=chosen, handler=cast.handler, by=STAFF(cast.frontdesk), now=now)
            return actions.close_case(case=done, by=STAFF(cast.frontdesk), now=now)

        apply_to_all([case], assign_and_close)
        assert Case.objects.get(pk=case.pk).state == "received" and CaseEvent.objects.filter(case=case).count() == 1

    def test_too_many_at_once_are_refused_before_any_is_touched(self, cast, now, monkeypatch):
        monkeypatch.setattr(bulk, "MOST_AT_ONCE", 1)
        cases = [make.received(cast, now), make.received(cast, now)]
        with pytest.raises(Invalid):
            apply_to_all(cases, self.assign(cast, now))
        assert not Case.objects.exclude(handler=None).exists()

    def test_a_mistake_of_ours_is_not_taken_for_a_refusal(self, cast, now):
        with pytest.raises(ZeroDivisionError):
            apply_to_all([make.received(cast, now)], lambda case: 1 / 0)


class TestLikelyDuplicates:
    def test_are_of_the_same_community_and_item_near_in_time_and_alike(self, cast, now):
        case = make.received(cast, now, text="三号电梯按钮按了没有反应", location="")
        alike = make.received(cast, now - DAY, who="neighbour", text="三号电梯的按钮没有反应")
        make.received(cast, now - 8 * DAY, who="neighbour", text="三号电梯的按钮没有反应")
        make.received(cast, now, text="三号电梯按钮按了没有反应", item=make.item(cast, "safety.gate"))
        make.received(cast, now, text="轿厢里有积水异味", home=None, building=None)
        assert [found for found, _score in likely_duplicates(case, cast.frontdesk)] == [alike]

    def test_near_by_fewer_words_suffice(self, cast, now):
        case = make.received(cast, now, text="电梯门关不上了")
        near = make.received(cast, now, who="neighbour", text="电梯关门夹人，很危险")
        assert [found for found, _score in likely_duplicates(case, cast.frontdesk)] == [near]
        Case.objects.filter(pk=near.pk).update(building=None)
        assert likely_duplicates(case, cast.frontdesk) == []

    def test_the_likeliest_stands_first_and_there_are_at_most_five(self, cast, now):
        case = make.received(cast, now, text="三号电梯按钮失灵")
        for n in range(6):
            make.received(cast, now, text="三号电梯按钮失灵" + "请尽快" * n)
        found = likely_duplicates(case, cast.frontdesk)
        assert len(found) == 5 and [score for _case, score in found] == sorted((s for _c, s in found), reverse=True)

    def test_what_was_withdrawn_or_merged_is_none(self, cast, now):
        case = make.received(cast, now)
        make.withdrawn(cast, now)
        make.merged(cast, now)
        assert {found.state for found, _score in likely_duplicates(case, cast.frontdesk)} <= {"received"}

    def test_nobody_is_shown_what_they_do_not_see(self, cast, now):
        make.received(cast, now)
        values = {"community": cast.community, "item": cast.item, "text": "三号电梯按钮失灵", "at": now}
        assert similar_reports(viewer=cast.frontdesk, **values)
        assert not similar_reports(viewer=cast.neighbour, **values) and not similar_reports(viewer=cast.outsider, **values)


class TestTheExport:
    def table(self, cast, person, now, **filters):
        return [dict(zip(map(str, HEADER), row, strict=True)) for row in rows(cast.people[person], BoardFilter(**filters), now)]

    def test_has_a_line_for_every_case_of_the_list(self, cast, now):
        cases = [make.resolved(cast, now), make.received(cast, now)]
        actions.rate_case(case=cases[0], stars=4, by=reporter(cases[0], cast), now=now)
        lines = {line["编号"]: line for line in self.table(cast, "supervisor", now)}
        assert set(lines) == {case.number for case in cases}
        line = lines[cases[0].number]
        assert (line["反映人"], line["电话"], line["房屋"]) == ("业主甲", "10000000001", "3-2-1201")
        assert (line["处理结果"], line["评价（星）"], line["是否按时解决"]) == ("已更换按钮板", 4, "是")

    def test_masks_people_for_who_may_not_see_them(self, cast, now):
        make.received(cast, now)
        line = self.table(cast, "auditor", now)[0]
        assert (line["反映人"], line["电话"], line["房屋"]) == ("业**", "100****0001", "")

    def test_costs_the_same_number_of_queries_however_long(self, cast, now, django_assert_max_num_queries):
        for _n in range(12):
            make.resolved(cast, now)
        user = type(cast.supervisor).objects.get(pk=cast.supervisor.pk)
        with django_assert_max_num_queries(3):
            assert len(list(rows(user, BoardFilter(), now))) == 12


class TestTheCompanysRules:
    def change(self, cast, now, person="administrator", **values):
        return actions.change_settings(organisation=cast.organisation, values=values, by=cast.people[person], now=now)

    def test_hold_from_now_on_and_are_audited(self, cast, now):
        self.change(cast, now, reopen_days=30, auto_close_days=5)
        assert settings_of(cast.organisation.pk).reopen_days == 30
        assert AuditEntry.objects.get(action="feedback.change_settings").data == {"reopen_days": "30", "auto_close_days": "5"}
        assert settings_of(cast.foreign_organisation.pk).reopen_days == 14

    @pytest.mark.parametrize(
        "values",
        [
            {"reopen_days": 0},
            {"auto_close_days": 91},
            {"tell_attempts": 0},
            {"basically_weight": 2},
            {"weight_solved": 60},
            {"secret": 1},
        ],
    )
    def test_keep_within_bounds(self, cast, now, values):
        with pytest.raises(Invalid):
            self.change(cast, now, **values)
        assert FeedbackSettings.objects.get(organisation=cast.organisation).weight_solved == 50

    def test_weights_make_up_a_hundred(self, cast, now):
        assert self.change(cast, now, weight_contacted=20, weight_solved=40, weight_satisfied=40).weight_solved == 40

    @pytest.mark.parametrize("person", ["manager", "director", "frontdesk", "outsider"])
    def test_are_for_the_companys_administrator(self, cast, now, person):
        with pytest.raises(Forbidden):
            self.change(cast, now, person, reopen_days=3)

    def test_a_new_company_has_the_defaults_once(self, cast, now):
        company = Organisation.objects.create(code="new", name="新公司")
        for _n in range(2):
            actions.install_defaults(organisation=company, by=None, now=now)
        assert EscalationStep.objects.filter(organisation=company).count() == 4
        assert FeedbackSettings.objects.filter(organisation=company).count() == 1
        assert AuditEntry.objects.filter(chain__key=f"organisation-{company.pk}").count() == 2

    def test_what_a_company_has_of_its_own_stays(self, cast, now):
        self.change(cast, now, reopen_days=30)
        actions.change_ladder(
            organisation=cast.organisation, rungs=[actions.settings.Rung("manager", percent=50)], by=None, now=now
        )
        actions.install_defaults(organisation=cast.organisation, by=None, now=now)
        assert settings_of(cast.organisation.pk).reopen_days == 30
        assert EscalationStep.objects.filter(organisation=cast.organisation).count() == 1


class TestAPersonsOwnData:
    def test_holds_what_they_said_and_what_came_of_it(self, cast, now):
        case = make.received(cast, now, confidential=True)
        actions.add_words(case=case, text="补充一句", by=reporter(case, cast), now=now)
        case = make.resolved(cast, now, case=case)
        actions.rate_case(case=case, stars=2, text="慢", by=reporter(case, cast), now=now)
        record = privacy.cases_of(cast.owner)[0]
        assert (record["number"], record["text"], record["added"]) == (case.number, "三号电梯按钮失灵", ["补充一句"])
        assert (record["results"], record["ratings"], record["confidential"]) == (["已更换按钮板"], ["2 慢"], True)
        assert set(record) == set(privacy.CASE_FIELDS)

    def test_holds_nothing_of_others(self, cast, now):
        make.received(cast, now)
        assert privacy.cases_of(cast.neighbour) == [] and privacy.followed_by(cast.neighbour) == []

    def test_holds_what_they_follow_by_number_only(self, cast, now):
        case = make.received(cast, now)
        actions.join_case(case=case, by=cast.neighbour, now=now)
        assert privacy.followed_by(cast.neighbour) == [{"number": case.number, "item": str(case.item), "at": now}]

    def test_costs_a_fixed_number_of_queries(self, cast, now, django_assert_max_num_queries):
        for _n in range(6):
            make.resolved(cast, now)
        with django_assert_max_num_queries(7):
            assert len(privacy.cases_of(cast.owner)) == 6

    def test_is_part_of_the_download(self, cast, now):
        assert {"cases", "followed_cases"} <= {part.key for part in exports.parts()}
        make.received(cast, now)
        assert len(exports.everything_about(cast.owner)["cases"]) == 1

    def test_is_forgotten_with_the_person_while_the_matter_stays(self, cast, now):
        own = make.received(cast, now, contact_name="业主甲", contact_phone="10000000001", call={"number": "10000000001"})
        followed = make.received(cast, now, who="neighbour")
        actions.join_case(case=followed, by=cast.owner, now=now)
        erasure.erase_everywhere(cast.owner, cast.organisation.pk, now)
        kept = Case.objects.get(pk=own.pk)
        assert (kept.contact_name, kept.contact_phone, kept.contact_email, kept.call) == ("", "", "", None)
        assert kept.text == "三号电梯按钮失灵" and not followed.followers.exists()

    def test_of_another_company_is_not_touched(self, cast, now):
        case = make.received(cast, now, contact_name="业主甲")
        privacy.forget(cast.owner, cast.foreign_organisation.pk, now)
        assert Case.objects.get(pk=case.pk).contact_name == "业主甲"
