"""Filling a demo: two invented towns with accounts, bodies, persons, needs, referrals.

The same for the same day and number, except what encryption draws. Nothing here is about real
people or real bodies.
"""

import random
from collections import defaultdict

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from kisi.config import settings
from kisi.db.counts import recount
from kisi.db.engine import SYSTEM, make_engine, transaction
from kisi.db.models import (
    Account,
    Base,
)
from kisi.db.schema import migrate
from kisi.domain.agency import AgencyEntry, Kind, starting_list
from kisi.domain.need import Area
from kisi.operate import Mistake, anchors
from kisi.operate.accounts import agency_row, store_town
from kisi.operate.database import is_filled, looking, read_only, see_all
from kisi.operate.demo_cases import Town, fill_town
from kisi.operate.demo_people import EXAMPLE_AGENCIES
from kisi.operate.progress import Progress
from kisi.permissions import Role

PASSWORD = "kisi-demo-2026"  # noqa: S105  (known to everybody; production refuses such accounts)
PERSONS = (60, 20)
SEED = 2026

TOWNS = (("Musterstadt", "MU"), ("Beispielhausen", "BE"))
ACCOUNTS = (
    ("guide", "Gudrun Beispiel", Role.GUIDE, 0),
    ("koordination", "Konrad Beispiel", Role.COORDINATOR, 0),
    ("leitung", "Lena Beispiel", Role.LEADERSHIP, 0),
    ("admin", "Adam Beispiel", Role.ADMIN, 0),
    ("guide2", "Gustav Beispiel", Role.GUIDE, 1),
)


def fill(persons: int | None = None) -> int:
    """Fill the empty, migrated database in one transaction; returns the number of persons."""
    require_demo()
    sizes = PERSONS if persons is None else (persons - persons // 10, persons // 10)
    chance = random.Random(SEED)
    with transaction(SYSTEM, write=True) as session:
        towns = _towns(session, sizes)
        _accounts(session, [town.id for town in towns])
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA cache_size=-400000")
        with Progress("Demo-Personen", sum(sizes)) as progress:
            for town in towns:
                fill_town(session, town, chance, progress)
        recount(session.connection())
    return sum(sizes)


def already_filled() -> bool:
    engine = read_only(settings().database_url)
    try:
        with looking(engine) as connection:
            return is_filled(connection)
    finally:
        engine.dispose()


def start_anew() -> None:
    """Take away all tables and what is in them, and create them again."""
    require_demo()
    engine = make_engine(settings().owner_database_url)
    try:
        with engine.execution_options(kisi_write=True).begin() as connection:
            _drop_all(connection)
    finally:
        engine.dispose()
    anchors.set_aside(".alt")
    migrate()


def require_demo() -> None:
    if not settings().demo:
        raise Mistake("Demo-Daten gibt es nur mit KISI_MODE=demo.")


def _drop_all(connection: Connection) -> None:
    see_all(connection)
    quote = connection.dialect.identifier_preparer.quote
    there = set(inspect(connection).get_table_names())
    ours = [table.name for table in reversed(Base.metadata.sorted_tables)]
    for name in [*ours, "alembic_version"]:
        if name in there:
            connection.execute(text(f"DROP TABLE {quote(name)}"))


# --- towns, bodies, accounts ---------------------------------------------------------------------


def _towns(session: Session, sizes: tuple[int, int]) -> list[Town]:
    made = []
    for (name, short), persons in zip(TOWNS, sizes, strict=True):
        id = store_town(session, name, short).id
        rows = [agency_row(id, entry) for entry in _agencies()]
        session.add_all(rows)
        session.flush()
        agencies: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            for one in row.areas:
                agencies[one.area].append(row.id)
        made.append(Town(id, short, agencies, persons))
    return made


def _agencies() -> list[AgencyEntry]:
    return starting_list() + [
        AgencyEntry(
            name=name,
            kind=Kind(kind),
            areas=tuple(Area(area) for area in areas),
            answer_days=days,
        )
        for name, kind, areas, days in EXAMPLE_AGENCIES
    ]


def _accounts(session: Session, towns: list[int]) -> None:
    from kisi import passwords

    hashed = passwords.hashed(PASSWORD)  # slow on purpose; the password is no secret
    for name, display_name, role, town in ACCOUNTS:
        session.add(
            Account(
                municipality_id=towns[town],
                name=name,
                display_name=display_name,
                roles=frozenset({role}),
                password_hash=hashed,
                must_change=False,
                demo=True,
            )
        )
        session.flush()  # one by one, so that they are listed in this order
