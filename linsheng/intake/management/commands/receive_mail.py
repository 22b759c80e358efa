"""``manage.py receive_mail [--community CODE] < raw.eml``: one mail from a mail server's pipe."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from linsheng.communities.models import Community
from linsheng.core import clock
from linsheng.intake.actions.mail import process_mail, store_mail
from linsheng.intake.actions.mail.storing import Arrival
from linsheng.intake.models import Mail, Outcome, Reason

# What mail servers understand as "keep it, and try again later" (sysexits.h).
EX_TEMPFAIL = 75


class Command(BaseCommand):
    help = (
        "Reads one mail from standard input, keeps it and makes a case of it. Prints one line of JSON and exits 0 whenever "
        "the mail is safely stored, 75 (try again later) when it could not be stored."
    )
    # The mail server waits: the checks belong to the start of the product.
    requires_system_checks: list[str] = []  # as Django declares it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", metavar="CODE", help="where it belongs; without it the recipient's mailbox says so")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            arrival = self._store(options["community"])
        except (OSError, DatabaseError) as error:
            self.stderr.write(f"the mail could not be stored: {error}")
            raise SystemExit(EX_TEMPFAIL) from error
        self.stdout.write(json.dumps(self._outcome(arrival), ensure_ascii=False))

    def _store(self, code: str | None) -> Arrival:
        community = Community.objects.select_related("organisation").filter(code=code).first() if code else None
        if code and community is None:
            raise CommandError(f"There is no community with the code {code!r}.", returncode=EX_TEMPFAIL)
        return store_mail(source=sys.stdin.buffer, community=community, now=clock.now())

    def _outcome(self, arrival: Arrival) -> dict[str, Any]:
        """What became of it. From here on nothing can lose the mail: what fails now is done by the worker."""
        if arrival.again:
            return _line(arrival.mail, Outcome.DUPLICATE, str(Reason.SAME_MAIL.label))
        try:
            return _line(process_mail(mail=arrival.mail, now=clock.now()))
        except DatabaseError as error:
            self.stderr.write(f"stored, to be processed by the worker: {error}")
            return _line(arrival.mail, Outcome.PARKED, "stored; the worker will process it")


def _line(mail: Mail, outcome: str = "", reason: str = "") -> dict[str, Any]:
    said = outcome or mail.outcome
    words = reason or str(mail.get_reason_display())
    if said == Outcome.WAITING:
        said, words = Outcome.PARKED, words or "stored; the worker will process it"
    return {"outcome": str(said), "case": mail.case.number if mail.case else None, "reason": f"{words} {mail.note}".strip()}
