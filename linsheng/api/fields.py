"""Kinds of values that the API takes, each narrow enough that nothing behind it can stumble."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.timezone import get_current_timezone
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

EARLIEST, LATEST = 2000, 2100
# More than any key of ours has.
LARGEST_ID = 2**63 - 1


def _near(value: date) -> date:
    """Far dates fall off the ends of time zones and of databases."""
    if not EARLIEST <= value.year <= LATEST:
        raise PydanticCustomError("far_date", "outside the years that can be meant")
    return value


def _instant(value: datetime) -> datetime:
    """Aware: without an offset the company's local time is meant."""
    _near(value)
    return value if value.tzinfo else value.replace(tzinfo=get_current_timezone())


Day = Annotated[date, AfterValidator(_near)]
Instant = Annotated[datetime, AfterValidator(_instant)]


class Clean(Schema):
    """Values from outside: text without NUL, which PostgreSQL cannot keep."""

    @field_validator("*", mode="after")
    @classmethod
    def readable(cls, value: Any) -> Any:
        """Every text of the schema, and the texts of its lists."""
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and "\x00" in text for text in texts):
            raise PydanticCustomError("unreadable", "a NUL character")
        return value


class Strict(Clean):
    """A body in which an unknown field is an error, not silently dropped."""

    model_config = ConfigDict(extra="forbid")
