"""Referrals: passed on, watched, answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import joinedload

from kisi.clock import today
from kisi.db.models import Agency, Need, Person, Referral
from kisi.db.repository.base import Records
from kisi.db.repository.needs import Needs
from kisi.domain import need, referral
from kisi.domain.agency import AgencyEntry
from kisi.domain.choices import Choice
from kisi.domain.entry import Page, Stored
from kisi.domain.need import Area
from kisi.domain.person import PersonEntry
from kisi.domain.referral import ReferralEntry
from kisi.domain.refusal import NotFound, NotPossible, Outdated
from kisi.i18n import N_


class Show(Choice):
    """What a list of referrals is narrowed to; the numbers on Heute open these."""

    WAITING = "waiting", N_("wartet auf Antwort")
    DUE = "due", N_("heute fällig")
    OVERDUE = "overdue", N_("überfällig")
    CLOSED = "closed", N_("abgeschlossen")
    ALL = "all", N_("alle")


@dataclass(frozen=True)
class ReferralRow:
    """One line of a list."""

    id: int
    person_id: int
    person: str
    code: str
    area: Area
    agency: str
    status: referral.Status
    referred_on: date
    follow_up_on: date


@dataclass(frozen=True)
class ReferralFile(Stored[ReferralEntry]):
    person_id: int
    person: str
    code: str
    area: Area
    agency_id: int
    agency: str
    status: referral.Status
    closed_on: date | None


class Referrals(Records[Referral, ReferralEntry]):
    model = Referral
    entry = ReferralEntry

    def page(
        self, show: Show, *, offset: int = 0, limit: int = 25, from_end: bool = False
    ) -> Page[ReferralRow]:
        """The most pressing first. The total stops at COUNTED_AT_MOST + 1."""
        self._user.require(self.view)
        newest_first = show in (Show.CLOSED, Show.ALL)
        order: list[ColumnElement[Any]] = (
            [Referral.id.desc()]
            if newest_first
            else [Referral.follow_up_on.asc(), Referral.id.asc()]
        )
        query = self._joined().where(*_conditions(show, today()))
        rows = self._slice(query, order, offset, limit, from_end)
        return Page([_row(row) for row in rows], self.count(show))

    def count(self, show: Show) -> int:
        self._user.require(self.view)
        return self._count_some(*_conditions(show, today()))

    def of_person(self, person_id: int) -> list[ReferralRow]:
        self._user.require(self.view)
        rows = self._session.scalars(
            self._joined().where(Referral.person_id == person_id).order_by(Referral.id.desc())
        )
        return [_row(row) for row in rows]

    def for_slip(self, person_id: int) -> list[tuple[ReferralRow, AgencyEntry]]:
        """Where the person is to go: the referrals still waiting, with how to get there."""
        self._user.require(self.view)
        rows = self._session.scalars(
            self._joined()
            .where(Referral.person_id == person_id, *_conditions(Show.WAITING, today()))
            .order_by(Referral.id)
        )
        return [(_row(row), _agency(row.agency)) for row in rows]

    def open(self, id: int) -> ReferralFile:
        """One referral. That the person's file was read is noted in the audit."""
        self._user.require(self.view)
        row = self._session.scalar(self._joined().where(Referral.id == id))
        if row is None:
            raise NotFound
        self._access.note_read("person", row.person_id)
        return ReferralFile(
            row.id,
            row.version,
            self._entry_of(row),
            person_id=row.person_id,
            person=_name(row),
            code=row.person.code,
            area=row.need.area,
            agency_id=row.agency_id,
            agency=row.agency.name,
            status=row.status,
            closed_on=row.closed_on,
        )

    def answer(self, seen: Stored[ReferralEntry], status: referral.Status) -> None:
        """Note what came of it; the need behind it follows. Raises Outdated or NotPossible."""
        self._user.require(self.edit)
        row = self._get(seen.id)
        if row.version != seen.version:
            raise Outdated
        if not referral.may_become(row.status, status):
            raise NotPossible
        row.status = status
        row.closed_on = None if status in referral.WAITING else today()
        self._lead_need(row)

    def ask_again(self, seen: Stored[ReferralEntry], on: date) -> None:
        """No answer yet: watch for another day."""
        self._user.require(self.edit)
        row = self._get(seen.id)
        if row.version != seen.version:
            raise Outdated
        if row.status not in referral.WAITING or on <= today():
            raise NotPossible
        row.follow_up_on = on

    def _fill(self, row: Referral, entry: ReferralEntry, *, new: bool) -> None:
        if new:
            wanted = self._own_need(entry.need_id)
            if wanted.status not in need.UNSETTLED:
                raise NotPossible
            self._own_agency(entry.agency_id)
            row.need_id, row.agency_id = wanted.id, entry.agency_id
            row.person_id = wanted.person_id
        row.way = entry.way
        row.referred_on = entry.referred_on
        row.follow_up_on = entry.follow_up_on
        row.note = entry.note

    def _added(self, row: Referral, entry: ReferralEntry) -> None:
        self._lead_need(row)

    def _lead_need(self, row: Referral) -> None:
        """A referral that is answered says what became of the need."""
        after = referral.NEED_AFTER.get(row.status)
        wanted = self._own_need(row.need_id)
        if after is None or after is wanted.status or wanted.status not in need.UNSETTLED:
            return  # what a guide has settled is not opened again by a late answer
        if after is need.Status.OPEN and self._others_waiting(row):
            return
        Needs(self._access).move(wanted, after)

    def _others_waiting(self, row: Referral) -> bool:
        """Whether another body has been asked about the same need and has not answered yet."""
        waiting = _conditions(Show.WAITING, today())
        others = self._own(select(Referral.id)).where(
            Referral.need_id == row.need_id, Referral.id != row.id, *waiting
        )
        return self._session.scalar(others.limit(1)) is not None

    def _own_need(self, need_id: int) -> Need:
        found = self._session.scalar(
            select(Need).where(
                Need.id == need_id, Need.municipality_id == self._user.municipality_id
            )
        )
        if found is None:
            raise NotFound
        return found

    def _own_agency(self, agency_id: int) -> Agency:
        found = self._session.scalar(
            select(Agency).where(
                Agency.id == agency_id,
                Agency.municipality_id == self._user.municipality_id,
                Agency.active,
            )
        )
        if found is None:
            raise NotFound
        return found

    def _joined(self) -> Select[Referral]:
        return self._own(select(Referral)).options(
            joinedload(Referral.person).raiseload(Person.languages),
            joinedload(Referral.need),
            joinedload(Referral.agency).raiseload(Agency.areas),
        )


def _conditions(show: Show, day: date) -> list[ColumnElement[bool]]:
    """The one meaning of "due" and "overdue" in SQL; referral.is_overdue is its twin in Python."""
    # Written out, not as parameters: only so does SQLite see that the index on these fits.
    waiting = Referral.status.in_(
        bindparam("waiting", list(referral.WAITING), expanding=True, literal_execute=True)
    )
    match show:
        case Show.WAITING:
            return [waiting]
        case Show.DUE:
            return [waiting, Referral.follow_up_on == day]
        case Show.OVERDUE:
            return [waiting, Referral.follow_up_on < day]
        case Show.CLOSED:
            return [Referral.status.not_in(referral.WAITING)]
        case _:
            return []


def _row(row: Referral) -> ReferralRow:
    return ReferralRow(
        id=row.id,
        person_id=row.person_id,
        person=_name(row),
        code=row.person.code,
        area=row.need.area,
        agency=row.agency.name,
        status=row.status,
        referred_on=row.referred_on,
        follow_up_on=row.follow_up_on,
    )


def _agency(row: Agency) -> AgencyEntry:
    return AgencyEntry(
        name=row.name, address=row.address, phone=row.phone, opening_hours=row.opening_hours
    )


def _name(row: Referral) -> str:
    person = row.person
    return PersonEntry(given_name=person.given_name, family_name=person.family_name).name
