"""Agencies: the register of bodies that can help."""

from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Select, func, or_, select

from kisi.db.models import Agency, AgencyArea
from kisi.db.repository.base import Records, searched_words
from kisi.domain.agency import AgencyEntry, Kind
from kisi.domain.entry import Page
from kisi.domain.need import Area
from kisi.permissions import Permission


@dataclass(frozen=True)
class AgencyFilter:
    text: str = ""
    area: Area | None = None
    active: bool = True


@dataclass(frozen=True)
class AgencyRow:
    """One line of a list, and what a referral needs to know of the body."""

    id: int
    name: str
    kind: Kind
    areas: tuple[Area, ...]
    phone: str
    answer_days: int | None
    active: bool


class Agencies(Records[Agency, AgencyEntry]):
    model = Agency
    entry = AgencyEntry
    view = Permission.VIEW_AGENCIES
    edit = Permission.EDIT_AGENCIES

    def page(self, wanted: AgencyFilter, *, offset: int = 0, limit: int = 25) -> Page[AgencyRow]:
        self._user.require(self.view)
        conditions = self._conditions(wanted)
        rows = self._session.scalars(
            self._own(select(Agency))
            .where(*conditions)
            .order_by(Agency.name, Agency.id)
            .offset(offset)
            .limit(limit)
        )
        return Page([_row(row) for row in rows], self._count(*conditions))

    def for_area(self, area: Area, limit: int = 50) -> list[AgencyRow]:
        """Active bodies to refer to: those for this area first, led by the ones it is the main
        matter of."""
        self._user.require(self.view)
        place = (
            self._with_area(area)
            .with_only_columns(AgencyArea.position)
            .where(AgencyArea.agency_id == Agency.id)
            .scalar_subquery()
        )
        rows = self._session.scalars(
            self._own(select(Agency))
            .where(Agency.active)
            .order_by(func.coalesce(place, 99), Agency.name, Agency.id)
            .limit(limit)
        )
        return [_row(row) for row in rows]

    def _conditions(self, wanted: AgencyFilter) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [Agency.active == wanted.active]
        if wanted.area:
            conditions.append(Agency.id.in_(self._with_area(wanted.area)))
        words = searched_words(wanted.text)
        if words is None:
            conditions.append(Agency.id.is_(None))
        for word in words or ():
            like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            conditions.append(
                or_(Agency.name.ilike(like, escape="\\"), Agency.address.ilike(like, escape="\\"))
            )
        return conditions

    def _with_area(self, area: Area) -> Select[int]:
        return select(AgencyArea.agency_id).where(
            AgencyArea.municipality_id == self._user.municipality_id, AgencyArea.area == area
        )

    def _fill(self, row: Agency, entry: AgencyEntry, *, new: bool) -> None:
        fill_agency(row, entry)

    def _entry_of(self, row: Agency) -> AgencyEntry:
        single = {name: getattr(row, name) for name in _SINGLE_FIELDS}
        return AgencyEntry(**single, areas=tuple(one.area for one in row.areas))


_SINGLE_FIELDS = [field.name for field in fields(AgencyEntry) if field.name != "areas"]


def fill_agency(row: Agency, entry: AgencyEntry) -> None:
    """Put the entry into the row, which knows its municipality already."""
    for name in _SINGLE_FIELDS:
        setattr(row, name, getattr(entry, name))
    if tuple(one.area for one in row.areas) != entry.areas:
        row.areas = [
            AgencyArea(position=place, area=area, municipality_id=row.municipality_id)
            for place, area in enumerate(entry.areas)
        ]


def _row(row: Agency) -> AgencyRow:
    return AgencyRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        areas=tuple(one.area for one in row.areas),
        phone=row.phone,
        answer_days=row.answer_days,
        active=row.active,
    )
