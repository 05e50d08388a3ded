"""The command line, and databases with invented people to use it on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from kisi.__main__ import main
from kisi.config import settings
from kisi.db.engine import forget_engine, make_engine
from kisi.operate import demo
from kisi.operate.database import see_all
from tests.conftest import KEYS, use_environment
from tests.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
NEW_KEY = "new:" + "QUJD" * 10 + "QUI="  # 32 bytes
WRONG_KEY = "test:" + "WFla" * 10 + "WFk="

Tamper = Callable[..., None]
Command = Callable[..., int]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def filled(request: pytest.FixtureRequest) -> str:
    """A database with forty invented persons in two towns, for this test alone; its kind."""
    return str(request.getfixturevalue(f"filled_{request.param}"))


@pytest.fixture
def filled_sqlite(
    filled_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    file = tmp_path / "kisi.db"
    shutil.copyfile(filled_file, file)
    monkeypatch.setenv("KISI_DATABASE_URL", f"sqlite:///{file}")
    forget_engine()
    yield "sqlite"
    forget_engine()


@pytest.fixture
def filled_postgresql(
    postgres_server: PostgresServer, filled_template: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    let_owner_create_databases(postgres_server)
    name = postgres_server.create_database(filled_template)
    for variable, url in postgres_server.environment(name).items():
        monkeypatch.setenv(variable, url)
    forget_engine()
    yield "postgresql"
    forget_engine()
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def filled_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("filled") / "kisi.db"
    shutil.copyfile(sqlite_template, file)
    _fill(file.parent, KISI_DATABASE_URL=f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def filled_template(
    postgres_server: PostgresServer,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    name = postgres_server.create_database(postgres_template)
    _fill(tmp_path_factory.mktemp("filled"), **postgres_server.environment(name))
    yield name
    postgres_server.drop_database(name)


def _fill(folder: Path, **environment: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_environment(monkeypatch, KISI_DATA=str(folder), KISI_KEYS=KEYS, **environment)
        forget_engine()
        demo.fill(40)
        forget_engine()


def let_owner_create_databases(server: PostgresServer, right: str = "CREATEDB") -> None:
    """Verifying a backup needs a database to try it in."""
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE kisi_owner {right}")


@pytest.fixture
def command() -> Command:
    """Run a command of the command line with further settings; returns its exit code."""

    def run(*arguments: object, **environment: str) -> int:
        forget_engine()
        with pytest.MonkeyPatch.context() as only_here:
            for name, value in environment.items():
                only_here.setenv(name, value)
            code = main([str(argument) for argument in arguments])
        forget_engine()
        return code

    return run


def kisi(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kisi", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def tamper(*statements: str, **values: Any) -> None:
    """Change the database as somebody who owns it can, past all of KISI."""
    engine = make_engine(settings().owner_database_url)
    with engine.execution_options(kisi_write=True).begin() as connection:
        see_all(connection)
        if engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_{verb}"))
        for statement in statements:
            connection.execute(text(statement), values)
    engine.dispose()
