"""Mailboxes: the list, adding and changing one, and trying whether it answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.communities.models import Community
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Forbidden, Invalid
from linsheng.core.forms import show_errors
from linsheng.core.http import now_of, posted, render_page
from linsheng.intake.actions.mail.fetching import fetch_mailbox
from linsheng.intake.actions.mail.mailboxes import save_mailbox, try_mailbox
from linsheng.intake.forms.mail import MailboxForm
from linsheng.intake.imap import MailboxFault
from linsheng.intake.models import Mailbox
from linsheng.intake.queries.mail import mailboxes_visible_to, visible_mailbox
from linsheng.intake.smtp import try_smtp


def _communities(user: User) -> list[Community]:
    companies = organisations_with(user, Permission.EDIT_SETTINGS)
    if not companies:
        raise Forbidden(_("邮箱设置由公司管理员修改。"))
    return list(Community.objects.filter(organisation__in=companies, retired_at=None).select_related("organisation"))


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    _communities(user)
    rows = mailboxes_visible_to(user).prefetch_related("others")
    return render_page(request, "intake/mail/mailboxes.html", {"mailboxes": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new mailbox, or one that is there."""
    user = signed_in(request)
    communities = _communities(user)
    mailbox = visible_mailbox(user, pk) if pk else Mailbox()
    form = MailboxForm(posted(request), instance=mailbox, communities=communities)
    if request.method == "POST" and form.is_valid():
        community, others = form.chosen
        # The form's own instance has the typed values already: what changed is seen beside a fresh one.
        fresh = Mailbox.objects.get(pk=pk) if pk else Mailbox()
        values = form.cleaned_data
        secrets = {name: values[name] for name in ("secret", "smtp_secret")}
        try:
            saved = save_mailbox(
                mailbox=fresh, values=values, community=community, others=others, **secrets, by=user, now=now_of(request)
            )
        except Invalid as error:
            show_errors(form, error)
        else:
            messages.success(request, _("邮箱已保存。请点“测试连接”看是否通。") if saved.host else _("邮箱已保存。"))
            return redirect("intake:mailbox", saved.pk)
    context = {"form": form, "mailbox": mailbox if pk else None}
    return render_page(request, "intake/mail/mailbox.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def try_connection(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in with what is stored, and say what happened in words."""
    mailbox = visible_mailbox(signed_in(request), pk)
    try:
        found = try_mailbox(mailbox)
    except MailboxFault as error:
        messages.error(request, str(error))
    else:
        values = {"n": found.messages, "unseen": found.unseen}
        messages.success(request, _("连接成功：文件夹里有 %(n)s 封邮件，其中 %(unseen)s 封未读。") % values)
    return redirect("intake:mailbox", pk)


@login_required
@require_POST
def try_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a mail to the mailbox itself by its own server, and say what happened in words."""
    mailbox = visible_mailbox(signed_in(request), pk)
    try:
        try_smtp(mailbox)
    except MailboxFault as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("发信成功：服务器收下了一封寄给 %(address)s 的测试邮件。") % {"address": mailbox.address})
    return redirect("intake:mailbox", pk)


@login_required
@require_POST
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for new mail now, instead of within the minute."""
    mailbox = visible_mailbox(signed_in(request), pk)
    now = now_of(request)
    found = fetch_mailbox(mailbox=mailbox, clock=lambda: now)
    if found.error:
        messages.error(request, found.error)
    else:
        messages.success(request, _("取回 %(n)s 封新邮件。") % {"n": found.stored})
    return redirect("intake:mailbox", pk)
