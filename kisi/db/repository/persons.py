"""Persons: found, listed, opened, taken in."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, literal_column, select, text
from sqlalchemy.orm import raiseload

from kisi.clock import today
from kisi.db import audit, search
from kisi.db.models import Municipality, Person, PersonLanguage, PersonToken
from kisi.db.repository.base import COUNTED_AT_MOST, MOST_WORDS, Records
from kisi.db.repository.finding import Finding, all_of
from kisi.domain.choices import Choice
from kisi.domain.entry import Page, Stored
from kisi.domain.person import Likeness, PersonEntry
from kisi.i18n import N_
from kisi.permissions import Permission

# One statement, so that the first two persons of a year may come at once; undone with the rest.
_NEXT_NUMBER = text(
    "INSERT INTO counter (municipality_id, name, value) VALUES (:town, :name, 1)"
    " ON CONFLICT (municipality_id, name) DO UPDATE SET value = counter.value + 1"
    " RETURNING value"
)


class Order(Choice):
    NEWEST = "newest", N_("zuletzt aufgenommen")
    OLDEST = "oldest", N_("zuerst aufgenommen")
    MOST_OPEN = "most_open", N_("meiste offene Bedarfe")
    YOUNGEST = "youngest", N_("jüngste zuerst")


class Show(Choice):
    """What a list of persons is narrowed to; the numbers on Heute open these."""

    ALL = "all", N_("alle")
    OPEN = "open", N_("mit offenem Bedarf")
    WITHOUT_NEED = "without_need", N_("ohne offenen Bedarf")


@dataclass(frozen=True)
class PersonFilter:
    text: str = ""
    """Name parts in any order and script, a code, or a year of birth."""
    show: Show = Show.ALL
    language: str = ""


@dataclass(frozen=True)
class PersonRow:
    """One line of a list."""

    id: int
    code: str
    name: str
    year_of_birth: int | None
    contact_language: str
    open_needs: int
    registered_on: date


@dataclass(frozen=True)
class PersonFile(Stored[PersonEntry]):
    """What the head of a person's file shows besides what was entered."""

    code: str
    registered_on: date


@dataclass(frozen=True)
class Match:
    """Someone already known who may be the person now standing here."""

    person: PersonRow
    likeness: Likeness


class Persons(Records[Person, PersonEntry]):
    model = Person
    entry = PersonEntry

    def page(
        self,
        wanted: PersonFilter,
        order: Order = Order.NEWEST,
        *,
        offset: int = 0,
        limit: int = 25,
        from_end: bool = False,
    ) -> Page[PersonRow]:
        """Some of the matching persons. The total stops at COUNTED_AT_MOST + 1; what lies beyond
        is reached by counting from the end."""
        self._user.require(Permission.VIEW_CASES)
        found = self._found(wanted)
        if found and wanted.show is Show.ALL and order in (Order.NEWEST, Order.OLDEST):
            newest = (order is Order.NEWEST) is not from_end
            rows, total = self._found_page(found, newest, offset, limit)
            rows = rows[::-1] if from_end else rows
        else:
            conditions = self._conditions(wanted)
            query = self._own(_LINES).where(*self._conditions(wanted, listing=True))
            rows = self._slice(query, _ORDERS[order], offset, limit, from_end)
            total = self._count_some(*conditions)
        return Page([_row(person) for person in rows], total)

    def _found_page(
        self, found: list[Select[int]], newest: bool, offset: int, limit: int
    ) -> tuple[list[Person], int]:
        """Ids first, counted and cut before any person is read: some ten times less to sort."""
        ids = all_of(found).distinct()
        id_column = ids.selected_columns[0]
        order = id_column.desc() if newest else id_column.asc()
        matching = self._session.scalars(ids.order_by(order).limit(COUNTED_AT_MOST + 1)).all()
        rows = self._session.scalars(
            self._own(_LINES)
            .where(Person.id.in_(matching[offset : offset + limit]))
            .order_by(Person.id.desc() if newest else Person.id.asc())
        )
        return list(rows), len(matching)

    def count(self, wanted: PersonFilter) -> int:
        """How many match; the total stops at COUNTED_AT_MOST + 1."""
        self._user.require(Permission.VIEW_CASES)
        return self._count_some(*self._conditions(wanted))

    def open(self, id: int) -> PersonFile:
        """A person's file. That it was read is noted in the audit."""
        self._user.require(Permission.VIEW_CASES)
        row = self._get(id)
        self._access.note_read("person", row.id)
        return PersonFile(row.id, row.version, self._entry_of(row), row.code, row.registered_on)

    def id_of(self, uid: str) -> int | None:
        """The person saved from the form with this uid, if it has been saved."""
        self._user.require(Permission.VIEW_CASES)
        row = self._find(Person.uid == uid)
        return row.id if row else None

    def code_of(self, id: int) -> str:
        self._user.require(Permission.VIEW_CASES)
        return self._get(id).code

    def export(self, id: int) -> PersonFile:
        """A person's file to leave the house on paper; noted in the audit as an export."""
        self._user.require(Permission.VIEW_CASES)
        row = self._get(id)
        audit.note(self._session, audit.Note(audit.Action.EXPORT, "person", row.id))
        return PersonFile(row.id, row.version, self._entry_of(row), row.code, row.registered_on)

    def similar(self, entry: PersonEntry, limit: int = 5) -> list[Match]:
        """Persons this may be, the likeliest first, each with the reason."""
        self._user.require(Permission.VIEW_CASES)
        parts = search.name_parts(entry.name)
        if not parts or len(parts) > MOST_WORDS:
            return []
        ids = all_of(self._finding().by_name(parts))
        found = self._session.scalars(
            self._own(_LINES)
            .where(Person.id.in_(ids))
            .order_by(
                case((Person.year_of_birth == entry.year_of_birth, 0), else_=1), Person.id.desc()
            )
            .limit(50)
        )
        matches = [Match(_row(person), _likeness(entry, person)) for person in found]
        order = list(_LIKELIEST)
        return sorted(matches, key=lambda match: order.index(match.likeness))[:limit]

    def _fill(self, row: Person, entry: PersonEntry, *, new: bool) -> None:
        if new:
            row.code = self._next_code()
            row.registered_on = today()
        row.given_name = entry.given_name
        row.family_name = entry.family_name
        row.gender = entry.gender
        row.year_of_birth = entry.year_of_birth
        row.nationality = entry.nationality
        row.contact_language = entry.languages[0]
        if tuple(one.language for one in row.languages) != entry.languages:
            row.languages = [
                PersonLanguage(
                    position=position,
                    language=language,
                    municipality_id=self._user.municipality_id,
                )
                for position, language in enumerate(entry.languages)
            ]
        if not new:
            self._index(row, entry)

    def _added(self, row: Person, entry: PersonEntry) -> None:
        self._index(row, entry)

    def _index(self, row: Person, entry: PersonEntry) -> None:
        """Bring the blind index in step with the name."""
        self._session.connection().execute(
            delete(PersonToken).where(PersonToken.person_id == row.id)
        )
        for token in sorted(search.tokens(entry.given_name, entry.family_name)):
            self._session.add(
                PersonToken(
                    person_id=row.id, token=token, municipality_id=self._user.municipality_id
                )
            )

    def _entry_of(self, row: Person) -> PersonEntry:
        return PersonEntry(
            given_name=row.given_name,
            family_name=row.family_name,
            gender=row.gender,
            year_of_birth=row.year_of_birth,
            nationality=row.nationality,
            languages=tuple(one.language for one in row.languages),
        )

    def _next_code(self) -> str:
        """MU-2026-0001: the municipality, the year, a number without gaps."""
        year = today().year
        number = self._session.connection().scalar(
            _NEXT_NUMBER, {"town": self._user.municipality_id, "name": f"person-{year}"}
        )
        return f"{self._short()}-{year}-{number:04d}"

    def _short(self) -> str:
        """The letters this municipality's codes begin with."""
        mine = Municipality.id == self._user.municipality_id
        return str(self._session.scalar(select(Municipality.short).where(mine)))

    def _conditions(
        self, wanted: PersonFilter, *, listing: bool = False
    ) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if wanted.show is Show.OPEN:
            # Counted by one index, listed in order by another; each wants its own words.
            none: ColumnElement[int] = literal_column("0")
            conditions.append(Person.open_needs != none if listing else Person.open_needs > none)
        elif wanted.show is Show.WITHOUT_NEED:
            conditions.append(Person.open_needs == 0)
        return conditions + [Person.id.in_(ids) for ids in self._found(wanted)]

    def _found(self, wanted: PersonFilter) -> list[Select[int]]:
        if not (wanted.text or wanted.language):
            return []
        finding = self._finding()
        by_language = [finding.by_language(wanted.language)] if wanted.language else []
        return by_language + finding.by_text(wanted.text)

    def _finding(self) -> Finding:
        return Finding(self._user.municipality_id, self._short())


# A line of a list shows the first language only, which stands in the person's own row.
_LINES = select(Person).options(raiseload(Person.languages))

_ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.NEWEST: (Person.id.desc(),),
    Order.OLDEST: (Person.id.asc(),),
    Order.MOST_OPEN: (Person.open_needs.desc(), Person.id.desc()),
    Order.YOUNGEST: (Person.year_of_birth.desc(), Person.id.desc()),
}

_LIKELIEST = (
    Likeness.SAME_NAME_AND_YEAR,
    Likeness.SIMILAR_NAME_AND_YEAR,
    Likeness.SAME_NAME,
    Likeness.SIMILAR_NAME,
)


def _row(person: Person) -> PersonRow:
    entry = PersonEntry(given_name=person.given_name, family_name=person.family_name)
    return PersonRow(
        id=person.id,
        code=person.code,
        name=entry.name,
        year_of_birth=person.year_of_birth,
        contact_language=person.contact_language,
        open_needs=person.open_needs,
        registered_on=person.registered_on,
    )


def _likeness(entry: PersonEntry, person: Person) -> Likeness:
    same_year = entry.year_of_birth is not None and person.year_of_birth == entry.year_of_birth
    known = replace(entry, given_name=person.given_name, family_name=person.family_name)
    if set(search.name_parts(entry.name)) == set(search.name_parts(known.name)):
        return Likeness.SAME_NAME_AND_YEAR if same_year else Likeness.SAME_NAME
    return Likeness.SIMILAR_NAME_AND_YEAR if same_year else Likeness.SIMILAR_NAME
