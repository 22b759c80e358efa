"""Publishing a wave to its residents: choose, publish what was chosen, take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from linsheng.accounts.models import User
from linsheng.accounts.permissions import Permission
from linsheng.audit.actions import record
from linsheng.core.errors import Conflict, Invalid
from linsheng.jobs.actions import enqueue
from linsheng.surveys.models import Publication, Reply, Wave
from linsheng.surveys.permissions import require_everywhere
from linsheng.surveys.published import choosable, quotable_of
from linsheng.surveys.queries.published import content_now, ready_result

MOST_REPLIES: Final = 20
MOST_QUOTES: Final = 20


@dataclass(frozen=True)
class Answered:
    """One entry of 你说了，我们做了."""

    said: str
    done: str
    said_en: str = ""
    done_en: str = ""


@dataclass(frozen=True)
class Choice:
    """What residents are to see. ``questions`` None: everything that may be shown; ``replies`` None: leave them as they are."""

    questions: Sequence[str] | None = None
    quotes: Sequence[str] = ()
    buildings: bool = False
    changes: bool = True
    foreword: str = ""
    foreword_en: str = ""
    replies: Sequence[Answered] | None = None


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={name: sentence})


def require_publisher(by: User | None, wave: Wave) -> None:
    """Whoever runs the survey and may see its figures, in all its communities."""
    communities = list(wave.communities.all())
    require_everywhere(by, Permission.RUN_SURVEYS, communities)
    require_everywhere(by, Permission.SEE_FIGURES, communities)


@transaction.atomic
def save_publication(*, wave: Wave, choice: Choice, by: User | None, now: datetime) -> Publication:
    """Keep what was chosen. Figures and comments that are public stay as they were until they are published anew; what was said
    and done is shown as it stands."""
    require_publisher(by, wave)
    result = ready_result(wave)
    allowed = [item.asked.key for item in choosable(result)]
    questions = allowed if choice.questions is None else [key for key in allowed if key in set(choice.questions)]
    if choice.questions is not None and set(choice.questions) - set(allowed):
        raise _wrong("questions", _("有的题不能公布：没有这一题，或答的人少于 5 户。"))
    quotes = [quote for quote in quotable_of(result) if quote["text"] in set(choice.quotes)]
    if set(choice.quotes) - {quote["text"] for quote in quotes} or len(quotes) > MOST_QUOTES:
        raise _wrong("quotes", _("只能从结果页列出的留言里选，最多 20 条。"))
    values: dict[str, Any] = {"questions": questions, "quotes": quotes, "saved_at": now}
    values |= {name: getattr(choice, name) for name in ("buildings", "changes", "foreword", "foreword_en")}
    found, _made = Publication.objects.update_or_create(wave=wave, defaults=values)
    if choice.replies is not None:
        _replace_replies(found, choice.replies)
    data = {"questions": len(questions), "quotes": len(quotes), "replies": found.replies.count()}
    record("surveys.save_publication", by=by, now=now, subject=wave, organisation_id=wave.organisation_id, data=data)
    return found


def _replace_replies(found: Publication, replies: Sequence[Answered]) -> None:
    kept = [each for each in replies if each.said.strip() or each.done.strip()]
    if any(not each.said.strip() or not each.done.strip() for each in kept):
        raise _wrong("replies", _("“您说”和“我们做了”要两栏都写。"))
    if len(kept) > MOST_REPLIES:
        raise _wrong("replies", _("最多写 20 条。"))
    found.replies.all().delete()
    rows = [Reply(publication=found, order=order, **vars(each)) for order, each in enumerate(kept)]
    Reply.objects.bulk_create(rows)


@transaction.atomic
def publish_wave(*, wave: Wave, by: User | None, now: datetime, choice: Choice | None = None) -> Publication:
    """Show residents what was chosen, from now on; refused where nothing was."""
    require_publisher(by, wave)
    ready_result(wave)
    found = save_publication(wave=wave, choice=choice, by=by, now=now) if choice else Publication.objects.filter(wave=wave).first()
    if found is None or not found.questions:
        raise Conflict(_("还没有选要公布的题。"))
    found.content = content_now(wave, found)
    found.published_at, found.published_by = now, by
    found.save(update_fields=["content", "published_at", "published_by"])
    _tell_later(wave, by, now)
    data = {"questions": len(found.content["items"]), "quotes": len(found.content["quotes"]), "buildings": found.buildings}
    record("surveys.publish_wave", by=by, now=now, subject=wave, organisation_id=wave.organisation_id, data=data)
    return found


def _tell_later(wave: Wave, by: User | None, now: datetime) -> None:
    """Ask the worker to tell the residents; published anew, those who were told are not told again."""
    enqueue(
        kind="surveys.tell_result",
        payload={"wave": wave.pk},
        key=f"surveys.tell_result-{wave.pk}-{now.isoformat()}",
        now=now,
        by_id=by.pk if by else None,
        organisation_id=wave.organisation_id,
    )


@transaction.atomic
def withdraw_publication(*, wave: Wave, by: User | None, now: datetime) -> Publication:
    """Nothing of the wave is public any more; what was chosen is kept."""
    require_publisher(by, wave)
    found = Publication.objects.filter(wave=wave, published_at__isnull=False).first()
    if found is None:
        raise Conflict(_("这次调查的结果没有公布。"))
    found.content, found.published_at, found.published_by = {}, None, None
    found.save(update_fields=["content", "published_at", "published_by"])
    record("surveys.withdraw_publication", by=by, now=now, subject=wave, organisation_id=wave.organisation_id)
    return found
