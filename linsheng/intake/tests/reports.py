"""Reports by the public form, for the tests of this app."""

from linsheng.core.ids import unguessable
from linsheng.feedback.models import Case
from linsheng.intake.actions.public import Said, receive_public
from linsheng.intake.models import Place
from linsheng.standards.models import ServiceItem


def reported(place: Place, *, now, text="二楼走廊的灯不亮了", **more) -> Case:
    """A case that came in by this place's code."""
    item = ServiceItem.objects.get(organisation=place.community.organisation, code="facility.lift")
    return receive_public(place=place, said=Said(key=unguessable(), item=item, text=text, **more), now=now)
