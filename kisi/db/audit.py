"""Who did what, and when: an append-only chain per municipality, written with every save.

Every entry carries an HMAC over itself and the one before, so an entry changed, removed or put
in between is found. The head row is locked as the last thing before a commit. Field names are
noted, not their contents: the log must not become a second copy of people's data.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, inspect, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from kisi.clock import now
from kisi.db import keys
from kisi.db.engine import transaction
from kisi.db.models import AuditEntry, AuditHead, Base
from kisi.db.models.system import Counter, Draft, Installation, KnownDevice, SignIn, Throttle
from kisi.domain.choices import Choice
from kisi.i18n import N_

FIRST = b"\x00" * 32
_FIRST_HEAD = text(
    "INSERT INTO audit_head (municipality_id, seq, mac) VALUES (:municipality_id, :seq, :mac)"
    " ON CONFLICT (municipality_id) DO UPDATE SET seq = audit_head.seq RETURNING seq, mac"
)


class Action(Choice):
    ADD = "add", N_("angelegt")
    CHANGE = "change", N_("geändert")
    DELETE = "delete", N_("gelöscht")
    READ = "read", N_("gelesen")
    EXPORT = "export", N_("exportiert")
    REFUSED = "refused", N_("abgelehnt")
    SIGN_IN = "sign_in", N_("angemeldet")
    SIGN_IN_FAILED = "sign_in_failed", N_("Anmeldung fehlgeschlagen")
    SIGN_OUT = "sign_out", N_("abgemeldet")
    OPERATE = "operate", N_("Betrieb")


@dataclass(frozen=True)
class Actor:
    account_id: int | None
    name: str


OPERATOR = Actor(None, "betrieb")


@dataclass(frozen=True)
class Note:
    """One thing to write down."""

    action: Action
    record: str
    record_id: int | None = None
    fields: str = ""


# Rows that say nothing about a person's case, or that have an entry of their own.
_UNNOTED = (AuditEntry, AuditHead, Counter, Draft, Installation, KnownDevice, SignIn, Throttle)
# Columns that say nothing about what someone did.
_OWN_MATTERS = {
    "version", "created_at", "updated_at", "sealed", "uid", "municipality_id", "account_id"
}  # fmt: skip


@dataclass
class _Pending:
    notes: list[Note] = field(default_factory=list)


def keep_audit(factory: sessionmaker[Session]) -> None:
    """From now on, note every change made in sessions of this factory."""
    event.listen(factory, "after_flush", _collect)
    event.listen(factory, "before_commit", _write_pending)


def note(session: Session, *notes: Note) -> None:
    """Write these down with the session's transaction."""
    session.info.setdefault("pending", _Pending()).notes.extend(notes)


def note_alone(municipality_id: int, actor: Actor, *notes: Note) -> None:
    """Write these down in a transaction of their own, so that they outlive a failed one."""
    with transaction(municipality_id, write=True) as session:
        session.info["actor"] = actor
        note(session, *notes)


def append(session: Session, municipality_id: int, actor: Actor, notes: list[Note]) -> None:
    """Put the notes at the end of the municipality's chain."""
    connection = session.connection()
    head = connection.execute(
        select(AuditHead.seq, AuditHead.mac)
        .where(AuditHead.municipality_id == municipality_id)
        .with_for_update()
    ).first()
    seq, mac = (head.seq, head.mac) if head else (0, FIRST)
    if head is None:
        first = {"municipality_id": municipality_id, "seq": 0, "mac": FIRST}
        # Two first writers may meet here: whoever comes second goes on from the first's head.
        seq, mac = connection.execute(_FIRST_HEAD, first).one()
    rows, at = [], now()
    for one in notes:
        seq += 1
        row = {
            "municipality_id": municipality_id,
            "seq": seq,
            "at": at,
            "account_id": actor.account_id,
            "actor": actor.name,
            "action": one.action.value,
            "record": one.record,
            "record_id": one.record_id,
            "fields": one.fields,
        }
        mac = chain_mac(mac, row)
        rows.append({**row, "mac": mac})
    connection.execute(insert(AuditEntry), rows)
    connection.execute(
        update(AuditHead)
        .where(AuditHead.municipality_id == municipality_id)
        .values(seq=seq, mac=mac)
    )


def chain_mac(previous: bytes, row: dict[str, Any]) -> bytes:
    at = row["at"]
    written = [
        row["municipality_id"],
        row["seq"],
        at.isoformat(timespec="microseconds") if isinstance(at, datetime) else str(at),
        row["account_id"],
        row["actor"],
        row["action"],
        row["record"],
        row["record_id"],
        row["fields"],
    ]
    canonical = json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()
    return hmac.digest(keys.vault().audit_key, previous + canonical, hashlib.sha256)


def _collect(session: Session, _context: object) -> None:
    note(session, *_changes(session))


def _changes(session: Session) -> Iterator[Note]:
    for action, rows in (
        (Action.ADD, session.new),
        (Action.CHANGE, session.dirty),
        (Action.DELETE, session.deleted),
    ):
        for row in rows:
            if isinstance(row, _UNNOTED) or not hasattr(row, "id"):
                continue
            fields = _changed_fields(row)
            if fields or action is not Action.CHANGE:
                table = str(row.__tablename__)
                yield Note(action, table, row.id, ", ".join(fields))


def _changed_fields(row: Base) -> list[str]:
    changed = {
        attribute.key
        for attribute in inspect(row).attrs
        if attribute.key not in _OWN_MATTERS and attribute.history.has_changes()
    }
    return sorted(changed | row.__dict__.pop("_secrets_changed", set()))


def _write_pending(session: Session) -> None:
    session.flush()
    pending: _Pending | None = session.info.pop("pending", None)
    if pending and pending.notes:
        actor = session.info.get("actor", OPERATOR)
        append(session, session.info["municipality_id"], actor, pending.notes)
