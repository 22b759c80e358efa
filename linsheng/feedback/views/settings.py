"""The company's own rules for its cases: days and weights, and the escalation ladder."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Organisation
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Forbidden, Invalid
from linsheng.core.http import now_of, render_page
from linsheng.feedback import actions
from linsheng.feedback.forms.settings import LadderFormSet, RulesForm, initial_of
from linsheng.feedback.models import EscalationStep
from linsheng.feedback.settings import settings_of

MOST_RUNGS = 6


def _company(request: HttpRequest) -> Organisation:
    """The company whose rules the person may change: they hold for all of its communities."""
    allowed = sorted(organisations_with(signed_in(request), Permission.EDIT_SETTINGS))
    if not allowed:
        raise Forbidden(_("这些规则对全公司有效，只有公司管理员可以修改。"))
    return Organisation.objects.get(pk=allowed[0])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Days, attempts and weights."""
    organisation = _company(request)
    form = RulesForm(request.POST or None, instance=settings_of(organisation.pk))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_settings(organisation=organisation, values=form.cleaned_data, by=signed_in(request), now=now_of(request))
        except Invalid as error:
            for name, sentence in error.fields.items():
                form.add_error(name, str(sentence))
        else:
            messages.success(request, _("规则已保存，从现在起有效。"))
            return redirect("feedback:settings")
    return render_page(
        request, "feedback/settings/rules.html", {"form": form}, status=422 if form.is_bound and form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def escalation(request: HttpRequest) -> HttpResponse:
    """The ladder: who is told when."""
    organisation = _company(request)
    steps = list(EscalationStep.objects.filter(organisation=organisation))
    forms = LadderFormSet(request.POST or None, initial=initial_of(steps, MOST_RUNGS), prefix="rung")
    valid = request.method == "POST" and forms.is_valid()
    if valid:
        rungs = [rung for form in forms if (rung := form.rung()) is not None]
        actions.change_ladder(organisation=organisation, rungs=rungs, by=signed_in(request), now=now_of(request))
        messages.success(request, _("升级规则已保存。处理中的反映从下一步起按新规则。"))
        return redirect("feedback:escalation")
    return render_page(
        request, "feedback/settings/escalation.html", {"forms": forms}, status=422 if request.method == "POST" else 200
    )
