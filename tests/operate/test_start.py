"""KISI does not start on a database it must not run on, and leaves it as it is."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from kisi.config import settings
from kisi.db.engine import forget_engine
from kisi.operate.database import looking, read_only, row_counts, sha256, sqlite_file
from tests.operate.conftest import WRONG_KEY, Command, kisi, tamper

Refused = Callable[..., None]


@pytest.fixture
def refused(command: Command, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Starting fails with exit code 2 and one sentence, and leaves the database as it is."""

    def assert_refused(*words: str, **environment: str) -> None:
        forget_engine()  # whose last connection tidies the file up
        before = state()
        capsys.readouterr()
        assert command("serve", "--port", 8629, **environment) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert [word for word in words if word not in said] == []
        assert state() == before

    return assert_refused


def state() -> object:
    if file := sqlite_file():
        return sha256(file)
    with looking(read_only(settings().owner_database_url)) as connection:
        return row_counts(connection), connection.exec_driver_sql(
            "SELECT * FROM installation"
        ).all()


def into_production() -> None:
    tamper("UPDATE installation SET mode = 'production'", "UPDATE account SET demo = false")


def test_a_wrong_key(filled: str, refused: Refused) -> None:
    into_production()
    refused("KISI_KEYS", "passt nicht", KISI_MODE="production", KISI_KEYS=WRONG_KEY)


def test_a_wrong_key_in_the_demo(filled: str, refused: Refused) -> None:
    refused("KISI_KEYS", "passt nicht", KISI_KEYS=WRONG_KEY)


def test_a_missing_key(filled: str, refused: Refused) -> None:
    into_production()
    refused("KISI_KEYS fehlt", KISI_MODE="production", KISI_KEYS="")


def test_an_unreadable_key(filled: str, refused: Refused) -> None:
    refused("KISI_KEYS ist nicht lesbar", KISI_KEYS="test:short")


def test_demo_accounts_in_production(filled: str, refused: Refused) -> None:
    tamper("UPDATE installation SET mode = 'production'")
    refused("Demo-Konten", "guide2", KISI_MODE="production")


def test_a_demo_database_in_production(filled: str, refused: Refused) -> None:
    refused("gehört zum Betrieb „demo“", KISI_MODE="production")


def test_a_production_database_in_the_demo(filled: str, refused: Refused) -> None:
    into_production()
    tamper("UPDATE alembic_version SET version_num = 'older'")
    refused("„production“")


def test_a_schema_that_is_not_migrated(filled: str, refused: Refused) -> None:
    into_production()
    tamper("UPDATE alembic_version SET version_num = 'older'")
    refused("migrate", KISI_MODE="production")


def test_as_a_process_of_its_own(sqlite_database: str) -> None:
    done = kisi("serve", "--port", "8629", KISI_KEYS=WRONG_KEY)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_database_that_is_not_there_is_not_created(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    done = kisi("serve", KISI_MODE="production", KISI_DATABASE_URL=f"sqlite:///{missing}")
    assert done.returncode == 2
    assert "migrate" in done.stderr
    assert not missing.exists()


@pytest.mark.postgres
def test_a_role_that_may_do_too_much(
    postgresql_database: str, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    into_production()
    monkeypatch.setenv("KISI_DATABASE_URL", settings().owner_database_url)
    refused("darf zu viel", KISI_MODE="production")


@pytest.mark.postgres
def test_a_table_without_row_level_security(
    postgresql_database: str, refused: Refused, command: Command
) -> None:
    into_production()
    tamper("ALTER TABLE need NO FORCE ROW LEVEL SECURITY")
    refused("need", KISI_MODE="production")
    assert command("check", KISI_MODE="production") == 1


def test_a_port_that_is_taken(filled: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = kisi("serve", "--port", taken.getsockname()[1])
    assert done.returncode == 2
    assert "--port" in done.stderr
