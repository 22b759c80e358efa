"""Who may call the pages of questionnaires. The outsider is a manager of another, whole company."""

from linsheng.core.testing import PermissionRow
from linsheng.surveys.models import Questionnaire, QuestionnaireVersion

READERS = frozenset({"supervisor", "manager", "director", "auditor", "administrator"})
EDITORS = frozenset({"director", "administrator"})
FORM = frozenset({422})


def version(cast):
    return {"pk": QuestionnaireVersion.objects.get(questionnaire__organisation=cast.organisation).pk}


def block(cast):
    return version(cast) | {"block_pk": QuestionnaireVersion.objects.get(**version(cast)).blocks.first().pk}


def question(cast):
    return version(cast) | {"question_pk": QuestionnaireVersion.objects.get(**version(cast)).questions.first().pk}


def questionnaire(cast):
    return {"pk": Questionnaire.objects.get(organisation=cast.organisation).pk}


ROWS = [
    PermissionRow("surveys:questionnaires", READERS | {"outsider"}),
    PermissionRow("surveys:install_default", EDITORS | {"outsider"}, "POST"),
    PermissionRow("surveys:new_questionnaire", EDITORS | {"outsider"}),
    PermissionRow("surveys:draft_version", EDITORS, "POST", args=questionnaire),
    PermissionRow("surveys:version", READERS, args=version),
    PermissionRow("surveys:preview", READERS, args=version),
    PermissionRow("surveys:intro", EDITORS, "POST", args=version, data=lambda cast: {"intro": "您好"}),
    PermissionRow(
        "surveys:change_version",
        EDITORS,
        "POST",
        args=version,
        data=lambda cast: {"what": "question", "pk": question(cast)["question_pk"], "do": "down"},
    ),
    PermissionRow("surveys:new_block", EDITORS, args=version),
    PermissionRow("surveys:block", EDITORS, args=block),
    PermissionRow("surveys:new_question", EDITORS, args=block),
    PermissionRow("surveys:question", EDITORS, args=question),
]
