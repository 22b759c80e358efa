"""Questionnaires: the default one, editing, identity over versions, and what is frozen."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.surveys import actions
from linsheng.surveys.actions import Wording
from linsheng.surveys.models import Question, QuestionnaireVersion
from linsheng.surveys.queries import questionnaires as queries


@pytest.fixture
def version(cast) -> QuestionnaireVersion:
    return QuestionnaireVersion.objects.select_related("questionnaire__organisation").get(
        questionnaire__organisation=cast.organisation
    )


def freeze(version: QuestionnaireVersion, now) -> None:
    QuestionnaireVersion.objects.filter(pk=version.pk).update(frozen_at=now)


def question(version: QuestionnaireVersion, code: str) -> Question:
    return version.questions.select_related(
        "block__version__questionnaire__organisation", "version__questionnaire__organisation"
    ).get(code=code)


def reworded(q: Question, **changes) -> Wording:
    names = ("code", "text", "text_en", "kind", "item", "hint", "hint_en", "options", "no_contact", "background")
    return Wording(**({name: getattr(q, name) for name in names} | changes))


def test_the_default_questionnaire_begins_with_overall_satisfaction_and_takes_under_five_minutes(version):
    blocks = queries.asked(version, "anybody")
    assert [asked.key for asked in blocks[0].questions] == ["overall", "expectation", "ideal"]
    everybody = [asked for asked in queries.flat(blocks) if not asked.gate_key]
    assert 24 <= len(everybody) <= 28
    assert queries.seconds_of(version) <= 300
    assert all(asked.question.text_en and asked.question.text for asked in queries.flat(blocks))


def test_every_question_about_a_service_points_at_its_item(version):
    about = version.questions.filter(item__isnull=False)
    assert about.count() >= 18
    assert all(q.item.code == q.code for q in about)


def test_the_order_inside_a_block_follows_the_seed(version):
    orders = {tuple(a.key for a in queries.flat(queries.asked(version, seed))) for seed in "abcdefgh"}
    assert len(orders) > 1
    assert queries.asked(version, "a") == queries.asked(version, "a")


def test_no_contact_is_offered_and_is_no_mark(version):
    choices = queries.choices_of(question(version, "facility.lift"))
    assert [c.value for c in choices] == ["1", "2", "3", "4", "5", "na"]


def test_a_used_version_is_refused_by_the_action_and_by_the_database(version, cast, now):
    freeze(version, now)
    lift = question(version, "facility.lift")
    with pytest.raises(Conflict):
        actions.save_question(block=lift.block, question=lift, wording=reworded(lift, text="电梯？"), by=cast.director, now=now)
    for change in (
        lambda: Question.objects.filter(pk=lift.pk).update(text="电梯？"),
        lambda: QuestionnaireVersion.objects.filter(pk=version.pk).update(frozen_at=None),
        lambda: version.blocks.update(title="别的"),
        lambda: Question.objects.create(version=version, block=lift.block, code="new", key="new", text="新"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_question_keeps_its_identity_only_with_its_wording(version, cast, now):
    freeze(version, now)
    draft = actions.draft_next(questionnaire=version.questionnaire, by=cast.director, now=now)
    lift = question(draft, "facility.lift")
    assert lift.key == "facility.lift"
    changed = actions.save_question(
        block=lift.block, question=lift, wording=reworded(lift, text="电梯安全吗？"), by=cast.director, now=now
    )
    assert changed.key == "facility.lift~2"
    back = actions.save_question(
        block=lift.block,
        question=changed,
        wording=reworded(changed, text=question(version, "facility.lift").text),
        by=cast.director,
        now=now,
    )
    assert back.key == "facility.lift"


def test_a_copy_keeps_gates_inside_itself(version, cast, now):
    freeze(version, now)
    draft = actions.draft_next(questionnaire=version.questionnaire, by=cast.director, now=now)
    gated = draft.blocks.filter(gate__isnull=False)
    assert gated.count() == 2
    assert all(block.gate.version_id == draft.pk for block in gated)
    assert draft.questions.count() == version.questions.count()
    assert actions.draft_next(questionnaire=version.questionnaire, by=cast.director, now=now) == draft


def test_a_gate_is_an_earlier_single_choice(version, cast, now):
    last = version.blocks.last()
    first = version.blocks.first()
    for block, gate in ((first, question(version, "repair.made")), (last, question(version, "overall"))):
        with pytest.raises(Invalid):
            actions.save_block(version=version, block=block, title="x", gate=gate, gate_values=["yes"], by=cast.director, now=now)
    with pytest.raises(Invalid):
        actions.save_block(
            version=version,
            block=last,
            title="x",
            gate=question(version, "repair.made"),
            gate_values=["maybe"],
            by=cast.director,
            now=now,
        )


def test_a_gating_question_cannot_be_removed_nor_moved_behind_its_block(version, cast, now):
    made = question(version, "complaint.made")
    with pytest.raises(Conflict):
        actions.remove_question(question=made, by=cast.director, now=now)
    with pytest.raises(Conflict):
        actions.remove_block(block=made.block, by=cast.director, now=now)
    with pytest.raises(Conflict):
        actions.move(row=made.block, up=False, by=cast.director, now=now)


def test_blocks_and_questions_are_put_in_order(version, cast, now):
    second = question(version, "expectation")
    actions.move(row=second, up=True, by=cast.director, now=now)
    assert [a.key for a in queries.asked(version)[0].questions] == ["expectation", "overall", "ideal"]


def test_only_a_post_at_the_company_may_edit(version, cast, now):
    for person in (cast.manager, cast.frontdesk, cast.outsider):
        with pytest.raises(Forbidden):
            actions.change_intro(version=version, intro="x", intro_en="", by=person, now=now)


def test_the_default_comes_once(cast, now):
    assert actions.install_defaults(organisation=cast.organisation, by=None, now=now) is None


@pytest.fixture
def director(cast) -> Client:
    client = Client()
    client.force_login(cast.director, backend="linsheng.accounts.backends.AccountBackend")
    return client


def test_a_question_is_added_in_the_editor(director, version):
    block = version.blocks.first()
    address = reverse("surveys:new_question", args=[version.pk, block.pk])
    form = {
        "code": "parking.extra",
        "kind": "single",
        "text": "您有车吗？",
        "text_en": "Do you have a car?",
        "options": "yes|有|Yes\nno|没有|No",
    }
    assert director.post(address, form).status_code == 302
    added = question(version, "parking.extra")
    assert [o["label_en"] for o in added.options] == ["Yes", "No"]
    assert "您有车吗" in director.get(reverse("surveys:version", args=[version.pk])).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"options": "有"},
        {"code": ""},
        {"code": "overall"},
        {"text": ""},
        {"kind": "scale", "options": "a\nb"},
        {"options": "有|有\n无|无"},
    ],
)
def test_a_wrong_question_comes_back_with_what_was_typed(director, version, change):
    address = reverse("surveys:new_question", args=[version.pk, version.blocks.first().pk])
    form = {"code": "new.one", "kind": "single", "text": "题目甲", "options": "1|有|Yes\n2|没有|No"} | change
    answer = director.post(address, form)
    assert answer.status_code == 422 and (change.get("text") == "" or "题目甲" in answer.content.decode())


def test_the_preview_is_the_residents_page_and_can_be_framed_by_us_alone(director, version):
    answer = director.get(reverse("surveys:preview", args=[version.pk]))
    assert answer.status_code == 200 and "总的来说" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_what_may_be_chosen_is_known_without_its_words(version):
    for each in queries.flat(queries.asked(version)):
        assert queries.offered_by(each.question) == {choice.value for choice in each.choices}


def test_the_code_of_no_contact_is_no_option_s():
    from django.forms import ValidationError

    from linsheng.surveys.forms.questionnaires import parse_options

    assert parse_options("yes|有|Yes\nno|没有|No")[0]["value"] == "yes"
    with pytest.raises(ValidationError, match="na"):
        parse_options("na|不|No")
