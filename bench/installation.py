"""Databases of a given size, made once and kept, and a server on a fresh copy of one."""

import ctypes
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
_MADE_BY = ("db/migrations/**/*.py", "db/models/*.py", "db/search.py", "db/crypto.py",
            "operate/demo*.py")  # fmt: skip


def prepared(persons: int, folder: Path) -> Path:
    """The folder of a demo installation with so many persons, filled now if there is none yet."""
    made = folder / str(persons)
    stamp = made / "made.json"
    recipe = _recipe()
    if stamp.exists() and json.loads(stamp.read_text()).get("recipe") == recipe:
        return made
    if made.exists():
        shutil.rmtree(made)
    made.mkdir(parents=True)
    print(f"Preparing {persons:,} persons (once; kept in {_short(made)}) …", flush=True)
    environment = _environment(made)
    subprocess.run(
        [sys.executable, "-m", "kisi", "demo", "--persons", str(persons)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with closing(sqlite3.connect(made / "kisi.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # Written last: whatever was interrupted before is made anew.
    stamp.write_text(json.dumps({"recipe": recipe, "day": date.today().isoformat()}))
    return made


class Server:
    """KISI in a process of its own, on a copy: what a run saves does not change the next run."""

    def __init__(self, persons: int, folder: Path) -> None:
        source = prepared(persons, folder)
        self.persons = persons
        self.data = folder / f"run-{os.getpid()}-{persons}"
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(source, self.data)
        self.day = json.loads((source / "made.json").read_text())["day"]
        self.host = f"127.0.0.1:{_free_port()}"
        self._log = (self.data / "server.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.served", "--port", self.host.partition(":")[2]],
            cwd=ROOT,
            # The day the people were invented for: the same records are due in every run.
            env=_environment(self.data) | {"KISI_TODAY": self.day},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait_until_healthy()
        except RuntimeError:
            self.stop()
            raise
        self._clock = _cpu_clock(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu_seconds(self) -> float | None:
        """What the process has used of the processors so far; None where that is not told."""
        return None if self._clock is None else time.clock_gettime(self._clock)

    def query(self, statement: str, *parameters: object) -> list[tuple[int, ...]]:
        address = f"file:{self.data / 'kisi.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute(statement, parameters).fetchall()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)
        self._log.close()
        shutil.rmtree(self.data, ignore_errors=True)

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if _healthy(self.host):
                return
            time.sleep(0.1)
        log = (self.data / "server.log").read_text(errors="replace")
        raise RuntimeError(f"KISI did not start:\n{log[-3000:]}")


def _healthy(host: str) -> bool:
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _environment(data: Path) -> dict[str, str]:
    outside = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KISI_", "STREAMLIT_"))
    }
    return outside | {"KISI_MODE": "demo", "KISI_DATA": str(data), "PYTHONUNBUFFERED": "1"}


def _recipe() -> str:
    """Another after every change to the tables or to how people are invented."""
    found = hashlib.sha256()
    for pattern in _MADE_BY:
        for path in sorted((ROOT / "kisi").glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()


def _cpu_clock(pid: int) -> int | None:
    """The clock of another process's CPU time, in nanoseconds (POSIX; /proc counts in 10 ms)."""
    clock = ctypes.c_int()
    try:
        failed = ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock))
    except AttributeError:
        return None
    return None if failed else clock.value


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
