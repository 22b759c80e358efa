"""The permission table of this app, put together from its parts."""

from linsheng.core.testing import PermissionRow
from linsheng.intake.tests import (
    permission_rows_calls,
    permission_rows_mail,
    permission_rows_paper,
    permission_rows_public,
    permission_rows_triage,
)

ROWS: list[PermissionRow] = [
    *permission_rows_public.ROWS,
    *permission_rows_paper.ROWS,
    *permission_rows_mail.ROWS,
    *permission_rows_calls.ROWS,
    *permission_rows_triage.ROWS,
]
