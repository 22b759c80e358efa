"""``manage.py token USERNAME``: an API token for a user, printed last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linsheng.accounts import queries
from linsheng.accounts.actions import create_token
from linsheng.core import clock
from linsheng.core.errors import DomainError


class Command(BaseCommand):
    help = "Makes an API token for a user and prints it as the last line. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="manage.py token", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        user = queries.user_called(options["username"])
        if user is None:
            raise CommandError(f"There is no user called {options['username']!r}.")
        try:
            new = create_token(user=user, name=options["name"], by=None, now=clock.now())
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stderr.write(f"Token {new.token.prefix}… for {user.username}; revoke it under /me/tokens/.")
        self.stdout.write(new.secret)
