"""A company's webhooks: set up, tried, and what they were told. The secret goes in and never comes out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.api.auth import caller, instant
from linsheng.api.fields import Clean, Strict
from linsheng.api.idempotency import Answer, idempotent
from linsheng.api.problems import ERRORS
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Forbidden, NotVisible
from linsheng.core.pagination import cursor_page
from linsheng.messaging import actions
from linsheng.messaging.models import HookDelivery, Webhook

router = Router(tags=["webhooks"])
NEWEST_FIRST = ("-created_at", "-id")


class WebhookIn(Strict):
    """A webhook; an empty ``secret`` leaves the stored one."""

    name: str = Field(..., max_length=40)
    url: str = Field(..., max_length=500)
    secret: str = Field(default="", max_length=200)
    events: list[str] = Field(..., max_length=40)
    on: bool = True


class WebhookOut(Schema):
    id: int
    name: str
    url: str
    events: list[str]
    on: bool
    failing_since: datetime | None
    disabled_at: datetime | None


class WebhookList(Schema):
    items: list[WebhookOut]
    next: str | None = None


class HookDeliveryOut(Schema):
    """One event on its way; ``key`` is the ``id`` in its body."""

    id: int
    key: str
    event: str
    state: str
    status: int | None
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None


class HookDeliveryPage(Schema):
    items: list[HookDeliveryOut]
    next: str | None


class PageQuery(Clean):
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


def _companies(user: User) -> frozenset[int]:
    found = organisations_with(user, Permission.EDIT_SETTINGS)
    if not found:
        raise Forbidden(_("Webhook 由公司的管理员设置。"))
    return found


def _own(user: User, pk: int) -> Webhook:
    found = Webhook.objects.filter(pk=pk, organisation_id__in=_companies(user)).first()
    if found is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return found


def _out(webhook: Webhook) -> dict[str, Any]:
    names = ("name", "url", "events", "on", "failing_since", "disabled_at")
    return {"id": webhook.pk, **{name: getattr(webhook, name) for name in names}}


def _row(row: HookDelivery) -> dict[str, Any]:
    names = ("key", "event", "state", "status", "attempts", "error", "created_at", "sent_at")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


@router.get("/webhooks", response={200: WebhookList, **ERRORS}, operation_id="listWebhooks", summary="The company's webhooks")
def list_webhooks(request: HttpRequest) -> dict[str, Any]:
    rows = Webhook.objects.filter(organisation_id__in=_companies(caller(request)))
    return {"items": [_out(row) for row in rows], "next": None}


@router.post("/webhooks", response={201: WebhookOut, **ERRORS}, operation_id="createWebhook", summary="Set a webhook up")
@idempotent
def create_webhook(request: HttpRequest, payload: WebhookIn) -> Answer:
    user = caller(request)
    webhook = Webhook(organisation_id=min(_companies(user)))
    return 201, _out(actions.save_webhook(webhook=webhook, **payload.dict(), by=user, now=instant(request)))


@router.get("/webhooks/{webhook_id}", response={200: WebhookOut, **ERRORS}, operation_id="getWebhook", summary="One webhook")
def get_webhook(request: HttpRequest, webhook_id: int) -> dict[str, Any]:
    return _out(_own(caller(request), webhook_id))


@router.put(
    "/webhooks/{webhook_id}", response={200: WebhookOut, **ERRORS}, operation_id="changeWebhook", summary="Change a webhook"
)
def change_webhook(request: HttpRequest, webhook_id: int, payload: WebhookIn) -> dict[str, Any]:
    user = caller(request)
    return _out(actions.save_webhook(webhook=_own(user, webhook_id), **payload.dict(), by=user, now=instant(request)))


@router.delete(
    "/webhooks/{webhook_id}", response={200: WebhookOut, **ERRORS}, operation_id="removeWebhook", summary="Remove a webhook"
)
def remove_webhook(request: HttpRequest, webhook_id: int) -> dict[str, Any]:
    user = caller(request)
    webhook = _own(user, webhook_id)
    said = _out(webhook)
    actions.remove_webhook(webhook=webhook, by=user, now=instant(request))
    return said


@router.post(
    "/webhooks/{webhook_id}/test", response={200: HookDeliveryOut, **ERRORS}, operation_id="testWebhook", summary="Send a ping now"
)
def test_webhook(request: HttpRequest, webhook_id: int) -> dict[str, Any]:
    # No transaction is open while the other side is spoken to: so without the idempotency key, too.
    user = caller(request)
    return _row(actions.test_webhook(webhook=_own(user, webhook_id), by=user, now=instant(request)))


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    response={200: HookDeliveryPage, **ERRORS},
    operation_id="listWebhookDeliveries",
    summary="What a webhook was told, newest first",
)
def list_deliveries(request: HttpRequest, webhook_id: int, filters: Query[PageQuery]) -> dict[str, Any]:
    rows = _own(caller(request), webhook_id).deliveries.all()
    page = cursor_page(rows, order=NEWEST_FIRST, cursor=filters.cursor, size=filters.limit)
    return {"items": [_row(row) for row in page.items], "next": page.next}


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/again",
    response={200: HookDeliveryOut, **ERRORS},
    operation_id="tellWebhookAgain",
    summary="Send an event once more, with the same id",
)
@idempotent
def tell_again(request: HttpRequest, webhook_id: int, delivery_id: int) -> Answer:
    user = caller(request)
    row = _own(user, webhook_id).deliveries.select_related("webhook").filter(pk=delivery_id).first()
    if row is None:
        raise NotVisible(_("没有找到，或您无权查看。"))
    return 200, _row(actions.tell_again(delivery=row, by=user, now=instant(request)))
