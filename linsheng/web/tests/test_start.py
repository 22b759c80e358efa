"""The first start without demo data."""

import pytest

from linsheng.communities.models import Organisation
from linsheng.core.errors import Conflict
from linsheng.feedback.models import EscalationStep
from linsheng.standards.models import Promise, ServiceItem
from linsheng.web.management.commands.start import Command, first_company

pytestmark = pytest.mark.django_db


def test_the_first_company_can_be_worked_with_at_once(now):
    user, password = first_company(now)
    assert user.check_password(password)
    assert Organisation.objects.get().name == "我的物业公司"
    for kind in (ServiceItem, Promise, EscalationStep):
        assert kind.objects.exists()


def test_there_is_no_second_first_company(now):
    first_company(now)
    with pytest.raises(Conflict):
        first_company(now)


def test_an_empty_start_prints_the_first_password(capsys):
    Command()._first_data(empty=True)
    shown = capsys.readouterr().out
    assert "admin" in shown
    assert "首次密码" in shown
