"""Writing slips down: a batch, and one slip after the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.communities.models import Community, Home, Resident
from linsheng.communities.permissions import require
from linsheng.core.errors import Conflict, Invalid
from linsheng.core.ids import unguessable
from linsheng.feedback import actions as feedback
from linsheng.feedback import proposing
from linsheng.feedback.actions.receiving import LATEST_ENTRY
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Channel
from linsheng.intake.models import Slip, SlipBatch
from linsheng.standards.models import ServiceItem, Urgency

MOST_BYTES = 15 * 1024 * 1024
PDF = b"%PDF-"


@dataclass(frozen=True)
class Written:
    """What stands on one slip; ``key`` is its row's."""

    key: str
    item: ServiceItem
    text: str
    urgency: str = Urgency.NORMAL
    home: Home | None = None
    resident: Resident | None = None
    name: str = ""
    phone: str = ""
    confidential: bool = False


@dataclass(frozen=True)
class Scan:
    """A file beside a slip."""

    name: str
    size: int
    content: IO[bytes]


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})


@transaction.atomic
def open_batch(*, community: Community, channel: str, box: str, received_at: datetime, by: User, now: datetime) -> SlipBatch:
    """A batch to enter slips into; ``received_at`` is when they came in, which is where the resident's clock begins."""
    require(by, Permission.RECEIVE_CASE, community)
    if community.retired_at:
        raise Conflict(_("这个小区已经停用。"))
    if channel not in (Channel.PAPER, Channel.DESK):
        raise _wrong("channel", _("请从列出的选项中选择。"))
    if not now - LATEST_ENTRY <= received_at <= now:
        raise _wrong("received_at", _("收到时间不能晚于现在，也不能早于一年以前。"))
    tidy = box.replace("\x00", "").strip()[:60]
    batch = SlipBatch.objects.create(
        community=community, channel=channel, box=tidy, received_at=received_at, created_by=by, created_at=now
    )
    company = community.organisation_id
    record("slips.open", by=by, now=now, subject=batch, organisation_id=company, data={"box": tidy, "channel": channel})
    return batch


def _report(batch: SlipBatch, written: Written) -> feedback.Report:
    return feedback.Report(
        community=batch.community,
        item=written.item,
        text=written.text,
        kind=proposing.propose_kind(written.item, written.text),
        urgency=written.urgency,
        channel=batch.channel,
        home=written.home,
        resident=written.resident,
        contact_name=written.name,
        contact_phone=written.phone,
        confidential=written.confidential,
        received_at=batch.received_at,
        submission_key=f"slip:{batch.pk}:{written.key}",
    )


def read_scan(scan: Scan) -> bytes | None:
    """The bytes of a PDF; ``None`` for anything else, which the rules for photos judge. Raises ``Invalid`` when it is too big."""
    if scan.size > MOST_BYTES:
        raise _wrong("scan", _("扫描件超过 15 MB，请压缩后再传。"))
    scan.content.seek(0)
    beginning = scan.content.read(len(PDF))
    scan.content.seek(0)
    return scan.content.read(MOST_BYTES + 1) if beginning == PDF else None


def enter_slip(*, batch: SlipBatch, written: Written, scan: Scan | None = None, by: User, now: datetime) -> Slip:
    """Make a case of one slip. The same row again gives the slip that it became; nothing is added twice.

    Raises ``Invalid`` (naming fields) and ``Forbidden``; a scan that cannot be kept keeps the slip out: it would be forgotten.
    """
    require(by, Permission.RECEIVE_CASE, batch.community)
    if again := Slip.objects.filter(batch=batch, key=written.key).select_related("case").first():
        return again
    if scan is not None and written.confidential:
        raise _wrong("scan", _("反映人要求保密，字迹会认出人，请不要附扫描件。"))
    pdf = read_scan(scan) if scan is not None else None
    try:
        slip = _enter(batch, written, scan, pdf, by, now)
    except IntegrityError:
        # Sent twice at the same moment: the other one was first.
        return Slip.objects.select_related("case").get(batch=batch, key=written.key)
    return slip


def _enter(batch: SlipBatch, written: Written, scan: Scan | None, pdf: bytes | None, by: User, now: datetime) -> Slip:
    slip = Slip(batch=batch, key=written.key, entered_by=by, entered_at=now)
    if scan is not None and pdf is not None:
        slip.scan_name = scan.name[-120:]
        slip.scan.save(f"{unguessable()}.pdf", ContentFile(pdf), save=False)
    try:
        with transaction.atomic():
            slip.case = feedback.receive_case(report=_report(batch, written), by=Actor.staff(by), now=now)
            slip.save(force_insert=True)
            if scan is not None and pdf is None:
                _add_photo(slip, scan, by, now)
    except BaseException:
        # Files know no rollback: what nothing will point at goes away again, whatever went wrong.
        if slip.scan:
            default_storage.delete(str(slip.scan.name))
        raise
    return slip


def _add_photo(slip: Slip, scan: Scan, by: User, now: datetime) -> None:
    try:
        feedback.add_photo(case=slip.case, upload=scan.content, size=scan.size, by=Actor.staff(by), now=now)
    except Invalid as error:
        raise _wrong("scan", _("请附照片（JPG、PNG、WebP）或 PDF。")) from error
