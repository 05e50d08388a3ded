"""Needs: what a person wants help with, and what became of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update

from kisi.clock import today
from kisi.db import counts
from kisi.db.models import Need, Person
from kisi.db.repository.base import Records
from kisi.domain import need
from kisi.domain.entry import Stored
from kisi.domain.need import NeedEntry
from kisi.domain.refusal import NotFound, NotPossible, Outdated
from kisi.permissions import Permission


@dataclass(frozen=True)
class NeedFile(Stored[NeedEntry]):
    status: need.Status
    noted_on: date
    closed_on: date | None


class Needs(Records[Need, NeedEntry]):
    model = Need
    entry = NeedEntry

    def of_person(self, person_id: int) -> list[NeedFile]:
        """A person's needs: unsettled ones first, then the newest."""
        self._user.require(Permission.VIEW_CASES)
        rows = self._session.scalars(
            self._own(select(Need)).where(Need.person_id == person_id).order_by(Need.id.desc())
        ).all()
        files = [_file(row, self._entry_of(row)) for row in rows]
        return sorted(files, key=lambda file: file.status not in need.UNSETTLED)

    def open(self, id: int) -> NeedFile:
        self._user.require(Permission.VIEW_CASES)
        row = self._get(id)
        return _file(row, self._entry_of(row))

    def set_status(self, seen: Stored[NeedEntry], status: need.Status) -> None:
        """Raises Outdated, or NotPossible when the step is not in the table of moves."""
        self._user.require(self.edit)
        row = self._get(seen.id)
        if row.version != seen.version:
            raise Outdated
        if not need.may_become(row.status, status):
            raise NotPossible
        self.move(row, status)

    def move(self, row: Need, status: need.Status) -> None:
        """Set the status, and keep the person's number of open needs in step."""
        self._user.require(self.edit)
        shift = (status in need.UNSETTLED) - (row.status in need.UNSETTLED)
        if shift:
            self._shift_counts(row, unsettled=shift)
        row.status = status
        row.closed_on = None if status in need.UNSETTLED else today()
        self._session.flush()
        self._count_open(row.person_id)

    def _fill(self, row: Need, entry: NeedEntry, *, new: bool) -> None:
        """A need stays with its person: other persons are none of this change's business."""
        if new:
            row.person_id = self._own_person(entry.person_id).id
            row.noted_on = today()
        elif entry.person_id != row.person_id:
            raise NotFound
        elif row.area is not entry.area:
            still_open = int(row.status in need.UNSETTLED)
            self._shift_counts(row, noted=-1, unsettled=-still_open)
            row.area = entry.area
            self._shift_counts(row, noted=1, unsettled=still_open)
        row.area = entry.area
        row.wish = entry.wish

    def _added(self, row: Need, entry: NeedEntry) -> None:
        self._shift_counts(row, noted=1, unsettled=1)
        self._count_open(row.person_id)

    def _shift_counts(self, row: Need, **by: int) -> None:
        connection = self._session.connection()
        counts.shift(connection, row.municipality_id, row.area, row.noted_on, **by)

    def _count_open(self, person_id: int) -> None:
        """The number is no one's entry: it changes no version and is not noted."""
        open_ones = (
            select(func.count())
            .select_from(Need)
            .where(Need.person_id == person_id, Need.status.in_(need.UNSETTLED))
            .scalar_subquery()
        )
        self._session.connection().execute(
            update(Person)
            .where(
                Person.id == person_id,
                Person.municipality_id == self._user.municipality_id,
            )
            .values(open_needs=open_ones)
        )

    def _own_person(self, person_id: int) -> Person:
        person = self._session.scalar(
            select(Person).where(
                Person.id == person_id, Person.municipality_id == self._user.municipality_id
            )
        )
        if person is None:
            raise NotFound
        return person


def _file(row: Need, entry: NeedEntry) -> NeedFile:
    return NeedFile(row.id, row.version, entry, row.status, row.noted_on, row.closed_on)
