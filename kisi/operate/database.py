"""Looking at a database from outside the application, whole, and without changing it."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from kisi.config import settings
from kisi.db import keys
from kisi.db.crypto import CannotOpen, KeyRing
from kisi.db.engine import make_engine
from kisi.db.installation import SECRETS, CannotStart
from kisi.db.models import Base, Installation, Municipality, Sealed


def sqlite_file(url: str | None = None) -> Path | None:
    """The file of the embedded database; None on PostgreSQL."""
    parsed = make_url(url or settings().database_url)
    if not parsed.drivername.startswith("sqlite"):
        return None
    return Path(parsed.database or "")


def read_only(url: str) -> Engine:
    """An engine that cannot change anything. A missing SQLite file is not created."""
    file = sqlite_file(url)
    if file is None:
        return make_engine(url).execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    if not file.exists():
        raise CannotStart(
            f"Die Datenbank {file} gibt es noch nicht: bitte zuerst „python -m kisi migrate“."
        )
    return _read_only_sqlite(file)


def _read_only_sqlite(file: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        connection.isolation_level = None
        # Text that is not UTF-8 must become a finding, not an exception.
        connection.text_factory = lambda raw: raw.decode(errors="replace")
        return connection

    made = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return made


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """One moment of the whole database, all municipalities."""
    with engine.connect() as connection:
        see_all(connection)
        yield connection


def see_all(connection: Connection) -> None:
    """On PostgreSQL, let this transaction see every municipality."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('app.municipality', '0', true)"))


def revision(connection: Connection) -> str:
    """The schema's revision; empty when there is none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def open_vault(connection: Connection) -> keys.Vault:
    """The secrets of the installation, whatever its schema. Raises CannotStart."""
    ring = KeyRing(settings().keys)
    row = connection.execute(select(Installation.__table__)).mappings().one_or_none()
    if row is None:
        raise CannotStart("Die Datenbank ist nicht eingerichtet: bitte „python -m kisi migrate“.")
    if row["mode"] != settings().mode:
        raise CannotStart(
            f"Diese Daten gehören zum Betrieb „{row['mode']}“, "
            f"KISI_MODE ist aber „{settings().mode}“."
        )
    try:
        opened = {name: ring.open(row[name], f"installation:{name}") for name in SECRETS}
    except CannotOpen as error:
        raise CannotStart(
            "Der Schlüssel in KISI_KEYS passt nicht zu diesen Daten. "
            "Bitte den richtigen Schlüssel angeben; es wurde nichts geändert."
        ) from error
    return keys.Vault(ring, opened["audit_key"], opened["index_key"])


def row_counts(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: int(
            connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar_one()  # noqa: S608
        )
        for name in sorted(inspect(connection).get_table_names())
    }


def is_filled(connection: Connection) -> bool:
    """Whether there is anything to lose: towns, and what belongs to them."""
    if not inspect(connection).has_table(Municipality.__tablename__):
        return False
    return connection.execute(select(Municipality.id).limit(1)).first() is not None


def sealed_models() -> list[type[Sealed]]:
    found = (mapper.class_ for mapper in Base.registry.mappers)
    return sorted(
        (model for model in found if issubclass(model, Sealed)), key=lambda one: one.__tablename__
    )


def sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
