"""The editor of questionnaires: versions, blocks, questions, order, and how it looks on a phone."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.core.errors import Invalid, NotVisible
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.surveys import actions
from linsheng.surveys.forms import (
    BlockForm,
    IntroForm,
    QuestionForm,
    QuestionnaireForm,
    initial_of_block,
    initial_of_question,
)
from linsheng.surveys.models import Block, Question, QuestionnaireVersion
from linsheng.surveys.permissions import may_edit_questionnaires
from linsheng.surveys.queries import questionnaires as queries
from linsheng.surveys.views.common import company_of, editing_company, one_questionnaire, one_version, staff_page

SEE = (Permission.EDIT_QUESTIONNAIRES, Permission.RUN_SURVEYS, Permission.SEE_FIGURES)


@staff_page(*SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """All questionnaires of the company with their versions."""
    company = company_of(request)
    context = {
        "questionnaires": queries.questionnaires_of(company),
        "editable": may_edit_questionnaires(signed_in(request), company.pk),
    }
    return render_page(request, "surveys/questionnaires.html", context)


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_POST
def install_default(request: HttpRequest) -> HttpResponseBase:
    """The default questionnaire, for a company that has none."""
    actions.install_defaults(organisation=editing_company(request), by=signed_in(request), now=now_of(request))
    messages.success(request, _("已建立默认问卷，可以直接使用，也可以先修改。"))
    return redirect("surveys:questionnaires")


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """An empty questionnaire."""
    company, form = editing_company(request), QuestionnaireForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.make_questionnaire(
                organisation=company, **form.cleaned_data, by=signed_in(request), now=now_of(request)
            )
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已新建。现在请加入第一块题目。"))
            return redirect("surveys:version", pk=version.pk)
    return _form_page(request, form, _("新建问卷"), None)


def _form_page(request: HttpRequest, form: object, title: str, version: QuestionnaireVersion | None) -> HttpResponse:
    wrong = bool(getattr(form, "is_bound", False) and getattr(form, "errors", None))
    context = {"form": form, "title": title, "version": version}
    return render_page(request, "surveys/questionnaire_form.html", context, status=422 if wrong else 200)


@staff_page(*SEE)
@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One version with everything in it; a draft can be edited here."""
    shown = one_version(request, pk)
    blocks = queries.asked(shown)
    editable = shown.frozen_at is None and may_edit_questionnaires(signed_in(request), shown.questionnaire.organisation_id)
    context = {
        "version": shown,
        "blocks": queries.blocks_of(shown),
        "count": sum(len(block.questions) for block in blocks),
        "gated": sum(len(block.questions) for block in blocks if block.block.gate_id),
        "minutes": queries.minutes_words(shown),
        "editable": editable,
        "may_draft": may_edit_questionnaires(signed_in(request), shown.questionnaire.organisation_id),
        "intro_form": IntroForm(initial={"intro": shown.intro, "intro_en": shown.intro_en}) if editable else None,
    }
    return render_page(request, "surveys/version.html", context)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its types know views without arguments only
@staff_page(*SEE)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The very page that residents get, without a ballot: nothing can be sent from it."""
    shown = one_version(request, pk)
    blocks = queries.asked(shown, "preview")
    context = {
        "version": shown,
        "blocks": blocks,
        "count": sum(1 for each in queries.flat(blocks) if not each.gate_key),
        "preview": True,
        "minutes": queries.minutes_words(shown),
        "draft_key": f"preview-{shown.pk}",
    }
    return render_page(request, "surveys/answer/form.html", context)


def _editable(request: HttpRequest, pk: int) -> QuestionnaireVersion:
    """A version that this person may change (the action refuses frozen ones)."""
    editing_company(request)
    return one_version(request, pk)


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The next version, copied from the newest."""
    editing_company(request)
    made = actions.draft_next(questionnaire=one_questionnaire(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("这是第 %(n)s 版的草稿，可以修改；用过的版本不变。") % {"n": made.number})
    return redirect("surveys:version", pk=made.pk)


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_POST
def intro(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The words at the beginning."""
    edited, form = _editable(request, pk), IntroForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, _("开头的话"), edited)
    actions.change_intro(version=edited, **form.cleaned_data, by=signed_in(request), now=now_of(request))
    messages.success(request, _("已保存。"))
    return redirect("surveys:version", pk=edited.pk)


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, pk: int, block_pk: int = 0) -> HttpResponseBase:
    """A new block, or another wording or gate of one."""
    edited = _editable(request, pk)
    known = _block(edited, block_pk) if block_pk else None
    form = BlockForm(posted(request), version=edited, block=known, initial=initial_of_block(known) if known else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_block(version=edited, block=known, **form.cleaned_data, by=signed_in(request), now=now_of(request))
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("surveys:version", pk=edited.pk)
    return _form_page(request, form, _("修改这一块") if known else _("新增一块"), edited)


def _block(edited: QuestionnaireVersion, pk: int) -> Block:
    found = edited.blocks.select_related("gate", "version__questionnaire").filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("没有这一块。"))
    return found


def _question(edited: QuestionnaireVersion, pk: int) -> Question:
    found = edited.questions.select_related("item", "block__version__questionnaire", "version__questionnaire").filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("没有这道题。"))
    return found


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest, pk: int, block_pk: int) -> HttpResponseBase:
    edited = _editable(request, pk)
    return _edit_question(request, edited, _block(edited, block_pk), None)


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, question_pk: int) -> HttpResponseBase:
    edited = _editable(request, pk)
    known = _question(edited, question_pk)
    return _edit_question(request, edited, known.block, known)


def _edit_question(request: HttpRequest, edited: QuestionnaireVersion, place: Block, known: Question | None) -> HttpResponseBase:
    form = QuestionForm(
        posted(request),
        organisation_id=edited.questionnaire.organisation_id,
        question=known,
        initial=initial_of_question(known) if known else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_question(
                block=place, question=known, wording=form.wording(), by=signed_in(request), now=now_of(request)
            )
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已保存“%(text)s”。") % {"text": saved})
            return redirect("surveys:version", pk=edited.pk)
    return _form_page(request, form, _("修改题目") if known else _("新增题目"), edited)


@staff_page(Permission.EDIT_QUESTIONNAIRES)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Move or remove a block or a question: ``do`` is ``up``, ``down`` or ``remove``."""
    edited, by, now = _editable(request, pk), signed_in(request), now_of(request)
    do, number = request.POST.get("do", ""), request.POST.get("pk", "")
    if not number.isdecimal() or len(number) > 18:
        raise NotVisible(_("没有这道题。"))
    row = _block(edited, int(number)) if request.POST.get("what") == "block" else _question(edited, int(number))
    if do in {"up", "down"}:
        actions.move(row=row, up=do == "up", by=by, now=now)
    elif do == "remove" and isinstance(row, Block):
        actions.remove_block(block=row, by=by, now=now)
    elif do == "remove" and isinstance(row, Question):
        actions.remove_question(question=row, by=by, now=now)
    return redirect("surveys:version", pk=edited.pk)
