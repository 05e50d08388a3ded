"""A new key for everything encrypted, while people go on working.

The first key in KISI_KEYS seals, the others still open. A row is replaced only if it is as it was
read, so a change made meanwhile is never undone; versions stay, so open forms stay valid.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from kisi.db import keys
from kisi.db.audit import Action, Note, note
from kisi.db.crypto import PREFIX, CannotOpen
from kisi.db.engine import SYSTEM, transaction
from kisi.db.installation import SECRETS
from kisi.db.models import Installation
from kisi.operate.database import sealed_models
from kisi.operate.progress import Progress

BATCH = 500


@dataclass
class Rotated:
    rows: int = 0
    left: int = 0
    """Rows that are still under an old key."""
    unreadable: list[str] = field(default_factory=list)
    """Rows that no key opens, as table and id."""


def rotate() -> Rotated:
    """Bring everything under the first key. Interrupted, it goes on where it was."""
    result = Rotated()
    tables = _tables()
    with Progress("Neu verschlüsselt", sum(map(_old_rows, tables))) as progress:
        for table in tables:
            # Someone may save with an old key while a server still runs with it.
            while done := _one_pass(table, result, progress):
                result.rows += done
    result.left = sum(map(_old_rows, tables))
    if not result.left:
        # Last, so that an old key taken away too early stops KISI instead of hiding rows.
        _reseal_installation()
    if result.rows:
        with transaction(SYSTEM, write=True) as session:
            note(session, Note(Action.OPERATE, "keys", None, f"rotate: {result.rows}"))
    return result


def _one_pass(table: Any, result: Rotated, progress: Progress) -> int:
    """Once through the table; returns how many rows were replaced."""
    last = done = 0
    result.unreadable = [one for one in result.unreadable if not one.startswith(f"{table.name} ")]
    while True:
        with transaction(SYSTEM, write=True) as session:
            rows = session.execute(
                select(table.c.id, table.c.uid, table.c.sealed)
                .where(table.c.id > last, *_old(table))
                .order_by(table.c.id)
                .limit(BATCH)
            ).all()
            done += _replace(session, table, list(_resealed(table, rows, result)))
        if not rows:
            return done
        last = rows[-1].id
        progress.advance(len(rows))


def _resealed(table: Any, rows: Any, result: Rotated) -> Iterator[dict[str, Any]]:
    ring = keys.vault().ring
    for row in rows:
        context = f"{table.name}:{row.uid}"
        try:
            plain = ring.open(row.sealed, context)
        except CannotOpen:
            result.unreadable.append(f"{table.name} {row.id}")
            continue
        yield {"row": row.id, "old": row.sealed, "new": ring.seal(plain, context)}


def _replace(session: Session, table: Any, changes: list[dict[str, Any]]) -> int:
    if changes:
        statement = (
            update(table)
            .where(table.c.id == bindparam("row"), table.c.sealed == bindparam("old"))
            .values(sealed=bindparam("new"))
        )
        session.connection().execute(statement, changes)
    return len(changes)


def _old_rows(table: Any) -> int:
    with transaction(SYSTEM) as session:
        query = select(func.count()).select_from(table).where(*_old(table))
        return int(session.scalar(query) or 0)


def _old(table: Any) -> tuple[Any, Any]:
    prefix = func.substr(table.c.sealed, 1, PREFIX)
    return table.c.sealed.is_not(None), prefix != keys.vault().ring.prefix


def _tables() -> list[Any]:
    return [model.__table__ for model in sealed_models()]  # type: ignore[attr-defined]


def _reseal_installation() -> None:
    ring = keys.vault().ring
    table: Any = Installation.__table__
    with transaction(SYSTEM, write=True) as session:
        row = session.execute(select(table)).mappings().one()
        for name in SECRETS:
            if row[name].startswith(ring.prefix):
                continue
            context = f"installation:{name}"
            new = ring.seal(ring.open(row[name], context), context)
            session.connection().execute(
                update(table).where(table.c[name] == row[name]).values({name: new})
            )
