"""My data: see, take along, set right, ask for deletion, withdraw consent."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts import actions as accounts
from linsheng.accounts.forms import CodeForm, PhoneForm, ProfileForm
from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.privacy import exports
from linsheng.accounts.queries import consent_given_at
from linsheng.audit.actions import record_reading
from linsheng.communities import actions, queries
from linsheng.communities.forms.resident import DataRequestForm
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.core.network import client_ip

NEW_PHONE = "new_phone"


def _page(request: HttpRequest, user: User, form: DataRequestForm, status: int = 200) -> HttpResponse:
    parts = [(part, _records(part, user)) for part in exports.parts()]
    context = {
        "parts": [(part, records) for part, records in parts if records],
        "form": form,
        "requests": queries.data_requests_of(user),
        "consent": consent_given_at(user),
    }
    return render_page(request, "communities/my_data.html", context, status=status)


def _records(part: exports.Part, user: User) -> list[list[tuple[str, object]]]:
    """Each record as words and values, in the order of the part's fields."""
    return [[(str(word), record.get(key, "")) for key, word in part.fields.items()] for record in part.records(user)]


@never_cache
@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything that is known about me."""
    return _page(request, signed_in(request), DataRequestForm())


@never_cache
@login_required
@require_safe
def export_my_data(request: HttpRequest) -> HttpResponse:
    """The same as a JSON file."""
    user = signed_in(request)
    record_reading("own", by=user, now=now_of(request), organisation_id=None, ids=[user.pk], exported=True)
    content = {"exported_at": now_of(request), **exports.everything_about(user)}
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="linsheng-my-data.json"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def my_profile(request: HttpRequest) -> HttpResponse:
    """Set right name and mail address."""
    user = signed_in(request)
    form = ProfileForm(posted(request), initial={"name": user.name, "email": user.email})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_own_profile(user=user, **form.cleaned_data, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("资料已更新。"))
            return redirect("communities:my_data")
    return render_page(request, "communities/my_profile.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def my_phone(request: HttpRequest) -> HttpResponse:
    """A new number: first the number, then the code that was sent to it."""
    phone = request.session.get(NEW_PHONE)
    if request.method == "POST" and "code" in request.POST and phone:
        return _confirm_phone(request, phone)
    form = PhoneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sent = accounts.send_code(phone=form.cleaned_data["phone"], ip=client_ip(request), now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            request.session[NEW_PHONE] = sent.phone
            return render_page(request, "communities/my_phone.html", {"form": CodeForm(), "phone": sent.phone})
    return render_page(request, "communities/my_phone.html", {"form": form}, status=422 if form.errors else 200)


def _confirm_phone(request: HttpRequest, phone: str) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            number = accounts.check_code(phone=phone, code=form.cleaned_data["code"], ip=client_ip(request), now=now_of(request))
            actions.change_own_phone(user=signed_in(request), phone=number, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            del request.session[NEW_PHONE]
            messages.success(request, _("手机号已更换，下次请用新号码登录。"))
            return redirect("communities:my_data")
    return render_page(request, "communities/my_phone.html", {"form": form, "phone": phone}, status=422)


@login_required
@require_POST
def request_data_change(request: HttpRequest) -> HttpResponse:
    """Ask for correction or deletion."""
    user, form = signed_in(request), DataRequestForm(request.POST)
    if form.is_valid():
        try:
            made = actions.request_data_change(user=user, **form.cleaned_data, now=now_of(request))
        except DomainError as error:
            show_errors(form, error)
        else:
            if not made:
                logout(request)
                return redirect("accounts:privacy")
            messages.success(request, _("申请已提交，物业公司会在 15 个工作日内答复。"))
            return redirect("communities:my_data")
    return _page(request, user, form, status=422)


@login_required
@require_POST
def withdraw_consent(request: HttpRequest) -> HttpResponse:
    """Take back the consent: every session ends, this one too."""
    user, now = signed_in(request), now_of(request)
    accounts.withdraw_consent(user=user, now=now)
    accounts.end_sessions(user=user, by=user, now=now)
    logout(request)
    return redirect("accounts:privacy")
