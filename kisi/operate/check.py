"""Checking an installation: tables, keys, audit. Each outcome is one sentence."""

import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from kisi.config import settings
from kisi.db import counts, keys
from kisi.db.crypto import CannotOpen
from kisi.db.installation import CannotStart, open_installation
from kisi.domain.refusal import OutOfOrder
from kisi.i18n import number
from kisi.operate import anchors, chain
from kisi.operate.database import looking, read_only, sealed_models
from kisi.operate.start import role_problems

_SAMPLE = 200

Outcome = tuple[bool, str]


def outcomes() -> Iterator[Outcome]:
    """Each check as soon as it is done; stops early when nothing further can be read."""
    # Read first: a backup may be adding a newer one while this runs.
    known, odd = anchors.known()
    engine = read_only(settings().database_url)
    try:
        with looking(engine) as connection:
            readable, sentence = _integrity(connection)
            yield readable, sentence
            yield from _roles(connection)
            try:
                open_installation(engine)
            except (CannotStart, OutOfOrder) as error:
                yield False, error.message if isinstance(error, OutOfOrder) else str(error)
                return
            yield True, "Tabellen auf dem neuesten Stand, der Schlüssel passt."
            yield _sample(connection)
            yield _figures(connection)
            yield from _audit(connection, known, odd)
    except SQLAlchemyError as error:
        yield False, f"Die Datenbank ist nicht lesbar ({type(error).__name__})."
    finally:
        engine.dispose()


def integrity_problems(connection: Connection) -> list[str]:
    """SQLite only: damage, and references that lead nowhere."""
    if connection.dialect.name != "sqlite":
        return []
    found = list(connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars())
    problems = [str(one) for one in found if one != "ok"]
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return problems + ([f"{len(lost)} Verweise ins Leere"] if lost else [])


def unreadable(connection: Connection, vault: keys.Vault, sample: int = _SAMPLE) -> tuple[int, int]:
    """How many of the oldest and newest sealed rows were tried, and how many do not open."""
    tried = failed = 0
    for model in sealed_models():
        table: Any = model.__table__  # type: ignore[attr-defined]
        query = select(table.c.uid, table.c.sealed).where(table.c.sealed.is_not(None))
        rows = [
            row
            for order in (table.c.id.asc(), table.c.id.desc())
            for row in connection.execute(query.order_by(order).limit(sample // 2))
        ]
        tried += len(rows)
        failed += sum(not _opens(vault, f"{table.name}:{row.uid}", row.sealed) for row in rows)
    return tried, failed


def _opens(vault: keys.Vault, context: str, sealed: Any) -> bool:
    try:
        vault.ring.open(bytes(sealed), context)
    except (CannotOpen, TypeError, ValueError):
        return False
    return True


def _integrity(connection: Connection) -> Outcome:
    try:
        problems = integrity_problems(connection)
    except SQLAlchemyError:
        problems = ["nicht lesbar"]
    if problems:
        return False, f"Die Datenbank ist beschädigt: {'; '.join(problems)[:300]}"
    return True, "Die Datenbank ist unbeschädigt."


def _roles(connection: Connection) -> Iterator[Outcome]:
    if connection.dialect.name != "postgresql":
        return
    problems = list(role_problems(connection))
    yield from ((False, problem) for problem in problems)
    if not problems:
        yield True, "Rolle und Zeilenschutz (Row-Level Security) sind in Ordnung."


def _sample(connection: Connection) -> Outcome:
    tried, failed = unreadable(connection, keys.vault())
    if failed:
        return False, f"{number(failed)} von {number(tried)} geprüften Einträgen sind nicht lesbar."
    return True, f"{number(tried)} verschlüsselte Einträge zur Probe gelesen."


def _figures(connection: Connection) -> Outcome:
    if wrong := counts.wrong_counts(connection):
        return False, f"{number(wrong)} gezählte Bedarfe stimmen nicht mit den Einträgen überein."
    return True, "Die gezählten Bedarfe stimmen mit den Einträgen überein."


def _audit(
    connection: Connection, known: list[anchors.Anchor], odd: list[str]
) -> Iterator[Outcome]:
    begun = time.monotonic()
    verified = chain.verify(connection, known)
    seconds = max(time.monotonic() - begun, 0.001)
    verified.findings += odd
    yield from ((False, sentence) for sentence in verified.shown())
    if verified.findings:
        return
    rate = number(round(verified.rows / seconds))
    yield True, f"Das Protokoll ist vollständig: {number(verified.rows)} Einträge ({rate} je s)."
    yield True, _compared(len(known))
    anchors.keep(verified.heads)


def _compared(count: int) -> str:
    if not count:
        return f"Der Stand des Protokolls ist zum ersten Mal festgehalten ({anchors.file()})."
    return f"Der Stand des Protokolls stimmt mit {number(count)} früheren überein."
