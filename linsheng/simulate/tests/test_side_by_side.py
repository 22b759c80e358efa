"""What is made by several processes is what one would make; one that fails is heard."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from linsheng.communities.models import Community, Organisation
from linsheng.feedback.models import Case, CaseEvent
from linsheng.messaging.models import Notice
from linsheng.simulate import demo
from linsheng.simulate.ledger import Batch, Ledger
from linsheng.simulate.removal import remove
from linsheng.simulate.side_by_side import MakerFailedError, made

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


def batch(mark: int) -> Batch:
    return Batch({}, searchable=[(mark, [])])


def loaded(processes: int) -> list[list[tuple]]:
    demo.load(demo.Size(communities=2, homes=60, months=2, cases=81), now=NOW, makers=processes)
    found = [
        list(Case.objects.order_by("number").values_list("number", "text", "state", "resolve_by", "closed_at")),
        list(CaseEvent.objects.order_by("case__number", "id").values_list("case__number", "at", "action", "text")),
        list(Notice.objects.order_by("created_at", "title", "user_id").values_list("created_at", "title", "body", "read_at")),
    ]
    for organisation in Organisation.objects.filter(is_demo=True):
        remove(organisation)
    return found


@needs_fork
def test_two_processes_make_what_one_makes(db):
    alone, beside = loaded(1), loaded(2)
    assert len(alone[0]) == 81
    assert alone == beside


@needs_fork
def test_what_one_maker_makes_stays_in_order():
    def maker(first: int) -> Iterator[Batch]:
        return (batch(first + place) for place in range(3))

    marks = [one.searchable[0][0] for one in made([lambda: maker(10), lambda: maker(20), lambda: maker(30)], 2)]
    assert sorted(marks) == [10, 11, 12, 20, 21, 22, 30, 31, 32]
    assert [mark for mark in marks if mark < 20] == [10, 11, 12]


@needs_fork
def test_a_maker_that_fails_says_why():
    def broken() -> Iterator[Batch]:
        yield batch(1)
        raise ValueError("the well is dry")

    with pytest.raises(MakerFailedError, match="the well is dry"):
        list(made([broken, lambda: iter(())], 2))


@needs_fork
def test_a_maker_that_is_killed_is_missed():
    def killed() -> Iterator[Batch]:
        yield batch(1)
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(MakerFailedError, match="was ended"):
        list(made([killed, lambda: iter(())], 2))


@needs_fork
def test_a_maker_beside_asks_nothing_of_the_database(db):
    def asking() -> Iterator[Batch]:
        yield batch(Community.objects.count())

    with pytest.raises(MakerFailedError, match="must not ask"):
        list(made([asking, asking], 2))


def test_parts_of_a_ledger_never_give_the_same_ids(cast):
    whole = Ledger.of(cast.organisation)
    first, second = whole.part(2), whole.part(3)
    assert second.next_id[Case] == first.next_id[Case] + 2
    assert second.next_id[CaseEvent] > first.next_id[CaseEvent] + 60


def test_a_part_that_needs_more_ids_than_it_has_stops(cast):
    part = Ledger.of(cast.organisation).part(1)
    part.next_id[Notice] = part.ends[Notice] + 1
    with pytest.raises(OverflowError):
        part.take()
