"""``kill -9`` while mail is fetched, received, processed or answered, at every step: no mail is lost, none makes two cases,
nobody is told twice.

Each kill is of a process of its own, forked from a warm one (``killing/forking.py``).
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import linsheng
from linsheng.intake.tests.mails_of_our_own import eml
from linsheng.intake.tests.post_office import PASSWORD, start_dovecot
from linsheng.messaging.tests.killing.forking import Forks
from linsheng.messaging.tests.killing.house import ROOT, House
from linsheng.messaging.tests.test_killing import POSTGRES, PostgresSite, SqliteSite

PROCESSING = ("mail.claimed", "mail.deciding", "mail.decided", "mail.pictures", "mail.finished")
RECEIVING = ("mail.written", "mail.stored", *PROCESSING)
FETCHING = ("fetch.described", "mail.written", "mail.stored", "fetch.stored", "fetch.marked", "fetch.noted")
SENDING = ("deliveries.claimed", "deliveries.before_send", "deliveries.sent", "deliveries.noted", "deliveries.marked")
FILL = """
from linsheng.communities.models import Community, Organisation
from linsheng.intake.models import Mailbox
from linsheng.intake.sealing import sealed
from linsheng.standards.actions import install_defaults
from linsheng.feedback.actions import install_defaults as more
from linsheng.core import clock
company = Organisation.objects.create(code="cuihu", name="翠湖物业")
install_defaults(organisation=company, by=None, now=clock.now())
more(organisation=company, by=None, now=clock.now())
place = Community.objects.create(organisation=company, code="CH", name="翠湖苑")
server = {"host": "127.0.0.1", "port": PORT, "security": "none", "username": "desk", "secret": sealed("PASSWORD")} if PORT else {}
Mailbox.objects.create(organisation=company, community=place, address="service@cuihu.example", **server)
"""
# What a killed fetcher held is free when its lease ends.
LATER = "from linsheng.intake.models import Mailbox; Mailbox.objects.update(lease_until=None)"
REPORT = """
import json
from linsheng.feedback.models import Case, Photo
from linsheng.intake import rawmail
from linsheng.intake.models import Mail
from linsheng.messaging.models import Delivery, Notice
print(json.dumps({
    "mails": sorted(Mail.objects.values_list("message_id", flat=True)),
    "outcomes": sorted(Mail.objects.values_list("outcome", "state").distinct()),
    "raw": all(len(rawmail.read(name)) > 0 for name in Mail.objects.values_list("raw", flat=True)),
    "cases": Case.objects.count(),
    "pictures": Photo.objects.count(),
    "told": sorted(Notice.objects.filter(user=None).values_list("key", flat=True)),
    "case_keys": sorted(f"case-{pk}-received" for pk in Case.objects.values_list("pk", flat=True)),
    "sent": sorted(Delivery.objects.filter(state="done").values_list("message_id", flat=True)),
}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mail-killing")
    made = PostgresSite() if POSTGRES else SqliteSite(folder)
    environment = {**os.environ, "DATABASE_URL": made.template, "LINSHENG_HOME": str(folder), "PYTHONWARNINGS": ""}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=400)  # noqa: S603 - our own command
    yield made
    made.close()


class Post(House):
    """A house with one mailbox, whose processes are forks."""

    def __init__(self, folder: Path, database_url: str, port: int = 0) -> None:
        super().__init__(folder, database_url)
        self.environment["MAIL_PER_SENDER_HOUR"] = "1000"
        self.forks = Forks(str(ROOT), self.environment)
        self.does(code=FILL.replace("PORT", str(port)).replace("PASSWORD", PASSWORD))

    def close(self) -> None:
        self.forks.close()
        super().close()

    def does(self, *command: str, code: str = "", given: bytes = b"") -> str:
        """Run to the end."""
        end = self.forks.run(*command, code=code, given=given)
        assert end.code == 0, end.err
        return end.out

    def dies(self, fault: str, *command: str, given: bytes = b"") -> None:
        """Run until the fault; its leases end at once, so that nobody needs to wait for them."""
        end = self.forks.run(*command, given=given, fault=fault, JOBS_LEASE_SECONDS=0)
        assert end.code == -signal.SIGKILL, (fault, end)

    def everything_once(self, sent: list[str], more_on_the_wire: int = 0) -> None:
        """Every mail is one case with its picture, and its writer got one answer."""
        self.does("worker", "--once")
        report = json.loads(self.does(code=REPORT))
        assert report["mails"] == sorted(sent)
        assert (report["outcomes"], report["cases"], report["pictures"]) == ([["created", "done"]], len(sent), len(sent))
        assert report["raw"]
        assert report["told"] == report["case_keys"]
        assert report["sent"] == self.postmaster.in_the_inbox()
        assert len(self.postmaster.received) == len(sent) + more_on_the_wire
        writers = Counter(message["To"] for message in self.postmaster.inbox)
        assert len(writers) == len(sent) == writers.total()


@pytest.fixture
def post(site, tmp_path):
    made = Post(tmp_path, site.copy(tmp_path))
    yield made
    made.close()


@pytest.fixture
def fetched(site, tmp_path):
    """With a real IMAP server."""
    dovecot = start_dovecot()
    made = Post(tmp_path, site.copy(tmp_path), dovecot.port)
    yield made, dovecot
    made.close()
    dovecot.close()


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


def one(number: int) -> tuple[str, bytes]:
    identity = f"<kill-{number}@example.org>"
    files = [("photo.png", "image/png", picture())]
    return identity, eml(f"第{number}封：三号楼电梯又停了。", sender=f"r{number}@example.org", message_id=identity, files=files)


def killed(post: Post, raw: bytes, step: str) -> None:
    """Killed at a step; the mail server, which got no answer, brings the mail again, as it does."""
    post.dies(step, "receive_mail", given=raw)
    assert json.loads(post.does("receive_mail", given=raw))["outcome"] in {"created", "duplicate"}


@pytest.mark.slow
def test_killed_in_the_middle_of_its_transaction_a_mail_is_taken_up(post):
    identity, raw = one(0)
    killed(post, raw, "mail.deciding")
    post.everything_once([identity])


def test_no_step_is_forgotten():
    """Every place where a mail's process can be killed is killed in below."""
    sources = [*Path(linsheng.__path__[0], "intake").glob("**/*.py"), Path(linsheng.__path__[0], "messaging", "deliveries.py")]
    named = {name for source in sources for name in re.findall(r'\bfault\("([\w.]+)"\)', source.read_text())}
    assert named == {*RECEIVING, *FETCHING, *SENDING, "deliveries.before_claim"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_fifty_kills_of_the_pipe_lose_no_mail_and_tell_nobody_twice(post):
    sent = []
    for number in range(8 * len(RECEIVING)):
        identity, raw = one(number)
        killed(post, raw, RECEIVING[number % len(RECEIVING)])
        sent.append(identity)
        if number % 20 == 7:
            post.does("worker", "--once")
    post.everything_once(sent)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_forty_kills_of_the_fetcher_lose_no_mail_and_bring_none_twice(fetched):
    """Every look of the fetcher is killed at a step, with two mails waiting; the next look begins where the server stands."""
    post, dovecot = fetched
    sent = []
    for number in range(7 * len(FETCHING)):
        identity, raw = one(number)
        dovecot.put("desk", raw)
        sent.append(identity)
        post.dies(FETCHING[number % len(FETCHING)], "fetch_mail", "--once")
        post.does(code=LATER)
        if number % 2:
            post.does("fetch_mail", "--once")
    post.does("fetch_mail", "--once")
    assert all("\\Seen" in flags for flags in dovecot.flags("desk"))
    post.everything_once(sent)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_thirty_kills_of_the_worker_that_answers_lose_no_mail_and_tell_nobody_twice(fetched):
    """Fetched by one process, made cases and answered by another, which is killed at each of its steps."""
    post, dovecot = fetched
    sent, steps = [], (*PROCESSING, *SENDING)
    post.does("worker", "--once")
    for number in range(3 * len(steps)):
        identity, raw = one(number)
        dovecot.put("desk", raw)
        sent.append(identity)
        post.does("fetch_mail", "--once")
        post.dies(steps[number % len(steps)], "worker", "--once")
        if number % 2:
            post.does("worker", "--once")
    # Twice on the wire only where nobody could know that the server had it; the inbox keeps one.
    post.everything_once(sent, more_on_the_wire=3)
