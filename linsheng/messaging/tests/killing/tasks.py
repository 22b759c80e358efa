"""A job that tells two people something, with a sign of progress between them, and notes each run."""

import os
from pathlib import Path

from linsheng.accounts.models import User
from linsheng.jobs import registry
from linsheng.jobs.running import RunningJob
from linsheng.messaging.actions import notify, publish_event, send_digests
from linsheng.messaging.hooks import sealed_secret
from linsheng.messaging.models import Channel, Gathered, NoticeKind, NoticeTimes, Webhook


@registry.handler("killing.tell")
def tell(job: RunningJob) -> dict[str, int]:
    key = job.payload["key"]
    given = {"kind": NoticeKind.CASE_RESULT, "title": "处理结果", "body": key, "url": "/notices/", "now": job.now}
    job.progress(0, 2)
    notify(key=f"{key}-resident", user=User.objects.get(), email=f"{key}-resident@example.com", channels=[Channel.EMAIL], **given)
    job.progress(1, 2)
    notify(key=f"{key}-contact", email=f"{key}-contact@example.com", **given)
    return {"told": 2}


@registry.handler("killing.digest")
def gather_and_send(job: RunningJob) -> dict[str, int]:
    """Three notices that wait for one digest whose hour has come."""
    user = User.objects.get()
    NoticeTimes.objects.get_or_create(user=user, defaults={"digest_hour": 18})
    for number in range(3):
        given = {"kind": NoticeKind.CASE_RESULT, "title": f"第{number}件", "body": "", "url": "/notices/", "now": job.now}
        notify(key=f"part-{number}", user=user, email="resident@example.com", **given)
    Gathered.objects.filter(sent_at=None).update(due_at=job.now)
    return {"digests": send_digests(now=job.now)}


@registry.handler("killing.hook")
def set_up_and_publish(job: RunningJob) -> None:
    """Three events for one webhook."""
    given = {"name": "工单", "url": os.environ["KILLING_HOOK"], "secret": sealed_secret("a-secret-of-the-receiver")}
    more = {**given, "events": ["case.created"], "created_at": job.now, "changed_at": job.now}
    Webhook.objects.get_or_create(organisation_id=1, defaults=more)
    for number in range(3):
        publish_event(key=f"event-{number}", event="case.created", organisation_id=1, data={}, now=job.now)


@registry.handler("killing.count")
def count(job: RunningJob) -> None:
    """One line a run; a line this short is appended in one piece."""
    with Path(os.environ["KILLING_RUNS"]).open("a") as handle:
        handle.write(f"{job.payload['n']} {os.getpid()}\n")
