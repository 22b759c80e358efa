"""Browsers that a person lets us wake."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.audit.actions import record
from linsheng.core import outward
from linsheng.core.errors import Invalid
from linsheng.core.ids import digest
from linsheng.messaging import push
from linsheng.messaging.models import PushSubscription

MOST = 10
LONGEST = 1000


@transaction.atomic
def subscribe_push(*, user: User, endpoint: str, p256dh: str, auth: str, label: str, now: datetime) -> PushSubscription:
    """Wake this browser from now on; the same one again only changes hands and keys. The oldest beyond ten goes."""
    _check(endpoint, p256dh, auth)
    given = {"user": user, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "label": label[:60], "created_at": now}
    found, _made = PushSubscription.objects.update_or_create(mark=digest(endpoint), defaults=given)
    kept = PushSubscription.objects.filter(user=user).order_by("-created_at", "-pk").values_list("pk", flat=True)[:MOST]
    PushSubscription.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    record("messaging.subscribe_push", by=user, now=now, subject=user)
    return found


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        outward.parsed(endpoint)
        ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, push.decoded(p256dh))
        right = len(endpoint) <= LONGEST and len(push.decoded(auth)) == 16
    except (outward.Refused, ValueError) as error:
        raise Invalid(_("浏览器给的推送地址不能用。")) from error
    if not right:
        raise Invalid(_("浏览器给的推送地址不能用。"))


@transaction.atomic
def unsubscribe_push(*, subscription: PushSubscription, by: User, now: datetime) -> None:
    """Leave this browser alone."""
    subscription.delete()
    record("messaging.unsubscribe_push", by=by, now=now, subject=by)
