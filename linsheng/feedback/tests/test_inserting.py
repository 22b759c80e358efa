"""Rows written with a statement worded once are the rows that Django would write."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from linsheng.core.inserting import insert
from linsheng.feedback.models import Case, CaseEvent
from linsheng.feedback.tests import factories as make
from linsheng.messaging.models import Notice, NoticeKind


def notice(key: str, now, **values) -> Notice:
    return Notice(key=key, kind=NoticeKind.CASE_WORK, title="漏水", body="三楼", url="/cases/1/", created_at=now, **values)


def copied(row, *but: str):
    names = [field.attname for field in row._meta.concrete_fields if field.name not in {"id", *but}]
    return type(row)(**{name: getattr(row, name) for name in names})


def test_it_writes_what_django_writes(cast, now):
    event = CaseEvent.objects.filter(case=make.received(cast, now)).first()
    copies = [copied(event), copied(event)]
    for copy in copies:
        copy.data = {"words": "“引号”\\n", "list": [1, None]}
    insert(copies[0])
    copies[1].save(force_insert=True)
    by_us, by_django = (CaseEvent.objects.get(pk=copy.pk) for copy in copies)
    assert {**model_to_dict(by_us), "at": by_us.at, "id": 0} == {**model_to_dict(by_django), "at": by_django.at, "id": 0}


def test_every_column_of_a_case_is_read_back(cast, now):
    copy = copied(make.received(cast, now), "number")
    copy.number, copy.track_token, copy.submission_key, copy.call = "XX-1", "another", "once", {"from": "10000000001"}
    insert(copy)
    assert not copy._state.adding
    found = Case.objects.get(pk=copy.pk)
    for field in Case._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(copy, field.attname), field.name


def test_a_choice_is_written_as_its_text(db, now):
    row = notice("a", now)
    insert(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM messaging_notice WHERE id = %s", [row.pk])
        assert cursor.fetchone() == (NoticeKind.CASE_WORK.value,)


def test_what_is_there_already_is_left_alone_and_the_transaction_goes_on(db, now):
    with transaction.atomic():
        assert insert(notice("once", now), unless="key")
        again = notice("once", now)
        assert not insert(again, unless="key")
        assert again.pk is None
        assert insert(notice("twice", now), unless="key")
    assert set(Notice.objects.values_list("key", flat=True)) == {"once", "twice"}


def test_whatever_else_the_database_refuses_is_an_error(db, now):
    insert(notice("once", now))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(notice("once", now))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Notice(key="none", kind=NoticeKind.CASE_WORK, title=None, body="", url="", created_at=now))
