"""Every index earns what it costs at each insert."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model, UniqueConstraint

from linsheng.core.indexes import own_indexes

OURS = [model for model in apps.get_models() if model.__module__.startswith("linsheng.")]


def leading(model: type[Model]) -> dict[str, str]:
    """Fields that an index or a unique constraint over all rows begins with, and its name."""
    indexes = {index.fields[0].lstrip("-"): index.name for index in model._meta.indexes if index.fields and index.condition is None}
    constraints = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint) and one.condition is None]
    return indexes | {one.fields[0]: one.name for one in constraints if one.fields}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_key_has_an_index_that_another_one_begins_with(model, db):
    doubled = {name: index for name, index in leading(model).items() if has_own(model, name)}
    assert not doubled, f"db_index=False for {doubled}"


def has_own(model: type[Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return bool(field.remote_field and not field.unique and own_indexes(connection, model, field.column))
