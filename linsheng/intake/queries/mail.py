"""Mails and mailboxes, as far as somebody may see them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has, organisations_with, scope
from linsheng.core.errors import Forbidden, NotVisible
from linsheng.feedback.queries.scope import visible_to as cases_visible_to
from linsheng.intake.models import Mail, Mailbox, Outcome

FOR_PEOPLE = (Outcome.QUARANTINED, Outcome.PARKED)
# What a list shows of a mail: not its words, which may be long.
NOT_LISTED = ("text", "quoted")


def sees_mail(user: User) -> bool:
    """Who may log cases reads what comes in; company administrators see what belongs to no community."""
    return has(user, Permission.RECEIVE_CASE) or bool(organisations_with(user, Permission.EDIT_SETTINGS))


def require_mail(user: User) -> None:
    if not sees_mail(user):
        raise Forbidden(_("您的岗位没有这项权限。如需办理，请联系项目经理或管理员。"))


def mails_visible_to(user: User) -> QuerySet[Mail]:
    """Mails of the communities where the person receives cases; not those of confidential cases: a mail names its writer."""
    homeless = Q(community=None, organisation__in=organisations_with(user, Permission.EDIT_SETTINGS))
    seen = scope(user, Permission.RECEIVE_CASE).q("community") | homeless
    return Mail.objects.filter(seen).exclude(case__confidential=True)


def visible_mail(user: User, pk: int) -> Mail:
    mail = mails_visible_to(user).select_related("case__community", "community", "mailbox", "organisation").filter(pk=pk).first()
    if mail is None:
        raise NotVisible(_("没有找到这封邮件，可能已被删除，或不在您的范围内。"))
    return mail


def mail_of_a_case(user: User, pk: int) -> Mail:
    """A mail whose files the person may take out: by the mail itself, or by a case of theirs whose people they may see."""
    seen = mails_visible_to(user).filter(pk=pk)
    cases = cases_visible_to(user).filter(confidential=False)
    by_case = Mail.objects.filter(scope(user, Permission.SEE_PERSONAL_DATA).q("community"), pk=pk, case__in=cases.values("pk"))
    mail = seen.first() or by_case.first()
    if mail is None:
        raise NotVisible(_("没有找到这封邮件，可能已被删除，或不在您的范围内。"))
    return mail


def filtered_mails(rows: QuerySet[Mail], *, state: str = "", words: str = "") -> QuerySet[Mail]:
    """In one state (``after_end``: answers to what had ended), with every word in sender, subject, text or case number."""
    if state == "after_end":
        rows = rows.filter(after_end=True)
    elif state:
        rows = rows.filter(outcome=state)
    for word in words.split():
        said = Q(subject__icontains=word) | Q(from_address__icontains=word) | Q(from_name__icontains=word)
        rows = rows.filter(said | Q(text__icontains=word) | Q(case__number__icontains=word))
    return rows


def waiting_count(user: User) -> int:
    """How many mails wait for a person."""
    return mails_visible_to(user).filter(outcome__in=FOR_PEOPLE).count()


def mailboxes_visible_to(user: User) -> QuerySet[Mailbox]:
    """The mailboxes of the companies whose settings the person may edit."""
    companies = organisations_with(user, Permission.EDIT_SETTINGS)
    return Mailbox.objects.filter(organisation__in=companies).select_related("community", "organisation")


def visible_mailbox(user: User, pk: int) -> Mailbox:
    mailbox = mailboxes_visible_to(user).filter(pk=pk).first()
    if mailbox is None:
        raise NotVisible(_("没有找到这个邮箱，或不在您的范围内。"))
    return mailbox
