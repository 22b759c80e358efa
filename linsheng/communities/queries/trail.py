"""The audit trail, as far as somebody may see it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linsheng.accounts.permissions import Permission
from linsheng.audit.models import AuditEntry
from linsheng.audit.queries import entries_within
from linsheng.communities.models import Post
from linsheng.communities.permissions import Person, scope


def audit_visible_to(user: Person) -> QuerySet[AuditEntry]:
    """The chains of whole companies with their staff's sign-ins; of single communities only what is about them."""
    covered = scope(user, Permission.SEE_AUDIT)
    staff = Post.objects.filter(organisation__in=covered.organisations).values_list("user_id", flat=True).distinct()
    return entries_within(organisations=covered.organisations, communities=covered.communities, people=staff)


@dataclass(frozen=True)
class Names:
    """Whose names somebody reads in the trail: everybody's, or only those of staff (``known``)."""

    known: frozenset[int] | None

    def of(self, entry: AuditEntry) -> str:
        """Who did it; a resident is only that to readers who may not know residents. Empty: the system."""
        if entry.actor is None:
            return ""
        return str(entry.actor.name) if self.known is None or entry.actor.pk in self.known else _("住户")

    def within(self, entries: QuerySet[AuditEntry], asked: str) -> QuerySet[AuditEntry]:
        """Asked for by name, only those are found whose names are read."""
        return entries if self.known is None or not asked else entries.filter(actor__in=self.known)


def names_in_trail(user: Person) -> Names:
    """Owners' committees read what was done, not who their neighbours are."""
    covered = scope(user, Permission.SEE_AUDIT)
    may = scope(user, Permission.SEE_PERSONAL_DATA)
    if covered.organisations <= may.organisations and covered.communities <= may.communities:
        return Names(None)
    own = Q(organisation__in=covered.organisations) | Q(organisation__communities__in=covered.communities)
    return Names(frozenset(Post.objects.filter(own).values_list("user_id", flat=True)))
