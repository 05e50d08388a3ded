"""What all tables share: types, the columns of every record, and sealed fields."""

import json
import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar, overload

from sqlalchemy import DateTime, Enum, ForeignKey, LargeBinary, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from kisi.clock import now
from kisi.db import keys
from kisi.domain.choices import Choice

Value = TypeVar("Value")


class UtcTime(TypeDecorator[datetime]):
    """A moment, always with its time zone; SQLite forgets it otherwise."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    # Constraints with names can be changed by later migrations, on SQLite too.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        # Stored as text, so that a new choice needs no change to the table.
        Choice: Enum(
            Choice,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda kind: [choice.value for choice in kind],
        ),
        datetime: UtcTime,
    }


def new_uid() -> str:
    return secrets.token_hex(16)


class Record(Base):
    """What every kind of record has besides its own fields.

    `uid` is drawn when a form is opened: saving the same form twice meets its own uid and
    stores once.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        # Saving an outdated copy fails instead of overwriting a colleague's work.
        return {"version_id_col": cls.version}


class Sealed:
    """A record with fields that are encrypted together in one column.

    The record's uid is part of what is authenticated, so one person's fields do not open in
    another person's row. Give the uid before the first sealed field.
    """

    __tablename__: Any
    uid: Mapped[str]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    def unseal(self) -> dict[str, Any]:
        """All sealed fields by name. Raises CannotOpen."""
        if self.sealed is None:
            return {}
        sealed, fields = self.__dict__.get("_opened", (None, {}))
        if sealed is not self.sealed:
            fields = json.loads(keys.vault().ring.open(self.sealed, self._context()))
            self.__dict__["_opened"] = (self.sealed, fields)
        return dict(fields)

    def seal(self, fields: dict[str, Any]) -> None:
        if self.uid is None:
            self.uid = new_uid()
        written = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        self.sealed = keys.vault().ring.seal(written, self._context())

    def _context(self) -> str:
        return f"{self.__tablename__}:{self.uid}"


class Secret(Generic[Value]):
    """One field of a `Sealed` record: ``given_name = Secret("")`` with what it is when empty."""

    def __init__(self, empty: Value) -> None:
        self._empty = empty

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, row: None, owner: type) -> "Secret[Value]": ...
    @overload
    def __get__(self, row: Sealed, owner: type) -> Value: ...
    def __get__(self, row: Sealed | None, owner: type) -> "Value | Secret[Value]":
        if row is None:
            return self
        value: Value = row.unseal().get(self._name, self._empty)
        return value

    def __set__(self, row: Sealed, value: Value) -> None:
        fields = row.unseal()
        if fields.get(self._name, self._empty) == value:
            return
        row.seal({**fields, self._name: value})
        row.__dict__.setdefault("_secrets_changed", set()).add(self._name)


def secret_names(model: type) -> list[str]:
    return [name for name in dir(model) if isinstance(getattr(model, name, None), Secret)]
