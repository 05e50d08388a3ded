"""Starting and killing the writer, and what it has been told is stored."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import text

from kisi.config import settings
from kisi.operate.database import looking, read_only
from tests.operate.conftest import ROOT


class Writer:
    def __init__(self, log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.operate.writer", "1", "1"],
                cwd=ROOT,
                env=os.environ,
                stdout=output,
                stderr=subprocess.PIPE,
            )

    def acknowledged(self) -> set[int]:
        """Persons the writer knows to be stored; a line cut off by its end does not count."""
        return {int(line) for line in self._log.read_text().split("\n")[:-1]}

    def wait_for(self, count: int) -> None:
        while len(self.acknowledged()) < count:
            assert self._process.poll() is None, self._process.stderr
            time.sleep(0.01)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate(timeout=30)


def needs_by_person() -> dict[int, int]:
    """How many needs each person has whom the writer took in."""
    query = text(
        "SELECT person.id, (SELECT count(*) FROM need WHERE need.person_id = person.id)"
        " FROM person WHERE contact_language = 'pl'"
    )
    engine = read_only(settings().database_url)
    with looking(engine) as connection:
        found = {row[0]: row[1] for row in connection.execute(query)}
    engine.dispose()
    return found
