"""``manage.py demo_users``: who is who in the demo company."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linsheng.communities.models import Organisation
from linsheng.simulate import demo


class Command(BaseCommand):
    help = "One of each in the demo company, all of the same community; outsider is staff of another company."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Organisation.objects.filter(code=demo.CODE).exists():
            raise CommandError("没有演示数据，请先运行 manage.py demo。")
        found = {role: {"username": user.username, "community": community} for role, (user, community) in demo.people().items()}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for role, one in found.items():
            self.stdout.write(f"{role:14} {one['username']:24} {one['community']}")
