"""Two companies with one of everything each: what one of them must never see, name or change of the other."""

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image

from conftest import LONG_AGO, Cast
from linsheng.accounts.actions import create_token
from linsheng.accounts.models import DataRequest, User
from linsheng.accounts.permissions import Role
from linsheng.communities.models import Community, Home, Organisation, Post, Residency, Resident, RosterImport
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from linsheng.feedback.models import Case, Photo
from linsheng.intake.actions.calls import Reported, report_call
from linsheng.intake.actions.paper import Scan, Written, enter_slip, open_batch
from linsheng.intake.actions.places import create_place
from linsheng.intake.models import Call, Exchange, Line, Mail, Mailbox, Place, Slip, SlipBatch
from linsheng.intake.tests.mails_of_our_own import arrives, eml
from linsheng.jobs.models import Job
from linsheng.messaging.models import ChannelSetting, Delivery, HookDelivery, Notice, PushSubscription, Webhook
from linsheng.standards.actions import add_item, set_override
from linsheng.standards.models import CalendarOverride, ServiceCalendar, ServiceDimension, ServiceItem
from linsheng.surveys.models import Ballot, Block, Question, Questionnaire, QuestionnaireVersion, Wave
from linsheng.surveys.tests.factories import open_wave


@dataclass
class Things:
    """One company's objects by kind."""

    organisation: Organisation
    community: Community
    home: Home
    resident: Resident
    resident_user: User
    staff: User
    administrator: User
    item: ServiceItem
    calendar: ServiceCalendar
    override: CalendarOverride
    dimension: ServiceDimension
    case: Case = field(init=False)
    resolved: Case = field(init=False)
    photo: Photo = field(init=False)
    residency: Residency = field(init=False)
    post: Post = field(init=False)
    upload: RosterImport = field(init=False)
    request: DataRequest = field(init=False)
    job: Job = field(init=False)
    notice: Notice = field(init=False)
    delivery: Delivery = field(init=False)
    channel: ChannelSetting = field(init=False)
    webhook: Webhook = field(init=False)
    hook_delivery: HookDelivery = field(init=False)
    browser: PushSubscription = field(init=False)
    questionnaire: Questionnaire = field(init=False)
    version: QuestionnaireVersion = field(init=False)
    block: Block = field(init=False)
    question: Question = field(init=False)
    place: Place = field(init=False)
    mailbox: Mailbox = field(init=False)
    mail: Mail = field(init=False)
    call: Call = field(init=False)
    line: Line = field(init=False)
    exchange: Exchange = field(init=False)
    wave: Wave = field(init=False)
    ballot: Ballot = field(init=False)
    slip_batch: SlipBatch = field(init=False)
    slip: Slip = field(init=False)
    token_id: int = 0


def picture() -> BytesIO:
    """A small photo as a camera makes them."""
    out = BytesIO()
    Image.new("RGB", (40, 30), (90, 140, 90)).save(out, "JPEG")
    out.seek(0)
    return out


def _staff(organisation: Organisation, community: Community | None, username: str, name: str, role: str, team: str = "") -> User:
    user = User.objects.create(username=username, name=name, password="!", email=f"{username}@example.com")
    Post.objects.create(user=user, organisation=organisation, community=community, role=role, team=team, started_at=LONG_AGO)
    return user


def _fill(things: Things, words: str, now: datetime) -> Things:
    """Cases, photos and everything that hangs on them."""
    reporter = Actor(user=things.resident_user, reporter=True)
    report = {"community": things.community, "item": things.item, "resident": things.resident, "home": things.home}
    things.case = actions.receive_case(report=actions.Report(**report, text=f"{words}的电梯坏了"), by=reporter, now=now)
    things.photo = actions.add_photo(case=things.case, upload=picture(), size=900, by=reporter, now=now)
    done = actions.receive_case(report=actions.Report(**report, text=f"{words}的灯不亮"), by=reporter, now=now)
    desk = Actor.staff(things.staff)
    done = actions.assign_case(case=done, handler=things.staff, by=desk, now=now)
    done = actions.start_case(case=done, by=desk, now=now)
    things.resolved = actions.resolve_case(case=done, text=f"{words}已修好", by=desk, now=now)
    things.residency = Residency.objects.get(resident=things.resident)
    things.post = things.staff.posts.get()
    things.upload = RosterImport.objects.create(
        community=things.community,
        created_by=things.staff,
        created_at=now,
        file_name=f"{words}.xlsx",
        state="checked",
        report={"rows": 1, "absent": [f"{words}住户"]},
    )
    things.request = DataRequest.objects.create(
        user=things.resident_user, organisation_id=things.organisation.pk, kind="delete", text=f"{words}请删除", created_at=now
    )
    company = {"organisation_id": things.organisation.pk, "created_at": now}
    things.job = Job.objects.create(
        kind="reports.monthly", run_at=now, state="failed", created_by_id=things.staff.pk, message=f"{words}的报表", **company
    )
    things.notice = Notice.objects.filter(user=things.resident_user).earliest("id")
    # The domain is a mark as well: a list shows it beside a masked name.
    domain = "secret.example" if words in MARKS else "own.example"
    sent = {"notice": things.notice, "channel": "email", "address": f"{things.resident_user.username}@{domain}"}
    things.delivery = Delivery.objects.create(
        **sent, message_id=f"<{words}>", run_at=now, created_at=now, state="failed", error=f"{words} refused"
    )
    robot = {"channel": "wecom", "provider": "wecom", "name": f"{words}的群", "changed_at": now}
    things.channel = ChannelSetting.objects.create(**robot, **company)
    hook = {"name": f"{words}的系统", "url": f"https://{domain}/", "events": ["case.created"], "on": False, "changed_at": now}
    things.webhook = Webhook.objects.create(**hook, **company)
    event = {"key": "k", "event": "case.created", "state": "failed", "error": f"{words} refused", "run_at": now}
    things.hook_delivery = HookDelivery.objects.create(webhook=things.webhook, **event, created_at=now)
    keys = {"endpoint": f"https://{domain}/push", "p256dh": "", "auth": "", "mark": words, "label": f"{words}的浏览器"}
    things.browser = PushSubscription.objects.create(user=things.resident_user, **keys, created_at=now)
    things.place = create_place(community=things.community, spot=f"{words}电梯", by=None, now=now)
    _phone(things, words, now)
    _mail(things, words, now)
    _survey(things, words, now)
    batch = {"channel": "paper", "box": f"{words}意见箱", "received_at": now}
    things.slip_batch = open_batch(community=things.community, **batch, by=things.staff, now=now)
    written = Written(key="1", item=things.item, text=f"{words}的纸条", name=words)
    scan = Scan(f"{words}.pdf", 9, BytesIO(b"%PDF-1.4\n"))
    things.slip = enter_slip(batch=things.slip_batch, written=written, scan=scan, by=things.staff, now=now)
    made = create_token(user=things.staff, name=f"{words}令牌", by=None, now=now)
    things.token_id = made.token.pk
    return things


def _override(calendar: ServiceCalendar, words: str, by: User, now: datetime) -> CalendarOverride:
    return set_override(calendar=calendar, date=now.date(), intervals=[], note=f"{words}放假", by=by, now=now)


def _phone(things: Things, words: str, now: datetime) -> None:
    """An exchange with a line, on which a resident called."""
    things.exchange = Exchange.objects.create(organisation=things.organisation, name=f"{words}总机", created_at=now)
    line = {"exchange": things.exchange, "community": things.community}
    things.line = Line.objects.create(**line, number="8001", digits="8001", label=f"{words}热线")
    reported = Reported(call_id=words, number=f"1390000{things.community.pk:04d}", started_at=now)
    things.call, _new = report_call(line=things.line, reported=reported, now=now)


def _mail(things: Things, words: str, now: datetime) -> None:
    """A mailbox, and a letter from somebody unknown with a paper in it."""
    address = f"service@{things.organisation.code}.example"
    box = {"organisation": things.organisation, "community": things.community}
    things.mailbox = Mailbox.objects.create(**box, address=address, name=f"{words}客服")
    file = (f"{words}合同.pdf", "application/pdf", b"%PDF-1.4 x")
    raw = eml(
        f"{words}的电梯",
        sender=f"{words} <writer@{things.organisation.code}.example>",
        to=address,
        html=f"<p>{words}</p>",
        files=[file],
    )
    things.mail = arrives(raw, now, community=things.community)


def _survey(things: Things, words: str, now: datetime) -> None:
    """The company's questionnaire with its name in it, and a running survey."""
    things.questionnaire = Questionnaire.objects.get(organisation=things.organisation)
    Questionnaire.objects.filter(pk=things.questionnaire.pk).update(title=f"{words}的问卷")
    things.version = things.questionnaire.versions.get()
    things.block = things.version.blocks.all()[0]
    things.question = things.block.questions.all()[0]
    things.wave = open_wave(things.community, now, title=f"{words}的调查")
    things.ballot = Ballot.objects.get(wave=things.wave, home=things.home)


def own_things(cast: Cast, now: datetime) -> Things:
    """What the cast's company has."""
    calendar = ServiceCalendar.objects.get(organisation=cast.organisation, code="office")
    things = Things(
        organisation=cast.organisation,
        community=cast.community,
        home=cast.home,
        resident=cast.residents["owner"],
        resident_user=cast.owner,
        staff=cast.manager,
        administrator=cast.administrator,
        item=cast.item,
        calendar=calendar,
        override=_override(calendar, "自己", cast.administrator, now),
        dimension=cast.item.dimension,
    )
    return _fill(things, "自己人", now)


# Stands in everything of the other company that has words or numbers.
MARKS = ("外人", "外区", "10000000009", "WR26", "外人花园", "secret.example", "wairen_")


def far_things(cast: Cast, now: datetime) -> Things:
    """The same of the other company, under names that nobody of the cast's company may ever read."""
    organisation, community = cast.foreign_organisation, cast.foreign_community
    assert organisation and community
    administrator = _staff(organisation, None, "wairen_admin", "外人管理员", Role.ADMINISTRATOR)
    staff = _staff(organisation, community, "wairen_desk", "外人经理", Role.MANAGER)
    calendar = ServiceCalendar.objects.get(organisation=organisation, code="office")
    dimension = ServiceDimension.objects.get(organisation=organisation, code="facility")
    item = add_item(dimension=dimension, code="facility.wairen", name="外人专梯", team="engineering", by=administrator, now=now)
    things = Things(
        organisation=organisation,
        community=community,
        home=Home.objects.get(community=community),
        resident=cast.residents["stranger"],
        resident_user=cast.stranger,
        staff=staff,
        administrator=administrator,
        item=item,
        calendar=calendar,
        override=_override(calendar, "外人", administrator, now),
        dimension=dimension,
    )
    return _fill(things, "外人", now)


def marks_in(content: bytes) -> list[str]:
    """Which marks of the other company stand in an answer."""
    text = content.decode(errors="replace")
    return [mark for mark in MARKS if mark in text]


def body_of(response: Any) -> bytes:
    """The whole answer, also of a download; spreadsheets unpacked."""
    content: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        from zipfile import ZipFile

        with ZipFile(BytesIO(content)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    return content
