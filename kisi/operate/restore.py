"""Putting a backup in the place of the database."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import text

from kisi.clock import now
from kisi.config import settings
from kisi.db.audit import OPERATOR, Action, Note, note_alone
from kisi.db.engine import SYSTEM, forget_engine, make_engine
from kisi.db.schema import migrate, script_directory
from kisi.operate import Mistake, anchors, postgres
from kisi.operate.backup import Checked, checked, heads
from kisi.operate.database import is_filled, looking, read_only, see_all, sqlite_file


def restore(file: Path, *, replace: bool) -> tuple[Checked, Path | None]:
    """Verify the backup, then put it in place. Returns it, and where the old database is kept.

    Everybody is signed out: a session that was ended since must not come back.
    """
    with checked(file, known=[]) as backup:
        _require_known_revision(backup)
        if _filled() and not replace:
            raise Mistake(
                "Die Datenbank ist nicht leer. Mit --replace wird sie ersetzt; "
                "die bisherige bleibt daneben erhalten."
            )
        kept = _put_in_place(backup)
        # From here on the chains count as they are in the backup.
        anchors.keep(heads(backup.manifest), restored=True)
    forget_engine()
    migrate()
    _end_sessions()
    note_alone(SYSTEM, OPERATOR, Note(Action.OPERATE, "restore", None, backup.manifest.made_at))
    return backup, kept


def _require_known_revision(backup: Checked) -> None:
    known = {one.revision for one in script_directory().walk_revisions()}
    if backup.manifest.revision not in known:
        raise Mistake(
            "Die Sicherung stammt aus einer neueren Version von KISI. Bitte zuerst KISI erneuern."
        )


def _filled() -> bool:
    file = sqlite_file()
    if file and not file.exists():
        return False
    engine = read_only(settings().owner_database_url)
    try:
        with looking(engine) as connection:
            return is_filled(connection)
    except Exception:
        return True  # what cannot be read may still be all there is
    finally:
        engine.dispose()


def _put_in_place(backup: Checked) -> Path | None:
    forget_engine()
    suffix = f".vor-{now():%Y%m%d-%H%M%S}"
    file = sqlite_file()
    if file is None:
        return _replace_postgres(backup, suffix)
    return _replace_file(backup, file, suffix)


def _replace_file(backup: Checked, file: Path, suffix: str) -> Path | None:
    kept = file.with_name(file.name + suffix)
    if file.exists():
        _close_journal(file)
        os.link(file, kept)
        for journal in ("-wal", "-shm"):
            beside = file.with_name(file.name + journal)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + journal))
    os.replace(backup.database, file)
    return kept if kept.exists() else None


def _close_journal(file: Path) -> None:
    """Bring everything into the one file; works only while nobody else has it open."""
    connection = sqlite3.connect(file, timeout=1, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Mistake("KISI läuft noch. Bitte zuerst anhalten, dann zurückspielen.") from error
    except sqlite3.DatabaseError:
        pass  # damaged: what there is of it is kept as it is
    finally:
        connection.close()


def _replace_postgres(backup: Checked, suffix: str) -> Path | None:
    if postgres.others_connected():
        raise Mistake("KISI läuft noch. Bitte zuerst anhalten, dann zurückspielen.")
    kept = None
    if _filled():
        kept = settings().data / f"kisi{suffix}.dump"
        kept.touch(mode=0o600)
        postgres.dump(kept)
    postgres.replace_all(backup.database, backup.database.parent)
    return kept


def _end_sessions() -> None:
    engine = make_engine(settings().owner_database_url)
    try:
        with engine.execution_options(kisi_write=True).begin() as connection:
            see_all(connection)
            connection.execute(
                text("UPDATE sign_in SET ended_at = :now WHERE ended_at IS NULL"),
                {"now": now().replace(tzinfo=None) if sqlite_file() else now()},
            )
    finally:
        engine.dispose()
