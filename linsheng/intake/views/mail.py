"""Mails for staff: the list, one mail, and what a person decides about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linsheng.accounts.models import User
from linsheng.accounts.people import signed_in
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record_reading
from linsheng.communities.models import Resident
from linsheng.communities.permissions import organisations_with
from linsheng.communities.queries import residents_in, residents_visible_to, search_residents, with_homes
from linsheng.core.errors import DomainError, NotVisible
from linsheng.core.http import now_of, render_page
from linsheng.core.pagination import cursor_page
from linsheng.feedback import actions as feedback
from linsheng.feedback.actor import Actor
from linsheng.intake.actions.mail import discard_mail, release_mail, retry_mail
from linsheng.intake.forms.mail import MailFilterForm
from linsheng.intake.mail.explaining import FAULTS
from linsheng.intake.models import Mail, Outcome
from linsheng.intake.queries.mail import NOT_LISTED, filtered_mails, mails_visible_to, require_mail, visible_mail, waiting_count

PAGE_SIZE = 50
MOST_RESIDENTS = 20
TONES = {
    Outcome.CREATED: "primary", Outcome.APPENDED: "done", Outcome.QUARANTINED: "late", Outcome.PARKED: "late",
    Outcome.WAITING: "waiting",
}  # fmt: skip
STEPS: dict[str, Callable[..., Mail]] = {"release": release_mail, "retry": retry_mail, "discard": discard_mail}


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What came in, newest first."""
    user = signed_in(request)
    require_mail(user)
    form = MailFilterForm(request.GET)
    state, words = form.wanted()
    rows = filtered_mails(mails_visible_to(user), state=state, words=words).defer(*NOT_LISTED)
    shown = cursor_page(
        rows.select_related("case", "community"), order=("-received_at", "-id"), cursor=request.GET.get("cursor"), size=PAGE_SIZE
    )
    context = {
        "form": form,
        "page": shown,
        "rows": [(mail, TONES.get(Outcome(mail.outcome), "plain")) for mail in shown.items],
        "narrowed": bool(state or words),
        "waiting": waiting_count(user),
        "edits": bool(organisations_with(user, Permission.EDIT_SETTINGS)),
    }
    return render_page(request, "intake/mail/list.html", context)


def note_reading(request: HttpRequest, mail: Mail, place: str) -> None:
    record_reading(
        "mails",
        by=signed_in(request),
        now=now_of(request),
        organisation_id=mail.organisation_id,
        community_id=mail.community_id,
        ids=[mail.pk],
        data={"place": place},
    )


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail with what became of it."""
    user = signed_in(request)
    mail = visible_mail(user, pk)
    note_reading(request, mail, "mail")
    context = {
        "mail": mail,
        "tone": TONES.get(Outcome(mail.outcome), "plain"),
        "faults": [FAULTS[fault] for fault in FAULTS if fault in mail.faults],
        "matchable": mail.case is not None and mail.case.resident_id is None and mail.community is not None,
    }
    return render_page(request, "intake/mail/one.html", context)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Let out, try again, throw away."""
    user = signed_in(request)
    mail = visible_mail(user, pk)
    if name not in STEPS:
        raise NotVisible(_("没有这个操作。"))
    done = STEPS[name](mail=mail, by=user, now=now_of(request))
    messages.success(request, f"{done.get_outcome_display()}：{done.get_reason_display()}")
    return redirect("intake:one_mail", pk)


def _residents(user: User, mail: Mail, words: str) -> list[Resident]:
    if mail.community is None or not words.strip():
        return []
    there = residents_in(residents_visible_to(user, Permission.RECEIVE_CASE), mail.community)
    return list(with_homes(search_residents(there, words).order_by("name", "pk"))[:MOST_RESIDENTS])


@login_required
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which resident wrote: found by name, number or home."""
    user = signed_in(request)
    mail = visible_mail(user, pk)
    if mail.case is None or mail.community is None:
        raise NotVisible(_("这封邮件没有立件，不能关联住户。"))
    if request.method == "POST":
        return _matched(request, mail)
    words = request.GET.get("q", mail.from_name)[:60]
    found = _residents(user, mail, words)
    if found:
        ids = [resident.pk for resident in found]
        record_reading(
            "residents", by=user, now=now_of(request), organisation_id=mail.organisation_id, ids=ids, data={"place": "mail"}
        )
    context: dict[str, Any] = {"mail": mail, "words": words, "residents": found, "asked": bool(words.strip())}
    return render_page(request, "intake/mail/match.html", context)


def _matched(request: HttpRequest, mail: Mail) -> HttpResponse:
    user, number = signed_in(request), request.POST.get("resident", "")
    people = residents_visible_to(user, Permission.RECEIVE_CASE)
    resident = people.filter(pk=int(number)).first() if number.isdigit() and len(number) < 19 else None
    if resident is None or mail.case is None:
        raise NotVisible(_("没有这位住户。"))
    try:
        feedback.match_reporter(case=mail.case, resident=resident, by=Actor.staff(user), now=now_of(request))
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("intake:mail_match", mail.pk)
    messages.success(request, _("已关联到%(name)s。") % {"name": resident.name})
    return redirect("feedback:case", mail.case.pk)
