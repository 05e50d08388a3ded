"""One running server for the tests of the gate, with its own SQLite database."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kisi.db.engine import forget_engine
from tests.conftest import KEYS
from tests.edge import people
from tests.edge.serving import Browser, Server


@pytest.fixture(scope="module")
def installation(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of an installation with an empty database."""
    folder = tmp_path_factory.mktemp("edge")
    shutil.copyfile(sqlite_template, folder / "kisi.db")
    return {
        "KISI_DATA": str(folder),
        "KISI_KEYS": KEYS,
        "KISI_DATABASE_URL": f"sqlite:///{folder / 'kisi.db'}",
    }


@pytest.fixture(scope="module")
def server(installation: dict[str, str]) -> Iterator[Server]:
    running = Server(free_port(), Path(installation["KISI_DATA"]) / "log", **installation)
    yield running
    running.stop()


@pytest.fixture
def stranger(
    server: Server, installation: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """A browser nobody has signed in on. The test and the server see the same database."""
    for name, value in installation.items():
        monkeypatch.setenv(name, value)
    forget_engine()
    yield Browser(server.port)
    people.let_wait_pass()
    forget_engine()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
