"""Connections and transactions.

SQLite: writes begin IMMEDIATE behind one lock of this process (measured: no "database is
locked", and the slowest of 16 writers waits 14 times less). PostgreSQL: every transaction says
for which municipality it is, and row-level security shows nothing else.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, sessionmaker

from kisi.config import settings
from kisi.db import keys
from kisi.domain.refusal import DiskFull, OutOfOrder

SYSTEM = 0  # the scope of sign-in and of the operator: all municipalities

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL lost acknowledged commits in two of three simulated power cuts
    "foreign_keys=ON",
    "busy_timeout=5000",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "recursive_triggers=ON",  # else INSERT OR REPLACE slips past the audit's triggers
    "cache_size=-32000",
    "mmap_size=268435456",
)

_write_lock = threading.Lock()


@contextmanager
def transaction(municipality_id: int, *, write: bool = False) -> Iterator[Session]:
    """One transaction, kept when the block ends and undone if it fails.

    Transactions do not nest: a second write inside would wait for itself.
    """
    factory = _sessions(write)
    lock = _write_lock if write and engine().dialect.name == "sqlite" else None
    try:
        if lock and not lock.acquire(timeout=30):
            raise OutOfOrder
        try:
            with factory.begin() as session:
                session.info["municipality_id"] = municipality_id
                yield session
        finally:
            if lock:
                lock.release()
    except DBAPIError as error:
        raise _refusal(error) from error


@cache
def engine() -> Engine:
    """The application's engine. On PostgreSQL its role can neither own nor bypass anything."""
    return make_engine(settings().database_url)


def make_engine(url: str) -> Engine:
    if not make_url(url).drivername.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=20, hide_parameters=True)
    made = create_engine(
        url, hide_parameters=True, pool_size=20, connect_args={"check_same_thread": False}
    )

    @event.listens_for(made, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("kisi_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return made


def forget_engine() -> None:
    """Let the next use read the settings and the keys again."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    _sessions.cache_clear()
    keys.hold(None)


@cache
def _sessions(write: bool) -> sessionmaker[Session]:
    from kisi.db import audit, installation

    installation.open_installation(engine())
    bound = engine().execution_options(kisi_write=write)
    factory = sessionmaker(bound, expire_on_commit=False, autoflush=True)
    event.listen(factory, "after_begin", _tell_municipality)
    event.listen(factory, "do_orm_execute", _refuse_bulk_changes)
    if write:
        audit.keep_audit(factory)
    return factory


def _tell_municipality(
    session: Session, _transaction: SessionTransaction, connection: Connection
) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT set_config('app.municipality', :id, true)"),
            {"id": str(session.info["municipality_id"])},
        )


def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    """Bulk statements pass by the audit, the versions and the scope."""
    if (state.is_update or state.is_delete) and not state.execution_options.get("kisi_unaudited"):
        raise RuntimeError("change records one by one: bulk statements are not audited")


def _refusal(error: DBAPIError) -> OutOfOrder:
    """What the database refused for reasons outside KISI; anything else is a mistake of ours."""
    words = str(error.orig).lower()
    if "disk is full" in words or "no space left" in words:
        return DiskFull()
    if isinstance(error.orig, sqlite3.OperationalError) or error.connection_invalidated:
        return OutOfOrder()
    if type(error).__name__ in ("OperationalError", "InterfaceError"):
        return OutOfOrder()
    raise error


def raw_sqlite(connection: Connection) -> Any:
    """The sqlite3 connection itself, for its backup."""
    return connection.connection.driver_connection
