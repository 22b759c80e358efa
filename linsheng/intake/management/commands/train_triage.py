"""``manage.py train_triage --organisation CODE``: learn from a company's closed cases."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linsheng.communities.models import Organisation
from linsheng.core import clock
from linsheng.core.errors import Invalid
from linsheng.intake.actions.triage import train_triage


class Command(BaseCommand):
    help = "Learn from a company's closed cases which service item a text is about; the worker does so every week."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        company = Organisation.objects.filter(code=options["organisation"]).first()
        if company is None:
            raise CommandError(f"no organisation has the code {options['organisation']!r}")
        try:
            row = train_triage(organisation=company, by=None, now=clock.now())
        except Invalid as error:
            raise CommandError(error.message) from error
        first, three, words = row.report["blend"]["first"], row.report["blend"]["three"], row.report["lexicon"]["first"]
        self.stdout.write(
            f"version {row.version}: {row.cases} cases, {len(row.vocabulary)} terms, {len(row.classes)} items; of "
            f"{first['n']} later cases {first['right']} right at first, {three['right']} among three (lexicon: {words['right']})"
        )
