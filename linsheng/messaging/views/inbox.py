"""The inbox."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts.people import signed_in
from linsheng.core.errors import NotVisible
from linsheng.core.http import now_of, render_page, safe_next
from linsheng.core.pagination import cursor_page
from linsheng.messaging import actions, queries
from linsheng.messaging.forms import InboxFilter
from linsheng.messaging.models import Notice

PAGE_SIZE = 25


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One's notices, newest first: the unread ones, or all."""
    user = signed_in(request)
    unread = queries.unread_count(user)
    form = InboxFilter(request.GET, kinds=queries.kinds_received(user))
    show = form.chosen("show") or ("unread" if unread else "all")
    kind, words = form.chosen("kind"), form.chosen("q")
    rows = queries.inbox(user, unread=show == "unread", kind=kind, words=words)
    context = {
        "page": cursor_page(rows, order=queries.NEWEST_FIRST, cursor=request.GET.get("cursor"), size=PAGE_SIZE),
        "form": form,
        "show": show,
        "unread": unread,
        "filtered": bool(kind or words),
    }
    return render_page(request, "messaging/inbox.html", context)


def _own(request: HttpRequest, notice_id: int) -> Notice:
    notice = Notice.objects.filter(pk=notice_id, user=signed_in(request)).first()
    if notice is None:
        raise NotVisible(_("没有这条通知。"))
    return notice


@login_required
@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark it read and go where it points."""
    notice = actions.mark_read(notice=_own(request, notice_id), by=signed_in(request), now=now_of(request))
    ours = notice.url.startswith("/") and not notice.url.startswith("//")
    return redirect(notice.url if ours else reverse("messaging:inbox"))


@login_required
@require_POST
def mark_read(request: HttpRequest, notice_id: int) -> HttpResponse:
    actions.mark_read(notice=_own(request, notice_id), by=signed_in(request), now=now_of(request))
    return redirect(safe_next(request, reverse("messaging:inbox")))


@login_required
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    count = actions.mark_all_read(by=signed_in(request), now=now_of(request))
    messages.success(request, ngettext("%(count)d 条通知已标为已读。", "%(count)d 条通知已标为已读。", count) % {"count": count})
    return redirect(safe_next(request, reverse("messaging:inbox")))
