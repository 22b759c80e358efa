"""Addresses of the API that are pages; the operations have their own tests, by token."""

from linsheng.core.testing import ALL, PermissionRow

ROWS = [PermissionRow("api_schema", allowed=ALL), PermissionRow("api_docs", allowed=ALL)]
