"""Keeping the counts of needs in step with the needs."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from kisi.db.models import Need, NeedCount
from kisi.domain import need
from kisi.domain.need import Area

Count = tuple[int, Area, date]
"""Municipality, area, first day of the month."""


def shift(
    connection: Connection, municipality_id: int, area: Area, noted_on: date, **by: int
) -> None:
    """Add to the counts of one area and month: ``shift(..., noted=1, unsettled=1)``."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"noted": 0, "unsettled": 0} | by
    statement = dialect.insert(NeedCount).values(
        municipality_id=municipality_id, area=area, month=noted_on.replace(day=1), **values
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["municipality_id", "area", "month"],
            set_={name: getattr(NeedCount, name) + values[name] for name in values},
        )
    )


def recount(connection: Connection) -> None:
    """Count all needs anew, after they were brought in past the repository."""
    connection.execute(delete(NeedCount))
    noted, unsettled = _counted(connection)
    rows = [
        {
            "municipality_id": place[0],
            "area": place[1],
            "month": place[2],
            "noted": count,
            "unsettled": unsettled[place],
        }
        for place, count in noted.items()
    ]
    if rows:
        connection.execute(insert(NeedCount), rows)


def wrong_counts(connection: Connection) -> int:
    """How many counts do not agree with the needs; 0 is right."""
    noted, unsettled = _counted(connection)
    kept = {
        (row.municipality_id, row.area, row.month): (row.noted, row.unsettled)
        for row in connection.execute(select(*NeedCount.__table__.columns))
        if row.noted or row.unsettled
    }
    right = {place: (count, unsettled[place]) for place, count in noted.items()}
    return sum(1 for place in kept.keys() | right.keys() if kept.get(place) != right.get(place))


def _counted(connection: Connection) -> tuple[Counter[Count], Counter[Count]]:
    noted: Counter[Count] = Counter()
    unsettled: Counter[Count] = Counter()
    grouped = (Need.municipality_id, Need.area, Need.status, Need.noted_on)
    for municipality_id, area, status, noted_on, count in connection.execute(
        select(*grouped, func.count()).group_by(*grouped)
    ):
        place = (municipality_id, area, noted_on.replace(day=1))
        noted[place] += count
        unsettled[place] += count if status in need.UNSETTLED else 0
    return noted, unsettled
