"""Backups: written, and verified by really restoring them."""

import hashlib
import hmac
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from kisi.clock import now
from kisi.config import settings
from kisi.db import keys
from kisi.db.audit import OPERATOR, Action, Note, note_alone
from kisi.db.engine import SYSTEM, forget_engine, raw_sqlite
from kisi.operate import Mistake, anchors, chain, postgres
from kisi.operate.archive import Damaged, Manifest, pack, unpack
from kisi.operate.check import integrity_problems, unreadable
from kisi.operate.database import (
    looking,
    open_vault,
    read_only,
    revision,
    row_counts,
    sha256,
    sqlite_file,
)
from kisi.operate.start import require_installed


@dataclass(frozen=True)
class Checked:
    """A backup that has been restored once to see that it can be."""

    manifest: Manifest
    database: Path
    """The database file or dump, for as long as the scratch folder exists."""
    findings: list[str]
    """Oddities of the audit in it."""


def write(file: Path) -> Checked:
    """Back up to the file, which must not exist. Nothing is left behind if it fails."""
    if file.exists():
        raise Mistake(f"{file} gibt es schon. Eine Sicherung wird nie überschrieben.")
    if not file.parent.is_dir():
        raise Mistake(f"Den Ordner {file.parent} gibt es nicht.")
    require_installed()
    with _folder(file.parent) as scratch:
        packed = scratch / "backup.tar"
        known, _odd = anchors.known()
        manifest = _dump(dump := scratch / "dump", known)
        _write_archive(packed, manifest, dump)
        dump.unlink()
        with checked(packed, known) as result:
            if not result.findings:
                anchors.keep(heads(result.manifest))
        _noted("backup", result.manifest)
        _publish(packed, file)
    return result


@contextmanager
def checked(file: Path, known: list[anchors.Anchor]) -> Iterator[Checked]:
    """The backup's content, proven: bytes, tables, references, keys, counts, seal, audit.

    Raises Mistake or CannotStart with the reason. Holds the backup's own secrets in this process.
    """
    with _folder(_working_folder()) as scratch:
        database = scratch / "database"
        manifest, seal = unpack(file, database)
        if manifest.engine != _kind():
            raise Mistake(
                f"Die Sicherung stammt aus {manifest.engine}, "
                f"KISI_DATABASE_URL zeigt aber auf {_kind()}."
            )
        with _restored(database) as connection:
            try:
                findings = _prove(connection, file, manifest, seal, known)
            except SQLAlchemyError as error:
                raise Damaged(file) from error
        yield Checked(manifest, database, findings)


def _prove(
    connection: Connection, file: Path, manifest: Manifest, seal: bytes, known: list[anchors.Anchor]
) -> list[str]:
    if problems := integrity_problems(connection):
        raise Mistake(f"Die Sicherung ist beschädigt: {'; '.join(problems)[:200]}")
    vault = open_vault(connection)
    forget_engine()
    keys.hold(vault)
    if not hmac.compare_digest(seal, _seal(vault, manifest)):
        raise Mistake(f"{file} wurde nachträglich verändert.")
    if row_counts(connection) != manifest.rows:
        raise Mistake("Die Sicherung ist unvollständig: es fehlen Einträge.")
    tried, failed = unreadable(connection, vault)
    if failed:
        raise Mistake(f"{failed} von {tried} geprüften Einträgen der Sicherung sind nicht lesbar.")
    verified = chain.verify(connection, known)
    if heads(manifest) != verified.heads or len(verified.findings) > manifest.audit_findings:
        raise Mistake(f"Das Protokoll der Sicherung stimmt nicht: {' '.join(verified.shown()[:2])}")
    return verified.shown()


# --- writing -------------------------------------------------------------------------------------


def _dump(target: Path, known: list[anchors.Anchor]) -> Manifest:
    """Write the dump; returns its manifest, of the same moment."""
    engine = read_only(settings().database_url if sqlite_file() else settings().owner_database_url)
    try:
        with looking(engine) as connection:
            keys.hold(open_vault(connection))
            verified = chain.verify(connection, known)
            rows = row_counts(connection)
            _copy(connection, target)
            return Manifest(
                made_at=now().isoformat(timespec="seconds"),
                mode=settings().mode,
                engine=_kind(),
                revision=revision(connection),
                sha256=sha256(target),
                rows=rows,
                audit={str(one): (seq, mac.hex()) for one, (seq, mac) in verified.heads.items()},
                audit_findings=len(verified.findings),
            )
    finally:
        engine.dispose()


def _copy(connection: Connection, target: Path) -> None:
    target.touch(mode=0o600)
    if connection.dialect.name == "postgresql":
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        postgres.dump(target, snapshot)
        return
    copy = sqlite3.connect(target)
    try:
        # In one step: step by step it begins anew whenever somebody writes.
        raw_sqlite(connection).backup(copy, pages=-1)
    finally:
        copy.close()


def _write_archive(packed: Path, manifest: Manifest, dump: Path) -> None:
    descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        pack(target, manifest, _seal(keys.vault(), manifest), dump)
        target.flush()
        os.fsync(target.fileno())


def _publish(packed: Path, file: Path) -> None:
    try:
        os.link(packed, file)  # unlike a rename, refuses to replace a file made meanwhile
    except FileExistsError as error:
        raise Mistake(f"{file} gibt es schon. Eine Sicherung wird nie überschrieben.") from error
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _noted(what: str, manifest: Manifest) -> None:
    forget_engine()
    note_alone(SYSTEM, OPERATOR, Note(Action.OPERATE, what, None, manifest.made_at))


# --- trying --------------------------------------------------------------------------------------


@contextmanager
def _restored(database: Path) -> Iterator[Connection]:
    if _kind() == "postgresql":
        with postgres.scratch_database(database) as url, _looked_at(url) as connection:
            yield connection
    else:
        with _looked_at(f"sqlite:///{database}") as connection:
            yield connection


@contextmanager
def _looked_at(url: str) -> Iterator[Connection]:
    engine = read_only(url)
    try:
        with looking(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _seal(vault: keys.Vault, manifest: Manifest) -> bytes:
    return hmac.digest(vault.audit_key, b"backup" + manifest.written(), hashlib.sha256)


def heads(manifest: Manifest) -> dict[int, tuple[int, bytes]]:
    return {int(one): (seq, bytes.fromhex(mac)) for one, (seq, mac) in manifest.audit.items()}


def _kind() -> str:
    return "sqlite" if sqlite_file() else "postgresql"


def _working_folder() -> Path:
    """Where a restored file may be moved into its place from."""
    file = sqlite_file()
    folder = file.parent if file else settings().data
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    """For this user only, and gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=".kisi-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
