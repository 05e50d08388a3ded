"""What every kind of record shares: permission, municipality, version, and saving once."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, UnaryExpression, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.sql import operators

from kisi.db import audit
from kisi.db.models import Record
from kisi.domain.entry import Input, Stored
from kisi.domain.refusal import NotFound, Outdated
from kisi.domain.text import clean_line
from kisi.permissions import Permission, User

Row = TypeVar("Row", bound=Record)

# Beyond this many matches a list says "more than …" instead of counting on.
COUNTED_AT_MOST = 1000

# What is searched for has at most this many words: each costs the database a condition of its own,
# and with some hundreds PostgreSQL plans for minutes.
MOST_WORDS = 12

# A file that stays open is read again at every click; one entry in the log per this many seconds.
READ_NOTED_FOR = 600
_read_lately: dict[tuple[int, str, int], float] = {}


@dataclass
class Access:
    """One person's use of the database during one transaction."""

    session: Session
    user: User
    afterwards: list[audit.Note] = field(default_factory=list)

    def note_read(self, record: str, record_id: int) -> None:
        """Put the reading of a person's file into the audit, once in ten minutes."""
        key, at = (self.user.account_id, record, record_id), time.monotonic()
        if at - _read_lately.get(key, -READ_NOTED_FOR) < READ_NOTED_FOR:
            return
        if len(_read_lately) > 10_000:
            _read_lately.clear()
        _read_lately[key] = at
        self.afterwards.append(audit.Note(audit.Action.READ, record, record_id))


class Records(Generic[Row, Input]):
    """What a page may do with one kind of record. Subclasses say what is special."""

    model: type[Row]
    entry: type[Input]
    view: ClassVar[Permission] = Permission.VIEW_CASES
    edit: ClassVar[Permission] = Permission.EDIT_CASES

    def __init__(self, access: Access) -> None:
        self._access = access
        self._session = access.session
        self._user = access.user

    def add(self, entry: Input, key: str | None = None) -> int:
        """Store the entry and return its id. With the key of a form, saving twice stores once."""
        self._user.require(self.edit)
        if key and (row := self._find(self.model.uid == key)):
            return row.id
        row = self.model(municipality_id=self._user.municipality_id)
        if key:
            row.uid = key
        self._fill(row, entry, new=True)
        self._session.add(row)
        self._session.flush()
        self._added(row, entry)
        return row.id

    def change(self, seen: Stored[Input], entry: Input) -> None:
        """Replace what the person saw by what they entered. Raises Outdated."""
        self._user.require(self.edit)
        row = self._get(seen.id)
        if row.version != seen.version:
            raise Outdated
        # A change of what hangs on the row alone, such as languages, counts as one of the row.
        flag_modified(row, "municipality_id")
        self._fill(row, entry, new=False)

    def get(self, id: int) -> Stored[Input]:
        self._user.require(self.view)
        row = self._get(id)
        return Stored(row.id, row.version, self._entry_of(row))

    def _fill(self, row: Row, entry: Input, *, new: bool) -> None:
        """Put the entry's fields into the row."""
        for name, value in asdict(entry).items():
            setattr(row, name, value)

    def _added(self, row: Row, entry: Input) -> None:
        """What else is to be stored once the row has its id."""

    def _entry_of(self, row: Row) -> Input:
        names = self.entry.__dataclass_fields__
        return self.entry(**{name: getattr(row, name) for name in names})

    def _get(self, id: int) -> Row:
        row = self._find(self.model.id == id)
        if row is None:
            raise NotFound
        return row

    def _find(self, condition: ColumnElement[bool]) -> Row | None:
        found: Row | None = self._session.scalar(self._own(select(self.model)).where(condition))
        return found

    def _own(self, query: Select[Any]) -> Select[Any]:
        return query.where(self.model.municipality_id == self._user.municipality_id)

    def _slice(
        self,
        query: Select[Any],
        order: Sequence[ColumnElement[Any]],
        offset: int,
        limit: int,
        from_end: bool,
    ) -> list[Row]:
        """Some rows in order; from the end the offset counts backwards from the last one."""
        wanted = [_turned(one) for one in order] if from_end else list(order)
        rows = list(self._session.scalars(query.order_by(*wanted).offset(offset).limit(limit)))
        return rows[::-1] if from_end else rows

    def _count_some(self, *conditions: ColumnElement[bool]) -> int:
        """How many match, but no more than COUNTED_AT_MOST + 1: counting 100,000 takes long."""
        some = self._own(select(self.model.id)).where(*conditions).limit(COUNTED_AT_MOST + 1)
        return int(self._session.scalar(select(func.count()).select_from(some.subquery())) or 0)

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        query = self._own(select(func.count()).select_from(self.model)).where(*conditions)
        return int(self._session.scalar(query) or 0)


def searched_words(text: str) -> list[str] | None:
    """The words to look for, fit for the database; None for what can match nothing."""
    words = clean_line(text).split()
    nothing_left = bool(text.strip()) and not words
    return None if nothing_left or len(words) > MOST_WORDS else words


def _turned(order: ColumnElement[Any]) -> ColumnElement[Any]:
    """The opposite direction of a column, or of a column with desc()."""
    if isinstance(order, UnaryExpression) and order.modifier is operators.desc_op:
        return order.element.asc()
    column = order.element if isinstance(order, UnaryExpression) else order
    return column.desc()
