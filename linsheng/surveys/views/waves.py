"""The staff's pages of waves: plan, open, watch the response, remind, close."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.core.errors import Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.core.tabular import requested_format, table_response, today_in_name
from linsheng.surveys import actions, sampling
from linsheng.surveys.actions.waves import frame_of, planned_size
from linsheng.surveys.forms import WaveForm, initial_of_wave
from linsheng.surveys.forms.waves import DAYS
from linsheng.surveys.models import Method, Wave, WaveState
from linsheng.surveys.permissions import waves_visible_to
from linsheng.surveys.queries.waves import response_of
from linsheng.surveys.views.common import company_of, one_wave, staff_page

SEE, RUN = Permission.SEE_FIGURES, Permission.RUN_SURVEYS


@staff_page(SEE, RUN)
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """All waves this person may see, the newest first."""
    user = signed_in(request)
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    rows = (waves_visible_to(user, SEE) | waves_visible_to(user, RUN)).prefetch_related("communities")
    if state in WaveState.values:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(title__icontains=words)
    context = {"waves": rows[:100], "states": WaveState.choices, "state": state, "q": words, "may_run": has(user, RUN)}
    return render_page(request, "surveys/waves/list.html", context)


@staff_page(RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Plan a wave: by default anonymous, all homes, two weeks."""
    company = company_of(request)
    last = waves_visible_to(signed_in(request), RUN).filter(organisation=company).first()
    today = timezone.localdate(now_of(request))
    initial = {"ends_on": today + DAYS} | ({"communities": last.communities.all(), "version": last.version} if last else {})
    form = WaveForm(posted(request), user=signed_in(request), organisation_id=company.pk, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            wave = actions.make_wave(plan=form.plan(), by=signed_in(request), now=now_of(request))
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已建好。核对下面的范围和问卷，确认后再开始。"))
            return redirect("surveys:wave", pk=wave.pk)
    return _form_page(request, form, _("新建调查"))


def _form_page(request: HttpRequest, form: WaveForm, title: str, wave: Wave | None = None) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "surveys/waves/form.html", {"form": form, "title": title, "wave": wave}, status=status)


def one_seen(request: HttpRequest, pk: int) -> Wave:
    """A wave that this person may look at: whoever runs surveys there, or sees its figures."""
    return one_wave(request, pk, SEE if waves_visible_to(signed_in(request), SEE).filter(pk=pk).exists() else RUN)


@staff_page(SEE, RUN)
@require_safe
def wave(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One wave: its plan with the formula before it opens, its response while it runs and after."""
    shown = one_seen(request, pk)
    context = {
        "wave": shown,
        "communities": shown.communities.all(),
        "may_run": waves_visible_to(signed_in(request), RUN).filter(pk=pk).exists(),
        "may_enter": has(signed_in(request), Permission.ENTER_ANSWERS),
        "may_print": any(
            waves_visible_to(signed_in(request), each).filter(pk=pk).exists() for each in (RUN, Permission.ENTER_ANSWERS)
        ),
        "may_publish": all(waves_visible_to(signed_in(request), each).filter(pk=pk).exists() for each in (RUN, SEE)),
        "may_export": waves_visible_to(signed_in(request), Permission.EXPORT).filter(pk=pk).exists(),
        "left": max(0, shown.reminder_limit - shown.reminders_sent),
    }
    context |= _planned(shown) if shown.is_draft else {"response": response_of(shown), "strata": shown.strata.all()}
    return render_page(request, "surveys/waves/wave.html", context)


def _planned(shown: Wave) -> dict[str, object]:
    homes = len(frame_of(list(shown.communities.all()), include_empty=shown.include_empty))
    return {
        "homes": homes,
        "needed": sampling.answers_needed(homes),
        "answers": shown.sample_size or sampling.answers_needed(homes),
        "asked": planned_size(shown, homes),
        "census": shown.method == Method.CENSUS,
    }


@staff_page(RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change the plan, as long as the wave has not begun."""
    edited = one_wave(request, pk, RUN)
    form = WaveForm(
        posted(request), user=signed_in(request), organisation_id=edited.organisation_id, initial=initial_of_wave(edited)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_wave(wave=edited, plan=form.plan(), by=signed_in(request), now=now_of(request))
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("surveys:wave", pk=edited.pk)
    return _form_page(request, form, str(edited), edited)


@staff_page(RUN)
@require_POST
def open_wave(request: HttpRequest, pk: int) -> HttpResponseBase:
    opened = actions.open_wave(wave=one_wave(request, pk, RUN), by=signed_in(request), now=now_of(request))
    messages.success(
        request, _("已开始，共 %(n)s 户有答题凭证。现在可以打印调查信；有账号的住户会收到通知。") % {"n": opened.frame["drawn"]}
    )
    return redirect("surveys:wave", pk=pk)


@staff_page(RUN)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponseBase:
    actions.remind_wave(wave=one_wave(request, pk, RUN), by=signed_in(request), now=now_of(request))
    messages.success(request, _("正在提醒还没有答的住户，已答的不会收到。"))
    return redirect("surveys:wave", pk=pk)


@staff_page(RUN)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    actions.close_wave(wave=one_wave(request, pk, RUN), by=signed_in(request), now=now_of(request))
    messages.success(request, _("已结束。答卷已打乱并揭封，密钥已销毁，可以开始统计。"))
    return redirect("surveys:wave", pk=pk)


@staff_page(SEE, RUN)
@require_safe
def export_response(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The response by building as a table."""
    shown = one_seen(request, pk)
    header = [_("楼栋"), _("房屋数"), _("发放"), _("已答"), _("回收率（%）")]
    groups = response_of(shown).groups
    lines = ([g.label, g.homes, g.asked, g.answered, round(100 * g.rate, 1) if g.rate is not None else ""] for g in groups)
    name = f"{_('回收情况')}-{today_in_name(now_of(request))}"
    return table_response(name, requested_format(request.GET.get("format", "")), header, lines)
