"""An interrupted migration leaves nothing behind, and the next one succeeds."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, inspect

from kisi.config import settings
from kisi.db.engine import forget_engine, make_engine
from kisi.db.models import Base
from kisi.db.schema import migrate, upgrade
from tests.operate.conftest import ROOT, Command
from tests.postgres import PostgresServer

STEPS = (2, 5, 12, 30, 45)  # of some fifty statements

KILLED = """
import os, signal, sys
from sqlalchemy import event
from kisi.config import settings
from kisi.db.engine import make_engine
from kisi.db.schema import upgrade
engine, left = make_engine(settings().owner_database_url), [int(sys.argv[1])]
@event.listens_for(engine, "before_cursor_execute")
def count(*_):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
upgrade(engine)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A database without any table, as its owner."""
    server: PostgresServer | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = server.create_database()
        for variable, url in server.environment(name).items():
            monkeypatch.setenv(variable, url)
    else:
        monkeypatch.setenv("KISI_DATABASE_URL", f"sqlite:///{tmp_path / 'kisi.db'}")
    forget_engine()
    engine = make_engine(settings().owner_database_url)
    yield engine
    engine.dispose()
    forget_engine()
    if server:
        server.drop_database(name)


class Interrupted(Exception):
    pass


def tables(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return inspect(connection).get_table_names()


def assert_complete(engine: Engine) -> None:
    assert set(tables(engine)) == {*Base.metadata.tables, "alembic_version"}


@pytest.mark.parametrize("step", STEPS)
def test_an_error_on_the_way_leaves_nothing(empty: Engine, step: int) -> None:
    left = [step]

    def count(_connection: Connection, *_rest: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Interrupted

    event.listen(empty, "before_cursor_execute", count)
    with pytest.raises(Interrupted):
        upgrade(empty)
    assert tables(empty) == []
    migrate()
    assert_complete(empty)


@pytest.mark.parametrize("step", STEPS[1::2])
def test_being_killed_on_the_way_leaves_nothing(empty: Engine, step: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(step)], cwd=ROOT, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    assert tables(empty) == []
    migrate()
    assert_complete(empty)


def test_migrating_again_changes_nothing(empty: Engine, command: Command) -> None:
    assert command("migrate") == 0
    assert command("migrate") == 0
    assert_complete(empty)
