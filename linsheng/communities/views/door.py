"""Residents at the door: a number and the code sent to it."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linsheng.accounts import actions as accounts
from linsheng.accounts.entering import HOME, enter
from linsheng.accounts.forms import CodeForm, PhoneForm
from linsheng.communities import actions, queries
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page, safe_next
from linsheng.core.network import client_ip
from linsheng.core.text import masked_phone

# What this still anonymous session is about to prove, and what it proved already.
PENDING: Final = "phone_pending"
PROVED: Final = "phone_proved"
PROVED_FOR: Final = timedelta(minutes=15)


def ask_code(request: HttpRequest, phone: str) -> str:
    """Send a code from this page; returns the number as it is stored. Raises what ``send_code`` raises."""
    return accounts.send_code(phone=phone, ip=client_ip(request), now=now_of(request)).phone


def prove(request: HttpRequest, phone: str, code: str) -> str:
    """Use up the code, and remember for a quarter of an hour that this browser's owner has the number."""
    number = accounts.check_code(phone=phone, code=code, ip=client_ip(request), now=now_of(request))
    request.session[PROVED] = {"phone": number, "until": (now_of(request) + PROVED_FOR).timestamp()}
    return number


def proved_phone(request: HttpRequest) -> str:
    """The number that was proved a moment ago, if any."""
    proved = request.session.get(PROVED) or {}
    return str(proved["phone"]) if proved.get("until", 0) > now_of(request).timestamp() else ""


@never_cache
@require_http_methods(["GET", "POST"])
def phone_sign_in(request: HttpRequest) -> HttpResponse:
    """The number. What follows is the same whether anybody knows it or not."""
    if request.user.is_authenticated:
        return redirect(safe_next(request, HOME))
    form, status = PhoneForm(posted(request)), 200
    if request.method == "POST" and form.is_valid():
        try:
            number = ask_code(request, form.cleaned_data["phone"])
        except DomainError as error:
            show_errors(form, error)
            status = error.status
        else:
            request.session[PENDING] = {"phone": number, "next": safe_next(request, HOME)}
            return redirect("communities:code_sign_in")
    context = {"form": form, "next": safe_next(request, "")}
    return render_page(request, "communities/phone.html", context, status=422 if form.errors and status == 200 else status)


@never_cache
@require_http_methods(["GET", "POST"])
def code_sign_in(request: HttpRequest) -> HttpResponse:
    """The code that was sent; ``resend`` asks for another."""
    pending = request.session.get(PENDING)
    if not pending:
        return redirect("communities:phone_sign_in")
    form, status = CodeForm(None if "resend" in request.POST else posted(request)), 200
    try:
        if "resend" in request.POST:
            ask_code(request, pending["phone"])
            return redirect("communities:code_sign_in")
        if request.method == "POST" and form.is_valid():
            return _code_was_right(request, prove(request, pending["phone"], form.cleaned_data["code"]))
    except DomainError as error:
        form = form if form.is_bound else CodeForm({})
        form.errors.clear()
        show_errors(form, error)
        status = error.status
    context = {"form": form, "phone": masked_phone(pending["phone"]), "minutes": 5}
    return render_page(request, "communities/code.html", context, status=422 if form.errors and status == 200 else status)


def _code_was_right(request: HttpRequest, phone: str) -> HttpResponse:
    user = actions.sign_in_by_phone(phone=phone, now=now_of(request))
    if user is None:
        return render_page(request, "communities/unknown_phone.html", {"desks": queries.front_desks()})
    url = request.session.pop(PENDING)["next"]
    return enter(request, user, how="phone", url=url)
