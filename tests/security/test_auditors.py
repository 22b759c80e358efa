"""Owners' committees read what was done, not who their neighbours are."""

import pytest
from django.test import Client

from linsheng.core import clock
from linsheng.feedback import actions
from linsheng.feedback.actor import Actor
from tests.security.worlds import body_of

# What tells one resident from another. Homes are numbered by building and floor; neither stands on these pages.
NAMES = ("业主甲", "邻居乙", "10000000001", "10000000002", "3-2-1201", "3-2-1202", "owner@example.com")


def reader(user) -> Client:
    client = Client()
    client.force_login(user, backend="linsheng.accounts.backends.AccountBackend")
    return client


@pytest.fixture
def talked(own, cast):
    """Reporter and neighbour left their traces, staff wrote about them."""
    now = clock.now()
    actions.join_case(case=own.case, by=cast.neighbour, now=now)
    actions.add_note(case=own.case, text="业主甲说邻居乙也遇到", by=Actor.staff(cast.frontdesk), now=now)
    return own.case


def test_the_trail_names_no_resident_to_who_may_not_know_them(cast, talked):
    for address in ("/audit/", "/audit/export/"):
        text = body_of(reader(cast.auditor).get(address)).decode()
        assert "住户" in text and not [name for name in NAMES if name in text]
        assert "客服小林" in text
        assert "业主甲" in body_of(reader(cast.director).get(address)).decode()


def test_the_trail_is_not_asked_for_a_resident_by_name_either(cast, talked):
    client = reader(cast.auditor)
    nobody = client.get("/audit/", {"actor": "没有这个人"}).content.decode().count("<tr>")
    for name in ("业主甲", "邻居", "owner"):
        assert client.get("/audit/", {"actor": name}).content.decode().count("<tr>") == nobody
    assert client.get("/audit/", {"actor": "小林"}).content.decode().count("<tr>") > nobody


def test_neither_cases_nor_their_file_name_them(cast, talked, own):
    client = reader(cast.auditor)
    pages = [
        "/cases/?view=all",
        f"/cases/{talked.pk}/",
        f"/cases/{own.resolved.pk}/",
        "/cases/export/?view=all&format=csv",
        "/today/",
    ]
    pages += ["/cases/?view=all&q=业主甲", "/cases/?view=all&q=10000000001", "/figures/monthly/"]
    for page in pages:
        text = body_of(client.get(page)).decode().replace('value="业主甲"', "").replace('value="10000000001"', "")
        text = text.replace("q=%E4%B8%9A", "").replace("q=10000000001", "")
        assert not [name for name in NAMES if name in text], page
    for words in ("业主甲", "10000000001", "3-2-1201"):
        assert talked.number not in client.get("/cases/", {"view": "all", "q": words}).content.decode(), words
