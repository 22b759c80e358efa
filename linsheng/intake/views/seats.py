"""Somebody who is signed in scans a code: the same place in their own form."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from linsheng.accounts.models import User
from linsheng.communities.permissions import is_staff
from linsheng.feedback.queries.resident import Household, households_of
from linsheng.intake.models import Place

# Which picture of the residents' form a spot is; the first word found decides.
_PICTURES = (
    ("lift", ("电梯", "轿厢", "梯")),
    ("garage", ("地库", "车库", "停车", "车位")),
    ("gate", ("大门", "门岗", "岗亭", "门口")),
)


def _picture(place: Place, homes: list[Household]) -> str:
    own_building = place.building_id in {h.home.building_id for h in homes}
    found = next((picture for picture, words in _PICTURES if any(word in place.spot for word in words)), "")
    if place.whole_community:
        return ""
    if found == "lift" and not own_building:
        return "grounds"
    return found or ("building" if own_building else "grounds")


def own_form_address(request: HttpRequest, place: Place) -> str:
    """The address of the resident's own form with this place filled in; empty for everybody who does not live here."""
    user = request.user
    if not isinstance(user, User) or is_staff(user):
        return ""
    homes = [household for household in households_of(user) if household.community.pk == place.community_id]
    if not homes:
        return ""
    request.session["community"] = place.community.code
    values = {"place": _picture(place, homes), "location": place.within}
    asked = urlencode({name: value for name, value in values.items() if value})
    return reverse("feedback:report") + (f"?{asked}" if asked else "")
