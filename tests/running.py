"""KISI as a real server in a process of its own, for browser tests and screenshots."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEMO_PASSWORD = "kisi-demo-2026"
START_SECONDS = 120  # the first start makes the demo data


class RunningKisi:
    """A demo installation with its own data folder. What it prints goes to `log`."""

    def __init__(self, data: Path, root: Path = ROOT, **environment: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.data = data
        self.root = root
        self.log = data / "server.log"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def restart(self, **environment: str) -> None:
        """At the same address, with the same data; further settings as given."""
        self.stop()
        self._environment |= environment
        self._start()

    def kill(self) -> None:
        """As a power cut would: without a chance to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def _start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kisi", "serve", "--port", str(self.port)],
                cwd=self.root,
                env=self._settings(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_healthy()
        except RuntimeError:
            self.kill()
            raise

    def _settings(self) -> dict[str, str]:
        outside = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KISI_", "STREAMLIT_"))
        }
        own = {"KISI_MODE": "demo", "KISI_DATA": str(self.data), "PYTHONUNBUFFERED": "1"}
        return outside | own | self._environment

    def _wait_until_healthy(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"KISI ended while starting:\n{self.printed()[-3000:]}")
            if _healthy(self.url):
                return
            time.sleep(0.1)
        raise RuntimeError(f"KISI did not start:\n{self.printed()[-3000:]}")

    def _end(self, with_signal: signal.Signals) -> None:
        """Ends its children too: they are in its process group."""
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process.pid, with_signal)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait(15)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _signal_group(leader: int, with_signal: signal.Signals) -> None:
    try:
        os.killpg(leader, with_signal)
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
