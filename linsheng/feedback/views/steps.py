"""The actions on one case, each at its own address: a form, the action, and back to the case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.accounts.queries import user_called
from linsheng.communities import permissions
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import is_htmx, now_of, render_page, safe_next
from linsheng.feedback import actions
from linsheng.feedback.actions.step import check_allowed, check_legal
from linsheng.feedback.actor import Actor
from linsheng.feedback.forms import steps as forms
from linsheng.feedback.machine import RULES
from linsheng.feedback.models import Case, Photo
from linsheng.feedback.queries import likely_duplicates, visible_case, visible_to
from linsheng.feedback.queries.places import handlers_for
from linsheng.feedback.queries.steps import step_background
from linsheng.feedback.views.common import go_on, staff_page
from linsheng.standards.queries import items_of

Data = dict[str, Any]
Act = Callable[[Case, Data, Actor, datetime], object]


def _assign(case: Case, data: Data, by: Actor, now: datetime) -> object:
    handler = user_called(data["handler"])
    if handler is None:
        raise Invalid(_("请选择处理人。"), fields={"handler": _("请选择处理人。")})
    return actions.assign_case(case=case, handler=handler, by=by, now=now)


def _claim(case: Case, data: Data, by: Actor, now: datetime) -> object:
    if by.user is None:
        raise Conflict(_("请先登录。"))
    return actions.assign_case(case=case, handler=by.user, by=by, now=now)


def _contact(case: Case, data: Data, by: Actor, now: datetime) -> object:
    reached = data["reached"] == "yes" or data["method"] == "message"
    return actions.contact_reporter(case=case, method=data["method"], text=data["text"], reached=reached, by=by, now=now)


def _wait(case: Case, data: Data, by: Actor, now: datetime) -> object:
    return actions.wait_case(case=case, waiting_for=data["for"], reason=data["reason"], until=data["until"], by=by, now=now)


def _add_photos(
    case: Case, uploads: "list[UploadedFile[Any]]", *, stage: str, internal: bool = False, by: Actor, now: datetime
) -> None:
    for upload in uploads:
        if upload.file is not None:
            actions.add_photo(case=case, upload=upload.file, size=upload.size or 0, stage=stage, internal=internal, by=by, now=now)


@transaction.atomic
def _resolve(case: Case, data: Data, by: Actor, now: datetime) -> object:
    """The result and its photos stand or fall together."""
    done = actions.resolve_case(case=case, text=data["text"], by=by, now=now)
    _add_photos(done, data["photo"], stage=Photo.Stage.AFTER, by=by, now=now)
    return done


def _tell(case: Case, data: Data, by: Actor, now: datetime) -> object:
    return actions.tell_result(
        case=case, method=data["method"], reached=data["reached"] == "yes", note=data["note"], by=by, now=now
    )


def _merge(case: Case, data: Data, by: Actor, now: datetime) -> object:
    into = visible_to(by.user).filter(community=case.community, number=data["into"]).first() if by.user else None
    if into is None:
        raise Invalid(_("没有找到这个编号。"), fields={"into": _("本小区没有这个编号的反映，请核对后再填。")})
    return actions.merge_case(case=case, into=into, by=by, now=now)


def _reclassify(case: Case, data: Data, by: Actor, now: datetime) -> object:
    item = items_of(case.community.organisation_id).filter(code=data["item"]).first()
    changes = {"urgency": data["urgency"], "kind": data["kind"], "reason": data["reason"]}
    return actions.reclassify_case(case=case, item=item, **changes, by=by, now=now)


def _callback(case: Case, data: Data, by: Actor, now: datetime) -> object:
    yes = {"yes": True, "no": False}
    contacted, solved = yes.get(data["contacted"]), yes.get(data["solved"])
    words = {name: str(data[name]) for name in ("outcome", "satisfied", "method", "note")}
    return actions.record_callback(case=case, contacted=contacted, solved=solved, **words, by=by, now=now)


@transaction.atomic
def _photo(case: Case, data: Data, by: Actor, now: datetime) -> object:
    _add_photos(case, data["photo"], stage=data["stage"], internal=data["internal"], by=by, now=now)
    return case


def _with_reason(action: Callable[..., object]) -> Act:
    return lambda case, data, by, now: action(case=case, reason=data["reason"], by=by, now=now)


def _with_text(action: Callable[..., object]) -> Act:
    return lambda case, data, by, now: action(case=case, text=data["text"], by=by, now=now)


def _plain(action: Callable[..., object]) -> Act:
    return lambda case, data, by, now: action(case=case, by=by, now=now)


@dataclass(frozen=True)
class StepPage:
    """One action: its heading, its form, what it does and what is said when it is done."""

    title: LazyText
    form: type[forms.StepForm]
    act: Act
    done: LazyText
    button: LazyText
    rule: str = ""  # the rule that says who may and when, where its name is another one


F = forms
PAGES: dict[str, StepPage] = {
    "assign": StepPage(_("指派"), F.AssignForm, _assign, _("已指派。"), button=_("指派")),
    "claim": StepPage(_("领取"), F.StepForm, _claim, _("已领取，由您负责。"), rule="assign", button=_("领取")),
    "contact": StepPage(_("联系反映人"), F.ContactForm, _contact, _("已登记联系。"), button=_("登记")),
    "start": StepPage(_("开始处理"), F.StepForm, _plain(actions.start_case), _("已开始处理。"), button=_("开始处理")),
    "wait": StepPage(_("转为等待"), F.WaitForm, _wait, _("已转为等待，处理时限暂停。"), button=_("转为等待")),
    "resume": StepPage(_("恢复处理"), F.StepForm, _plain(actions.resume_case), _("已恢复处理。"), button=_("恢复处理")),
    "resolve": StepPage(_("填写处理结果"), F.ResolveForm, _resolve, _("结果已填写，系统正在告知反映人。"), button=_("提交结果")),
    "tell": StepPage(_("告知结果"), F.TellForm, _tell, _("已登记。"), button=_("登记")),
    "close": StepPage(_("办结"), F.StepForm, _plain(actions.close_case), _("已办结。"), button=_("办结")),
    "reopen": StepPage(_("重新打开"), F.ReopenForm, _with_reason(actions.reopen_case), _("已重新打开。"), button=_("重新打开")),
    "refer": StepPage(
        _("转出"), F.ReferForm, _with_reason(actions.refer_case), _("已转出，系统正在告知反映人。"), button=_("转出")
    ),
    "decline": StepPage(
        _("不予受理"), F.DeclineForm, _with_reason(actions.decline_case), _("已登记，系统正在告知反映人。"), button=_("不予受理")
    ),
    "merge": StepPage(_("合并到另一件"), F.MergeForm, _merge, _("已合并。"), button=_("合并")),
    "unmerge": StepPage(_("取消合并"), F.StepForm, _plain(actions.unmerge_case), _("已取消合并。"), button=_("取消合并")),
    "reclassify": StepPage(_("修改分类"), F.ReclassifyForm, _reclassify, _("已修改，时限已重新计算。"), button=_("保存")),
    "callback": StepPage(_("回访"), F.CallbackForm, _callback, _("已登记回访。"), button=_("登记回访")),
    "note": StepPage(_("内部备注"), F.NoteForm, _with_text(actions.add_note), _("已添加备注。"), button=_("添加备注")),
    "add": StepPage(_("代为补充"), F.AddForm, _with_text(actions.add_words), _("已补充。"), button=_("补充")),
    "photo": StepPage(_("加照片"), F.PhotoForm, _photo, _("照片已添加。"), rule="note", button=_("上传")),
    "acknowledge": StepPage(
        _("确认已知悉"), F.StepForm, _plain(actions.acknowledge_escalation), _("已确认知悉。"), button=_("确认已知悉")
    ),
}


def _about(case: Case, needs: frozenset[str], request: HttpRequest) -> forms.About:
    """What the form needs to know, and nothing else."""
    return forms.About(
        case=case,
        handlers=handlers_for(case) if "handlers" in needs else [],
        items=list(items_of(case.community.organisation_id)) if "items" in needs else [],
        duplicates=[found for found, _score in likely_duplicates(case, signed_in(request))] if "duplicates" in needs else [],
    )


def _check(case: Case, name: str, by: Actor, *, legal: bool) -> None:
    """Refuse a form that could only be refused later. The action checks again; once words were typed, only it does."""
    if name == "claim" and by.user is not None and permissions.has(by.user, Permission.HANDLE_CASE, case.community):
        _check_free(case, by)
        return
    rule = RULES[PAGES[name].rule or name]
    check_allowed(case, rule, by)
    if legal:
        check_legal(case, rule, by)


def _check_free(case: Case, by: Actor) -> None:
    """Of two who take a case at once, the second is told who was first."""
    if case.handler is not None:
        raise Conflict(_("这件事已由%(name)s负责，请看看别的。") % {"name": case.handler})
    check_legal(case, RULES["assign"], by)


def _form(request: HttpRequest, page: StepPage, about: forms.About) -> forms.StepForm:
    if request.method == "POST":
        return page.form(request.POST, request.FILES, about=about)
    form = page.form(about=about)
    # A link may bring a value along: "merge with this one".
    form.initial = {**form.initial, **{name: request.GET[name] for name in form.fields if name in request.GET}}
    return form


@staff_page(Permission.SEE_WORKBOARD)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One action's form, and the action itself; what was typed stays when it is refused."""
    page = PAGES.get(action)
    if page is None:
        raise Http404
    user, now = signed_in(request), now_of(request)
    case, by = visible_case(user, pk), Actor.staff(user)
    _check(case, action, by, legal=request.method != "POST")
    form, status = _form(request, page, _about(case, page.form.needs, request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                page.act(case, form.cleaned_data, by, now)
            except (Invalid, Conflict) as error:
                show_errors(form, error)
                status = 422 if is_htmx(request) else error.status
            else:
                messages.success(request, str(page.done))
                return go_on(request, safe_next(request, reverse("feedback:case", args=[case.pk])))
    return _shown(request, case, action, form, status)


def _shown(request: HttpRequest, case: Case, action: str, form: forms.StepForm, status: int) -> HttpResponse:
    sees = permissions.has(request.user, Permission.SEE_PERSONAL_DATA, case.community)
    context = {
        "case": case,
        "action": action,
        "page": PAGES[action],
        "form": form,
        "next": safe_next(request, ""),
        "extra": f"feedback/staff/steps/{action}.html" if action in WITH_EXTRA else "",
        "sees_people": sees,
        **step_background(case, action, signed_in(request)),
    }
    return render_page(request, "feedback/staff/step.html", context, partial="form", target="step-content", status=status)


# Actions whose form has more than its fields.
WITH_EXTRA = frozenset({"resolve", "tell", "merge", "callback", "contact", "reclassify", "photo", "wait"})
