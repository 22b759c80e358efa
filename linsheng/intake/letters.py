"""The mails of a case in its story."""

from django.urls import reverse
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.feedback.letters import Enclosure, Letter
from linsheng.feedback.models import Case
from linsheng.intake.models import Mail, Outcome, Reason

SHOWN = (Outcome.CREATED, Outcome.APPENDED, Outcome.RECORDED)


def letters_of(case: Case, user: User) -> list[Letter]:
    """What came in about a case. Of a confidential reporter nothing but the words, which stand in the history already."""
    if case.confidential or not has(user, Permission.SEE_PERSONAL_DATA, case.community):
        return []
    opens = has(user, Permission.RECEIVE_CASE, case.community)
    return [_letter(mail, case, opens) for mail in Mail.objects.filter(case=case, outcome__in=SHOWN).order_by("pk")]


def _letter(mail: Mail, case: Case, opens: bool) -> Letter:
    returned = mail.reason == Reason.BOUNCE
    return Letter(
        key=mail.pk,
        at=mail.stored_at,
        who=mail.from_address or _("未知发件人"),
        what=_("邮件被退回") if returned else _("来信：%(why)s") % {"why": mail.get_reason_display()},
        quoted=mail.quoted,
        note=_note(mail, case),
        url=reverse("intake:one_mail", args=[mail.pk]) if opens else "",
        enclosures=[_enclosure(mail, row) for row in mail.attachments if not row["photo"] and not row["inline"]],
        made_case=mail.outcome == Outcome.CREATED,
        made_entry=mail.outcome == Outcome.APPENDED,
        after_end=mail.after_end,
        tone="late" if returned else "",
    )


def _note(mail: Mail, case: Case) -> str:
    """What a reader should know before believing it."""
    if mail.reason == Reason.BOUNCE:
        return _("没有送到，请打电话或上门")
    if mail.after_end:
        return _("结束后来信，请判断是否重新打开")
    known = {case.contact_email.lower(), case.resident.email.lower() if case.resident else ""}
    if mail.outcome == Outcome.APPENDED and mail.from_address not in known:
        return _("从另一个地址回复：%(address)s") % {"address": mail.from_address}
    return ""


def _enclosure(mail: Mail, row: dict[str, object]) -> Enclosure:
    url = reverse("intake:mail_file", args=[mail.pk, row["index"]]) if mail.raw and not row["dangerous"] else ""
    name = f"{row['name']} {_('（可能有危险，不能下载）')}" if row["dangerous"] else str(row["name"])
    return Enclosure(name, int(str(row["size"])), url, "ban" if row["dangerous"] else "paperclip")
