"""Choosing what residents see of a closed wave: a form, exactly what they will see, and publishing."""

from typing import Any

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
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.surveys import actions
from linsheng.surveys.forms.publishing import (
    PublicationForm,
    ReplyFormSet,
    initial_of_publication,
    initial_of_replies,
    replies_of,
)
from linsheng.surveys.models import Publication, Wave
from linsheng.surveys.published import presented
from linsheng.surveys.queries.published import content_now, publication_of, ready_result
from linsheng.surveys.views.common import one_wave, staff_page

RUN, SEE = Permission.RUN_SURVEYS, Permission.SEE_FIGURES


def _wave(request: HttpRequest, pk: int) -> Wave:
    """Both permissions: comments and figures are read here."""
    one_wave(request, pk, SEE)
    return one_wave(request, pk, RUN)


@staff_page(RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Choose, save, look."""
    wave = _wave(request, pk)
    try:
        result, found = ready_result(wave), publication_of(wave)
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect("surveys:wave", pk=pk)
    form = PublicationForm(posted(request), result=result, initial=initial_of_publication(found))
    rows = ReplyFormSet(posted(request), initial=initial_of_replies(found), prefix="reply")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            actions.save_publication(wave=wave, choice=form.choice(replies_of(rows)), by=signed_in(request), now=now_of(request))
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已保存。请看右边：住户会看到的就是这样。"))
            return redirect("surveys:publish", pk=pk)
    return _page(request, wave, found, form, rows)


def _page(request: HttpRequest, wave: Wave, found: Publication, form: PublicationForm, rows: Any) -> HttpResponse:
    wrong = form.is_bound and (bool(form.errors) or not rows.is_valid())
    communities = list(wave.communities.order_by("code"))
    context = {"wave": wave, "publication": found, "form": form, "rows": rows, "communities": communities}
    return render_page(request, "surveys/published/edit.html", context, status=422 if wrong else 200)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its types know views without arguments only
@staff_page(RUN)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The residents' own page with what is chosen now, for one of the communities."""
    wave = _wave(request, pk)
    found = publication_of(wave)
    communities = {community.code: community for community in wave.communities.order_by("code")}
    community = communities.get(request.GET.get("community", "")) or next(iter(communities.values()))
    replies = list(found.replies.all()) if found.pk else []
    shown = presented(wave, content_now(wave, found), replies, community.code, now_of(request))
    context = {"shown": shown, "community": community, "base": "base_public.html", "preview": True}
    return render_page(request, "surveys/published/page.html", context)


@staff_page(RUN)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    wave = _wave(request, pk)
    try:
        actions.publish_wave(wave=wave, by=signed_in(request), now=now_of(request))
    except Conflict as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("已公布。住户在首页“公示”里就能看到。"))
    return redirect("surveys:publish", pk=pk)


@staff_page(RUN)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    actions.withdraw_publication(wave=_wave(request, pk), by=signed_in(request), now=now_of(request))
    messages.success(request, _("已撤下，住户不再看到。选好的内容还在。"))
    return redirect("surveys:publish", pk=pk)
