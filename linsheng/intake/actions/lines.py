"""The telephone exchanges of a company and their lines."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.models import Community, Organisation
from linsheng.communities.permissions import organisations_with
from linsheng.core.errors import Conflict, Forbidden, Invalid
from linsheng.core.ids import unguessable
from linsheng.core.text import phone_digits
from linsheng.intake.models import Exchange, Line

# So long the exchange may go on signing with the secret before.
OVERLAP = timedelta(hours=24)


def _may(by: User, organisation_id: int) -> None:
    if organisation_id not in organisations_with(by, Permission.EDIT_SETTINGS):
        raise Forbidden(_("电话系统由公司的管理员设置。"))


def _record(action: str, exchange: Exchange, by: User, now: datetime, **data: object) -> None:
    record(f"exchange.{action}", by=by, now=now, subject=exchange, organisation_id=exchange.organisation_id, data=data)


@transaction.atomic
def create_exchange(*, organisation: Organisation, name: str, by: User, now: datetime) -> Exchange:
    """A telephone exchange with a secret of its own."""
    _may(by, organisation.pk)
    exchange = Exchange.objects.create(organisation=organisation, name=name.strip() or _("电话系统"), created_at=now)
    _record("create", exchange, by, now, name=exchange.name)
    return exchange


@transaction.atomic
def rotate_secret(*, exchange: Exchange, by: User, now: datetime) -> Exchange:
    """A new secret; the one before holds for another day, so that no call is lost while the exchange is changed."""
    _may(by, exchange.organisation_id)
    values = {"previous_salt": exchange.salt, "previous_until": now + OVERLAP, "salt": unguessable()}
    if not Exchange.objects.filter(pk=exchange.pk, salt=exchange.salt).update(**values):
        raise Conflict(_("刚刚有人换过密钥，请刷新后再看。"))
    exchange.refresh_from_db()
    _record("rotate", exchange, by, now)
    return exchange


@transaction.atomic
def add_line(*, exchange: Exchange, community: Community, number: str, label: str = "", by: User, now: datetime) -> Line:
    """Say to which community a line belongs."""
    _may(by, exchange.organisation_id)
    digits = phone_digits(number)
    if not digits:
        sentence = _("请填写线路号码，如 0755-10000000 或分机 8001。")
        raise Invalid(sentence, fields={"number": sentence})
    if community.organisation_id != exchange.organisation_id or community.retired_at:
        raise Invalid(_("请选择本公司的一个小区。"), fields={"community": _("请选择本公司的一个小区。")})
    try:
        with transaction.atomic():
            line = Line.objects.create(
                exchange=exchange, community=community, number=number.strip()[:30], digits=digits[:30], label=label.strip()[:40]
            )
    except IntegrityError as error:
        sentence = _("这条线路已经登记过了。")
        raise Conflict(sentence, fields={"number": sentence}) from error
    _record("add_line", exchange, by, now, line=line.number, community=community.code)
    return line


@transaction.atomic
def retire_line(*, line: Line, by: User, now: datetime) -> Line:
    """Take a line out of use; its calls stay."""
    _may(by, line.exchange.organisation_id)
    if Line.objects.filter(pk=line.pk, retired_at=None).update(retired_at=now):
        _record("retire_line", line.exchange, by, now, line=line.number)
    return line


@transaction.atomic
def retire_exchange(*, exchange: Exchange, by: User, now: datetime) -> Exchange:
    """Take an exchange and its lines out of use: what it reports from now on is refused; its calls stay."""
    _may(by, exchange.organisation_id)
    if Exchange.objects.filter(pk=exchange.pk, retired_at=None).update(retired_at=now):
        lines = Line.objects.filter(exchange=exchange, retired_at=None).update(retired_at=now)
        exchange.refresh_from_db()
        _record("retire", exchange, by, now, name=exchange.name, lines=lines)
    return exchange


def line_called(exchange: Exchange, number: str) -> Line:
    """The line that an exchange names; raises ``Invalid`` with words for whoever sets the exchange up."""
    digits = phone_digits(number)
    found = Line.objects.filter(exchange=exchange, digits=digits, retired_at=None) if digits else Line.objects.none()
    line = found.select_related("community__organisation", "exchange").first()
    if line is None:
        sentence = _("没有登记线路“%(line)s”。请在“设置 › 电话线路”里把它对应到小区。") % {"line": number}
        raise Invalid(sentence, fields={"line": sentence})
    return line


def note_seen(*, exchange: Exchange, now: datetime) -> None:
    """That the exchange spoke to us: for the settings page, at most once a minute."""
    stale = Q(last_seen_at=None) | Q(last_seen_at__lt=now - timedelta(minutes=1))
    Exchange.objects.filter(stale, pk=exchange.pk).update(last_seen_at=now)
