"""The permission table of this app, put together from its parts."""

from linsheng.surveys.tests import (
    permission_rows_exports,
    permission_rows_publishing,
    permission_rows_questionnaires,
    permission_rows_waves,
)

ROWS = [
    *permission_rows_questionnaires.ROWS,
    *permission_rows_waves.ROWS,
    *permission_rows_exports.ROWS,
    *permission_rows_publishing.ROWS,
]
