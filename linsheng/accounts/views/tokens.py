"""One's own API tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linsheng.accounts import actions, queries
from linsheng.accounts.forms import TokenForm
from linsheng.accounts.people import signed_in
from linsheng.core.errors import DomainError
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and a new one: its secret stands on the answer and nowhere else."""
    user, form, secret = signed_in(request), TokenForm(posted(request)), ""
    if request.method == "POST" and form.is_valid():
        try:
            secret = actions.create_token(user=user, name=form.cleaned_data["name"], by=user, now=now_of(request)).secret
            form = TokenForm()
        except DomainError as error:
            show_errors(form, error)
    context = {"form": form, "secret": secret, "tokens": queries.tokens_of(user)}
    return render_page(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one token."""
    actions.revoke_token(token_id=token_id, by=signed_in(request), now=now_of(request))
    messages.success(request, _("令牌已撤销，使用它的程序将立即失去访问。"))
    return redirect("accounts:tokens")
