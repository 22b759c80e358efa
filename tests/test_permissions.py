"""Every URL × everybody of the cast. A URL without a row fails, and so does a row without a URL.

An app with addresses has ``linsheng/<app>/tests/permission_rows.py`` with ``ROWS: list[PermissionRow]``:

    PermissionRow("feedback:case", allowed=STAFF_HERE, args=lambda cast: {"pk": a_case(cast).pk})
"""

import importlib
import importlib.util

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from linsheng.core.testing import EVERYBODY, PermissionRow

# Django's own or a library's addresses, and addresses that the API's own table covers.
NOT_OURS = ("api-1.0.0:", "api:")


def rows() -> list[PermissionRow]:
    found: list[PermissionRow] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.tests.permission_rows"
        if config.name.startswith("linsheng.") and importlib.util.find_spec(name):
            found += importlib.import_module(name).ROWS
    return found


def url_names(resolver: URLResolver, prefix: str = "") -> set[str]:
    names: set[str] = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            names |= url_names(entry, space)
        elif isinstance(entry, URLPattern):
            names.add(f"{prefix}{entry.name}")
    return names


def test_every_address_has_a_row():
    ours = {name for name in url_names(get_resolver()) if not name.startswith(NOT_OURS)}
    assert ours - {row.name for row in rows()} == set()


def test_every_row_has_an_address():
    assert {row.name for row in rows()} - url_names(get_resolver()) == set()


def _is_refusal(response) -> bool:
    to_sign_in = response.status_code == 302 and response["Location"].startswith("/sign-in")
    return response.status_code in {401, 403, 404} or to_sign_in


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.method} {row.name}{row.query}")
def test_who_may_call_it(row: PermissionRow, cast):
    for person in EVERYBODY:
        client = Client()
        if person != "anonymous":
            client.force_login(getattr(cast, person), backend="linsheng.accounts.backends.AccountBackend")
        address = reverse(row.name, kwargs=row.args(cast)) + row.query
        response = client.get(address) if row.method == "GET" else client.post(address, row.data(cast))
        if person in row.allowed:
            good = not _is_refusal(response) and (response.status_code < 400 or response.status_code in row.accepted)
            assert good, f"{person} must be able to {row.method} {address}: got {response.status_code}"
        elif person in row.refused:
            assert response.status_code == row.refused[person], f"{person} {row.method} {address}: got {response.status_code}"
        else:
            assert _is_refusal(response), f"{person} must not {row.method} {address}: got {response.status_code}"
