"""Whose case it is, once somebody has found out: a contact becomes a resident of a home."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.permissions import Permission
from linsheng.communities import permissions
from linsheng.communities.models import Home, Residency, Resident
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.feedback import search
from linsheng.feedback.actions.step import Change, changed_meanwhile, fresh_case
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case


@transaction.atomic
def match_reporter(*, case: Case, resident: Resident, home: Home | None = None, by: Actor, now: datetime) -> Case:
    """Say who the unknown reporter of a case is. The contact stays: answers go where they came from."""
    change = Change(fresh_case(case), "match", by=by, now=now)
    matched = change.case
    if by.user is None:
        raise Forbidden(_("这一步由工作人员办理。"))
    permissions.require(by.user, Permission.RECEIVE_CASE, matched.community)
    if matched.confidential:
        raise Conflict(_("反映人要求保密，不能关联到住户。"))
    if matched.resident_id is not None:
        raise Conflict(_("这件反映已经关联到住户。"))
    home = home or _only_home(matched, resident)
    lives = Residency.objects.filter(resident=resident, until=None, home__community=matched.community_id)
    if not (lives.filter(home=home) if home else lives).exists():
        sentence = _("请选择本小区的住户。")
        raise Invalid(sentence, fields={"resident": sentence})
    if not change.claim():
        raise changed_meanwhile()
    matched.resident, matched.home = resident, home
    matched.building = matched.building or (home.building if home else None)
    done = change.commit(internal=True, data={"resident": resident.pk, "home": home.pk if home else None})
    search.index_case(done)
    return done


def _only_home(case: Case, resident: Resident) -> Home | None:
    """The resident's home there, if there is exactly one."""
    here = Residency.objects.filter(resident=resident, until=None, home__community=case.community_id)
    rows = list(here.select_related("home__building")[:2])
    return rows[0].home if len(rows) == 1 else None
