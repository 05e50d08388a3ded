"""What every test may ask for. Databases are real: SQLite, and PostgreSQL where there is one."""

import base64
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kisi.permissions import User
from tests.missing import skip_or_fail
from tests.people import Towns, found_towns
from tests.postgres import NoPostgres, PostgresServer, running_server

KEYS = "test:" + base64.b64encode(b"only-for-tests-32-bytes-of-a-key").decode()
BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: they are the slowest, and while Playwright runs, no other code
    can start an event loop of its own in this thread."""
    for item in items:
        if item.path.is_relative_to(BROWSER):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(BROWSER))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the developer's own settings, nor writes into the developer's data."""
    use_environment(monkeypatch, KISI_DATA=str(tmp_path), KISI_KEYS=KEYS)


def use_environment(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    """Exactly these settings of KISI, none from outside."""
    for name in list(os.environ):
        if name.startswith("KISI_") and not name.startswith("KISI_TEST_"):
            monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


# --- databases ---------------------------------------------------------------------------------


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def database(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database for this test alone, once of each kind; its kind's name."""
    return str(request.getfixturevalue(f"{request.param}_database"))


@pytest.fixture
def sqlite_database(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    file = tmp_path / "kisi.db"
    shutil.copyfile(sqlite_template, file)
    monkeypatch.setenv("KISI_DATABASE_URL", f"sqlite:///{file}")
    yield from _fresh_engine("sqlite")


@pytest.fixture
def postgresql_database(
    postgres_server: PostgresServer, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    name = postgres_server.create_database(postgres_template)
    for variable, url in postgres_server.environment(name).items():
        monkeypatch.setenv(variable, url)
    yield from _fresh_engine("postgresql")
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server with the roles kisi_owner and kisi_app; databases are made to order."""
    try:
        with running_server() as server:
            yield server
    except NoPostgres as reason:
        skip_or_fail(str(reason))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file every SQLite test starts from: migrating takes longer than copying."""
    folder = tmp_path_factory.mktemp("template")
    file = folder / "kisi.db"
    _migrate(folder, KISI_DATABASE_URL=f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    name = postgres_server.create_database()
    _migrate(tmp_path_factory.mktemp("template"), **postgres_server.environment(name))
    yield name
    postgres_server.drop_database(name)


def _migrate(folder: Path, **settings: str) -> None:
    from kisi.db.engine import forget_engine
    from kisi.db.schema import migrate

    with pytest.MonkeyPatch.context() as monkeypatch:
        use_environment(monkeypatch, KISI_DATA=str(folder), KISI_KEYS=KEYS, **settings)
        forget_engine()
        migrate()
        forget_engine()


def _fresh_engine(kind: str) -> Iterator[str]:
    """Connections of another test's database are closed before, this one's afterwards."""
    from kisi.db.engine import forget_engine

    forget_engine()
    yield kind
    forget_engine()


# --- people (municipalities, accounts, users) ----------------------------------------------------


@pytest.fixture
def towns(database: str, monkeypatch: pytest.MonkeyPatch) -> Towns:
    """Musterstadt and Beispielhausen, each with an account of every role, in this database."""
    # Another test's database may have had the same ids.
    monkeypatch.setattr("kisi.db.repository.base._read_lately", {})
    return found_towns()


@pytest.fixture
def guide(towns: Towns) -> User:
    return towns["guide"]


@pytest.fixture
def colleague(towns: Towns) -> User:
    """Another guide of the same town."""
    return towns["colleague"]


@pytest.fixture
def other_guide(towns: Towns) -> User:
    """A guide of the other town."""
    return towns["guide2"]


@pytest.fixture
def coordinator(towns: Towns) -> User:
    return towns["coordinator"]


@pytest.fixture
def leadership(towns: Towns) -> User:
    return towns["leadership"]


@pytest.fixture
def admin(towns: Towns) -> User:
    return towns["admin"]
