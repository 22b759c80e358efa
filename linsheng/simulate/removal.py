"""Taking a demo company away: every row of it, and nothing of anybody else's."""

from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

from linsheng.accounts.models import ApiToken, Consent, DataRequest, User
from linsheng.audit.actions import chain_key
from linsheng.audit.models import AuditChain, AuditEntry
from linsheng.communities.models import Building, ClaimCode, Community, Home, Organisation, Post, Residency, Resident
from linsheng.feedback import search
from linsheng.feedback.models import (
    Callback,
    Case,
    CaseEvent,
    CaseNumber,
    Escalation,
    EscalationStep,
    FeedbackSettings,
    Follower,
    Photo,
    Rating,
    Resolution,
    ResultNotice,
    Urge,
)
from linsheng.intake import rawmail
from linsheng.intake.models import (
    AskingSkipped,
    Call,
    CallNumber,
    CallNumberPart,
    CallSeen,
    Correspondent,
    Exchange,
    Line,
    Mail,
    Mailbox,
    PhoneDuty,
    Place,
    ProposalChoice,
    PublicReport,
    Slip,
    SlipBatch,
    TriageModel,
)
from linsheng.jobs.models import Job
from linsheng.messaging.models import (
    ChannelSetting,
    Delivery,
    Gathered,
    Notice,
    NoticeTimes,
    Preference,
    PushSubscription,
    Webhook,
    WechatCode,
    WechatLink,
)
from linsheng.standards.models import (
    CalendarOverride,
    ItemWording,
    Promise,
    ServiceCalendar,
    ServiceDimension,
    ServiceItem,
    StandardVersion,
)
from linsheng.surveys.models import (
    Answer,
    Ballot,
    Block,
    Comment,
    KeptResult,
    PaperEntry,
    Publication,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    Reply,
    SealedAnswer,
    Wave,
    WaveStratum,
)

OF_CASES: tuple[type[Model], ...] = (ResultNotice, Resolution, Rating, Callback, Urge, Follower, Escalation, CaseEvent)


def _clear(rows: QuerySet[Model]) -> None:
    """Delete without loading: what points at these rows is gone already."""
    rows._raw_delete(rows.db)  # Django's own way of a plain DELETE


def _demo_users(organisation: Organisation) -> QuerySet[User]:
    """People of this company who are of no other."""
    mine = Q(posts__organisation=organisation) | Q(residents__organisation=organisation)
    elsewhere = (
        Post.objects.exclude(organisation=organisation).values("user"),
        Resident.objects.exclude(organisation=organisation).exclude(user=None).values("user"),
    )
    ids = User.objects.filter(mine).exclude(pk__in=elsewhere[0]).exclude(pk__in=elsewhere[1]).values_list("pk", flat=True)
    return User.objects.filter(pk__in=list(ids.distinct()))


def _remove_photos(organisation: Organisation) -> None:
    for photo in Photo.objects.filter(case__community__organisation=organisation):
        photo.file.delete(save=False)
        photo.thumbnail.delete(save=False)
        photo.delete()


def _remove_slips(organisation: Organisation) -> None:
    slips = Slip.objects.filter(batch__community__organisation=organisation)
    for slip in slips.exclude(scan=""):
        slip.scan.delete(save=False)
    _clear(slips)
    _clear(SlipBatch.objects.filter(community__organisation=organisation))


def _remove_mail(organisation: Organisation) -> None:
    mails = Mail.objects.filter(organisation=organisation)
    for name in mails.exclude(raw="").values_list("raw", flat=True):
        rawmail.remove(name)
    _clear(mails)
    _clear(Correspondent.objects.filter(case__in=Case.objects.filter(community__organisation=organisation).values("pk")))
    Mailbox.objects.filter(organisation=organisation).delete()


def _remove_cases(organisation: Organisation) -> None:
    _remove_mail(organisation)
    cases = Case.objects.filter(community__organisation=organisation)
    _remove_photos(organisation)
    _remove_slips(organisation)
    _clear(PublicReport.objects.filter(case__in=cases.values("pk")))
    _clear(ProposalChoice.objects.filter(case__in=cases.values("pk")))
    _clear(TriageModel.objects.filter(organisation=organisation))
    for model in OF_CASES:
        _clear(model._default_manager.filter(case__in=cases.values("pk")))
    key = "rowid" if connection.vendor == "sqlite" else "case_id"
    with connection.cursor() as cursor:
        chosen = (
            "SELECT c.id FROM feedback_case c JOIN communities_community m ON m.id = c.community_id WHERE m.organisation_id = %s"
        )
        cursor.execute(f"DELETE FROM {search.TABLE} WHERE {key} IN ({chosen})", [organisation.pk])  # noqa: S608  # constants
    cases.update(parent=None, state="withdrawn", is_open=False)
    _clear(Case.objects.filter(pk__in=cases.values("pk")))
    CaseNumber.objects.filter(community__organisation=organisation).delete()


def _remove_calls(organisation: Organisation, users: QuerySet[User]) -> None:
    _clear(AskingSkipped.objects.filter(case__community__organisation=organisation))
    _clear(CallSeen.objects.filter(call__organisation=organisation))
    _clear(Call.objects.filter(organisation=organisation))
    _clear(CallNumberPart.objects.filter(organisation=organisation))
    _clear(CallNumber.objects.filter(organisation=organisation))
    _clear(Line.objects.filter(exchange__organisation=organisation))
    _clear(Exchange.objects.filter(organisation=organisation))
    PhoneDuty.objects.filter(user__in=users).delete()


def _remove_surveys(organisation: Organisation) -> None:
    waves = Wave.objects.filter(organisation=organisation).values("pk")
    _clear(PaperEntry.objects.filter(ballot__wave__in=waves))
    _clear(Reply.objects.filter(publication__wave__in=waves))
    for model in (Publication, KeptResult, SealedAnswer, Comment, Answer, Ballot, WaveStratum):
        _clear(model._default_manager.filter(wave__in=waves))
    _clear(Wave.communities.through.objects.filter(wave__in=waves))
    _clear(Wave.objects.filter(organisation=organisation))
    versions = QuestionnaireVersion.objects.filter(questionnaire__organisation=organisation).values("pk")
    # Gates point from blocks to questions and back: the constraint is asked at the end.
    _clear(Question.objects.filter(version__in=versions))
    _clear(Block.objects.filter(version__in=versions))
    _clear(QuestionnaireVersion.objects.filter(questionnaire__organisation=organisation))
    _clear(Questionnaire.objects.filter(organisation=organisation))


def _remove_notices(organisation: Organisation, users: QuerySet[User]) -> None:
    notices = Notice.objects.filter(Q(organisation_id=organisation.pk) | Q(user__in=users))
    _clear(Delivery.objects.filter(notice__in=notices.values("pk")))
    _clear(Gathered.objects.filter(notice__in=notices.values("pk")))
    _clear(Notice.objects.filter(pk__in=notices.values("pk")))
    for own in (NoticeTimes, PushSubscription, WechatCode, WechatLink):
        own._default_manager.filter(user__in=users).delete()
    Webhook.objects.filter(organisation_id=organisation.pk).delete()
    Preference.objects.filter(user__in=users).delete()
    ChannelSetting.objects.filter(organisation_id=organisation.pk).delete()


def _remove_standards(organisation: Organisation) -> None:
    _clear(Promise.objects.filter(version__organisation=organisation))
    StandardVersion.objects.filter(organisation=organisation).delete()
    CalendarOverride.objects.filter(calendar__organisation=organisation).delete()
    ServiceCalendar.objects.filter(organisation=organisation).delete()
    ItemWording.objects.filter(item__organisation=organisation).delete()
    ServiceItem.objects.filter(organisation=organisation).delete()
    ServiceDimension.objects.filter(organisation=organisation).delete()
    EscalationStep.objects.filter(organisation=organisation).delete()
    FeedbackSettings.objects.filter(organisation=organisation).delete()


def _remove_places(organisation: Organisation) -> None:
    _clear(Residency.objects.filter(resident__organisation=organisation))
    _clear(Resident.objects.filter(organisation=organisation))
    Place.objects.filter(community__organisation=organisation).delete()
    ClaimCode.objects.filter(home__community__organisation=organisation).delete()
    _clear(Home.objects.filter(community__organisation=organisation))
    Building.objects.filter(community__organisation=organisation).delete()
    Post.objects.filter(organisation=organisation).delete()
    Community.objects.filter(organisation=organisation).delete()


@transaction.atomic
def remove(organisation: Organisation) -> None:
    """Delete one demo company with all that is its own. Refuses anything that is not marked as demo."""
    if not organisation.is_demo:
        raise ValueError("only a company marked as demo data can be removed")
    users = _demo_users(organisation)
    kept = list(users.values_list("pk", flat=True))
    _remove_calls(organisation, users)
    _remove_cases(organisation)
    _remove_surveys(organisation)
    _remove_notices(organisation, users)
    _remove_standards(organisation)
    chain = AuditChain.objects.filter(key=chain_key(organisation.pk))
    _clear(AuditEntry.objects.filter(chain__in=chain.values("pk")))
    chain.delete()
    _remove_places(organisation)
    Job.objects.filter(organisation_id=organisation.pk).delete()
    gone = User.objects.filter(pk__in=kept)
    for model in (ApiToken, Consent, DataRequest):
        model._default_manager.filter(user__in=gone).delete()
    _unname(kept)
    gone.delete()
    organisation.delete()


def _unname(users: list[int]) -> None:
    """Entries of the installation's own chain may name demo people; such people keep an empty row there instead."""
    named = AuditEntry.objects.filter(actor__in=users).values_list("actor_id", flat=True).distinct()
    for pk in named:
        User.objects.filter(pk=pk).update(name="（演示）", phone=None, email="", is_active=False)
        users.remove(pk)
