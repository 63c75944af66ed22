"""The kinds of columns. What both databases keep comes back equal from both: aware UTC times,
text that either can hold, whole numbers of 64 bits."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, Double, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

Number = BigInteger().with_variant(Integer, "sqlite")
"""A key that counts up: SQLite numbers rows by itself only where the type is INTEGER."""


def storable(text: str) -> str:
    """The text without what PostgreSQL (NUL) or UTF-8 (lone surrogates) cannot hold.

    A name or a message from outside must not be able to keep a row from being written.
    """
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Moment(TypeDecorator[datetime]):
    """An aware time: timestamptz in PostgreSQL, naive UTC in SQLite, which knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be kept")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # PostgreSQL answers in the zone of the connection, whatever that is.
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text, made storable on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


class Row(DeclarativeBase):
    """A row of any table."""

    # Names for everything: PostgreSQL invents others than SQLite, and a later migration needs them.
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        str: Words,
        int: Number,
        float: Double,
    }
