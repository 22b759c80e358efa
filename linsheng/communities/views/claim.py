"""Claiming a home: the code on the letter, who one is, and a code by text message."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linsheng.accounts.entering import HOME, enter
from linsheng.accounts.forms import CodeForm
from linsheng.accounts.models import User
from linsheng.accounts.phones import mobile_number
from linsheng.communities import actions
from linsheng.communities.actions import Claimant
from linsheng.communities.forms.resident import ClaimantForm, ClaimForm
from linsheng.communities.models import ClaimCode
from linsheng.communities.views.door import ask_code, prove, proved_phone
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.core.network import client_ip
from linsheng.core.text import masked_phone

CLAIM: Final = "claim"


def _find(request: HttpRequest, code: str) -> ClaimCode:
    return actions.find_claim(code=code, ip=client_ip(request), now=now_of(request))


def _pending(request: HttpRequest) -> dict[str, Any]:
    kept: dict[str, Any] = request.session.get(CLAIM) or {}
    return kept


@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """The code, typed or brought along by the letter's QR code."""
    form, status = ClaimForm(posted(request), initial={"code": request.GET.get("code", "")[:20]}), 200
    if request.method == "POST" and form.is_valid():
        try:
            _find(request, form.cleaned_data["code"])
        except DomainError as error:
            show_errors(form, error)
            status = error.status
        else:
            request.session[CLAIM] = {"code": form.cleaned_data["code"]}
            return redirect("communities:claim_home")
    return render_page(request, "communities/claim.html", {"form": form}, status=422 if form.errors and status == 200 else status)


def _own_phone(request: HttpRequest) -> str:
    """The number of the person signed in, or proved a moment ago."""
    user = request.user
    return (user.phone or "") if isinstance(user, User) and user.phone else proved_phone(request)


@never_cache
@require_http_methods(["GET", "POST"])
def claim_home(request: HttpRequest) -> HttpResponse:
    """Which home it is, and who claims it."""
    if not _pending(request).get("code"):
        return redirect("communities:claim")
    found, own = _find(request, _pending(request)["code"]), _own_phone(request)
    form, status = _claimant_form(request, own), 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            phone = own or mobile_number(data["phone"])
            who = Claimant(name=data["name"], phone=phone, kind=data["kind"])
            if own:
                return _finish(request, found, who)
            ask_code(request, phone)
        except DomainError as error:
            show_errors(form, error)
            status = error.status
        else:
            request.session[CLAIM] = {**_pending(request), "name": who.name, "phone": who.phone, "kind": who.kind}
            return redirect("communities:claim_code")
    context = {"form": form, "home": found.home, "own_phone": masked_phone(own) if own else ""}
    return render_page(request, "communities/claim_home.html", context, status=422 if form.errors and status == 200 else status)


def _claimant_form(request: HttpRequest, own_phone: str) -> ClaimantForm:
    name = request.user.name if isinstance(request.user, User) else ""
    form = ClaimantForm(posted(request), initial={"name": name})
    if own_phone:
        del form.fields["phone"]
    return form


@never_cache
@require_http_methods(["GET", "POST"])
def claim_code(request: HttpRequest) -> HttpResponse:
    """The code by text message; with it the home is claimed."""
    pending = _pending(request)
    if not pending.get("phone"):
        return redirect("communities:claim")
    form, status = CodeForm(posted(request)), 200
    if request.method == "POST" and form.is_valid():
        try:
            found = _find(request, pending["code"])
            phone = prove(request, pending["phone"], form.cleaned_data["code"])
            return _finish(request, found, Claimant(name=pending["name"], phone=phone, kind=pending["kind"]))
        except DomainError as error:
            show_errors(form, error)
            status = error.status
    context = {"form": form, "phone": masked_phone(pending["phone"]), "minutes": 5, "claiming": True}
    return render_page(request, "communities/code.html", context, status=422 if form.errors and status == 200 else status)


def _finish(request: HttpRequest, found: ClaimCode, who: Claimant) -> HttpResponse:
    user = actions.claim_home(claim=found, who=who, now=now_of(request))
    request.session.pop(CLAIM, None)
    messages.success(request, _("%(home)s已关联到您的账号。") % {"home": found.home.number})
    if request.user.is_authenticated and request.user.pk == user.pk:
        return redirect(HOME)
    return enter(request, user, how="claim", url=HOME)
