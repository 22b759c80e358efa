"""What this app knows about a person: in which surveys their home was asked, and whether it answered; never what."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from linsheng.accounts.models import User
from linsheng.accounts.privacy import exports
from linsheng.communities.queries import homes_of
from linsheng.surveys.models import Ballot

FIELDS = {
    "survey": _("调查"),
    "home": _("房号"),
    "anonymity": _("匿名还是记名"),
    "state": _("状态"),
    "answered_on": _("作答日期"),
}


def ballots_of(user: User) -> Sequence[dict[str, Any]]:
    """The ballots of the homes in which the person lives. Which answer was theirs nobody can find."""
    rows = Ballot.objects.filter(home__in=homes_of(user).values("pk")).select_related("wave", "home").order_by("wave_id", "pk")
    return [
        {
            "survey": str(ballot.wave),
            "home": ballot.home.number,
            "anonymity": ballot.wave.get_mode_display(),
            "state": ballot.get_state_display(),
            "answered_on": ballot.answered_on or "",
        }
        for ballot in rows
    ]


def register() -> None:
    """Called once, when the app is ready."""
    exports.register(exports.Part("surveys", _("满意度调查"), FIELDS, ballots_of))
