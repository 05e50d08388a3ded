"""PostgreSQL's own tools for backup and restore, and a database to try a backup in."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from kisi.config import settings
from kisi.db.engine import make_engine
from kisi.db.models import Base
from kisi.operate import Mistake

_SETTINGS = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile")


def dump(target: Path, snapshot: str = "") -> None:
    """The database at that moment. Row-level security is on and told to show all: the same for
    a role that may bypass it and one that may not; an empty dump is found by counting."""
    _run(
        "pg_dump", "--format=custom", "--enable-row-security", "--no-owner", "--no-privileges",
        *([f"--snapshot={snapshot}"] if snapshot else []), f"--file={target}",
    )  # fmt: skip


def replace_all(backup: Path, folder: Path) -> None:
    """Put the dump in the place of all tables: completely, or not at all."""
    script = folder / "restore.sql"
    _run("pg_restore", *_PLAIN, f"--file={script}", str(backup))
    names = [table.name for table in Base.metadata.sorted_tables] + ["alembic_version"]
    drop = f"DROP TABLE IF EXISTS {', '.join(names)} CASCADE"
    _run(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
        "--output=/dev/null", f"--command={drop}", f"--file={script}",
    )  # fmt: skip


@contextmanager
def scratch_database(backup: Path) -> Iterator[str]:
    """A new database with the dump in it, gone afterwards; yields its address."""
    name = f"kisi_probe_{token_hex(6)}"
    _create(name)
    url = make_url(settings().owner_database_url).set(database=name)
    try:
        _run("pg_restore", *_PLAIN, "--exit-on-error", f"--dbname={name}", str(backup), url=url)
        yield url.render_as_string(hide_password=False)
    finally:
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def others_connected() -> int:
    """How many connections the application has to this database."""
    engine = make_engine(settings().owner_database_url)
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = :role AND pid <> pg_backend_pid()"
    )
    try:
        with engine.connect() as connection:
            role = make_url(settings().database_url).username
            return int(connection.execute(query, {"role": role}).scalar_one())
    finally:
        engine.dispose()


_PLAIN = ("--no-owner", "--no-privileges")


def _create(name: str) -> None:
    role = make_url(settings().owner_database_url).username
    try:
        _administer(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DBAPIError as error:
        raise Mistake(
            "Eine Sicherung wird geprüft, indem sie in eine eigene Datenbank eingespielt wird. "
            f"Die Rolle „{role}“ darf keine anlegen; bitte einmalig: ALTER ROLE {role} CREATEDB."
        ) from error


def _administer(statement: str) -> None:
    engine = make_engine(settings().owner_database_url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _run(tool: str, *arguments: str, url: URL | None = None) -> None:
    address = url or make_url(settings().owner_database_url)
    done = subprocess.run(  # noqa: S603  (our own tools and arguments)
        [_found(tool), *arguments],
        env=os.environ | _environment(address),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    if done.returncode != 0:
        # What a tool complains about may contain rows; only its first line is shown.
        told = done.stderr.decode(errors="replace").strip().splitlines()[:1]
        raise Mistake(f"{tool} ist fehlgeschlagen: {''.join(told)[:200]}")


def _environment(url: URL) -> dict[str, str]:
    """The address for the tools; not on their command line, where others could read it."""
    known = {
        "PGHOST": url.host,
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database,
    }
    known |= {f"PG{name.upper()}": str(url.query[name]) for name in _SETTINGS if name in url.query}
    return {name: value for name, value in known.items() if value} | {
        "PGOPTIONS": "-c app.municipality=0",
        "LC_MESSAGES": "C",
    }


def _found(tool: str) -> str:
    packaged = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"),
        key=lambda path: int(path.parts[-3]),
        reverse=True,
    )
    found = str(packaged[0]) if packaged else shutil.which(tool)
    if not found:
        raise Mistake(f"Das Programm {tool} fehlt (Debian: Paket postgresql-client).")
    return found
