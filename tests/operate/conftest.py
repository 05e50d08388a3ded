"""The command line, and databases with invented people to use it on."""

import os
import subprocess
import sys
from collections.abc import Callable
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
from tests.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
NEW_KEY = "new:" + "QUJD" * 10 + "QUI="  # 32 bytes
WRONG_KEY = "test:" + "WFla" * 10 + "WFk="

Tamper = Callable[..., None]
Command = Callable[..., int]


@pytest.fixture
def filled(database: str, request: pytest.FixtureRequest) -> str:
    """A database with forty invented persons in two towns; its kind's name."""
    if database == "postgresql":
        let_owner_create_databases(request.getfixturevalue("postgres_server"))
    demo.fill(40)
    return database


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
