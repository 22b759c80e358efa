"""``manage.py token``."""

import pytest
from django.core.management import CommandError, call_command

from linsheng.accounts.actions import authenticate_token
from linsheng.accounts.models import ApiToken


def test_it_prints_the_token_last(cast, now, capsys):
    call_command("token", "frontdesk", "--name", "测试")
    secret = capsys.readouterr().out.strip().splitlines()[-1]
    assert authenticate_token(secret=secret, now=now) == cast.frontdesk
    assert ApiToken.objects.get().name == "测试"


def test_an_unknown_user_is_an_error(db):
    with pytest.raises(CommandError, match="no user"):
        call_command("token", "nobody")
