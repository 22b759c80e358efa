"""Who brought a case up, as far as the viewer may know."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.communities.permissions import has
from linsheng.core.text import masked_phone
from linsheng.feedback import telling
from linsheng.feedback.models import Case


@dataclass(frozen=True)
class Reporter:
    """Name, ways to reach, and home; empty where the viewer may not know."""

    name: str
    phone: str = ""
    email: str = ""
    home: str = ""
    resident_id: int | None = None
    hidden: bool = False


def reporter_of(case: Case, viewer: User | None) -> Reporter:
    """Confidential reporters are hidden from every staff member; others masked from who may not see personal data."""
    if case.confidential:
        return Reporter(name=_("要求保密的反映人"), hidden=True)
    home = case.home.number if case.home else ""
    name, phone = telling.name_of(case), telling.phone_of(case)
    if viewer is None or not has(viewer, Permission.SEE_PERSONAL_DATA, case.community):
        return Reporter(name=f"{name[:1]}**" if name else _("未留姓名"), phone=masked_phone(phone) if phone else "", hidden=True)
    return Reporter(name or _("未留姓名"), phone, telling.email_of(case), home, case.resident_id)


def home_label(case: Case) -> str:
    """The home as lists show it: never that of a confidential reporter."""
    if case.confidential:
        return _("保密")
    return case.home.number if case.home else (case.building.name if case.building else "")
