"""Staff answer what residents ask about their own data."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linsheng.accounts.models import DataRequest
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.communities import actions, queries
from linsheng.communities.forms.resident import AnswerForm
from linsheng.communities.models import Resident
from linsheng.communities.views.common import must, one, page_of
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page


@login_required
@require_safe
def data_requests(request: HttpRequest) -> HttpResponse:
    """The queue, and with ``?state=answered`` what was answered."""
    must(request, Permission.ANSWER_DATA_REQUESTS)
    rows, answered = queries.data_requests_visible_to(signed_in(request)), request.GET.get("state") == "answered"
    waiting = rows.filter(state=DataRequest.State.OPEN)
    shown = rows.exclude(state=DataRequest.State.OPEN).order_by("-answered_at", "-pk") if answered else waiting
    context = {"page": page_of(request, shown), "answered": answered, "waiting": waiting.count()}
    return render_page(request, "communities/data_requests.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def data_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, and answering it."""
    must(request, Permission.ANSWER_DATA_REQUESTS)
    user, asked = signed_in(request), one(queries.data_requests_visible_to(signed_in(request)), pk=pk)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = form.cleaned_data["done"] == "yes"
        try:
            actions.answer_data_request(request=asked, done=done, answer=form.cleaned_data["answer"], by=user, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("已答复。"))
            return redirect("communities:data_requests")
    residents = Resident.objects.filter(user=asked.user, organisation=asked.organisation_id)
    shown = list(queries.with_homes(residents))
    if request.method == "GET":
        ids, organisation_id = [resident.pk for resident in shown], asked.organisation_id
        record_reading("data_request", by=user, now=now_of(request), organisation_id=organisation_id, ids=ids)
    context = {"asked": asked, "residents": shown, "form": form, "may_answer": queries.may_answer(user, asked)}
    return render_page(request, "communities/data_request.html", context, status=422 if form.errors else 200)
