"""The lists that people look at all day are read by an index, whatever their size."""

import pytest
from django.db import connection

from linsheng.feedback.queries import BoardFilter, board


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["open", "unassigned", "late", "today"])
def test_open_lists_walk_the_workboard_s_index(cast, now, view):
    if connection.vendor != "sqlite":
        pytest.skip("an empty PostgreSQL table is rightly read as a whole")
    plan = board(cast.manager, BoardFilter(view=view, community=cast.community.pk), now).explain()
    assert "case_workboard (community_id=? AND is_open=?" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
