"""``manage.py openapi``: write the API's schema; ``--check`` fails when the written one is out of date."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linsheng.api.router import build, schema
from linsheng.api.views import SCHEMA_FILE


class Command(BaseCommand):
    help = "Write linsheng/api/openapi.json from the code, or check that it is current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(schema(build()), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
        if not options["check"]:
            SCHEMA_FILE.write_text(text, encoding="utf-8")
        elif not SCHEMA_FILE.exists() or SCHEMA_FILE.read_text(encoding="utf-8") != text:
            raise CommandError("openapi.json is not what the code says: run manage.py openapi")
