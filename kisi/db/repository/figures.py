"""Figures: counted in SQL, never by reading records."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from kisi.clock import today
from kisi.db.models import NeedCount
from kisi.db.repository.base import Access
from kisi.domain import disclosure
from kisi.domain.need import Area
from kisi.permissions import Permission

# Fewer cases than this are not shown to those who may not see exact figures (the minimum number
# of cases in German official statistics).
SMALLEST_SHOWN = 3


@dataclass(frozen=True)
class AreaCounts:
    """Needs by area; None stands for a number too small to be shown."""

    counts: dict[Area, int | None]
    total: int | None
    as_of: date
    exact: bool


class Figures:
    def __init__(self, access: Access) -> None:
        self._session = access.session
        self._user = access.user

    def needs_by_area(self) -> AreaCounts:
        """Guides: unsettled needs today. Others: needs noted up to the end of last month.

        Protected figures change once a month and know no filter, so that nobody can learn from
        the difference between two of them.
        """
        if self._user.can(Permission.VIEW_EXACT_FIGURES):
            exact = self._sum(NeedCount.unsettled)
            return AreaCounts(dict(exact), sum(exact.values()), today(), exact=True)
        self._user.require(Permission.VIEW_FIGURES)
        until = today().replace(day=1) - timedelta(days=1)
        counted = self._sum(NeedCount.noted, NeedCount.month <= until)
        protected = disclosure.protect(
            {area.value: counted.get(area, 0) for area in Area}, n_min=SMALLEST_SHOWN
        )
        counts = {Area(name): value for name, value in protected.cells.items() if value != 0}
        return AreaCounts(counts, protected.total, until, exact=False)

    def _sum(
        self, count: InstrumentedAttribute[int], *conditions: ColumnElement[bool]
    ) -> dict[Area, int]:
        rows = self._session.execute(
            select(NeedCount.area, func.sum(count))
            .where(NeedCount.municipality_id == self._user.municipality_id, *conditions)
            .group_by(NeedCount.area)
        )
        return {area: int(total) for area, total in rows if total}
