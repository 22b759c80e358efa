"""``manage.py fetch_mail [--once]``: bring the mails of all mailboxes."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connections

from linsheng.core import clock
from linsheng.intake.actions.mail.fetching import fetch_mailbox, mailboxes_to_fetch
from linsheng.intake.imap import MailboxFault, session
from linsheng.intake.models import Mailbox

EVERY_SECONDS = 60
# Servers end an IDLE that lasts too long; a new look in between costs little.
IDLE_SECONDS = 300


class Command(BaseCommand):
    help = (
        "Fetches new mail by IMAP and stores it; the worker makes cases of it. With --once each mailbox is looked at once; else it "
        "goes on, and hears of new mail at once where the server offers IDLE. The worker alone fetches every minute."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once, and say what was found")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            for mailbox in mailboxes_to_fetch():
                self._fetch(mailbox)
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        watched: dict[int, threading.Thread] = {}
        while not stop.is_set():
            for mailbox in mailboxes_to_fetch():
                if mailbox.pk not in watched or not watched[mailbox.pk].is_alive():
                    watched[mailbox.pk] = threading.Thread(target=self._watch, args=(mailbox.pk, stop), daemon=True)
                    watched[mailbox.pk].start()
            stop.wait(EVERY_SECONDS)

    def _fetch(self, mailbox: Mailbox) -> bool:
        found = fetch_mailbox(mailbox=mailbox, clock=clock.now)
        words = f"{mailbox.address}: {found.stored} new, {found.again} known"
        self.stdout.write(f"{words}; {found.error}" if found.error else words)
        return not found.error

    def _watch(self, pk: int, stop: threading.Event) -> None:
        """Fetch and wait, until the mailbox is switched off."""
        try:
            while not stop.is_set():
                mailbox = Mailbox.objects.select_related("organisation", "community").filter(pk=pk, active=True).first()
                if mailbox is None:
                    return
                if not self._fetch(mailbox) or not self._idle(mailbox):
                    stop.wait(EVERY_SECONDS)
        except DatabaseError as error:
            self.stderr.write(f"the database does not answer ({error}); trying again in {EVERY_SECONDS} s")
        finally:
            connections.close_all()

    def _idle(self, mailbox: Mailbox) -> bool:
        """Wait for the server's word; False where it gives none."""
        try:
            with session(mailbox) as folder:
                if not folder.can_idle:
                    return False
                # What came between the last look and this one must not wait.
                if not folder.uids(Mailbox.objects.values_list("last_uid", flat=True).get(pk=mailbox.pk)):
                    folder.idle(IDLE_SECONDS)
                return True
        except MailboxFault:
            return False
