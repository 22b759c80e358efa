"""How often a wrong code may be tried from one address. Right codes are never counted: a neighbourhood may share one."""

from datetime import timedelta
from typing import Final

from linsheng.accounts.limits import Limit

WRONG_CODES: Final = Limit("survey.code", 20, timedelta(hours=1))
