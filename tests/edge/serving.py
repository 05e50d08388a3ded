"""The edge as a real server in a process of its own, and a plain client for it."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookies(self) -> dict[str, str]:
        """Each cookie set, with its attributes as sent."""
        sent = self.headers.get_all("set-cookie") or []
        return {line.split("=", 1)[0]: line.split("=", 1)[1] for line in sent}


@dataclass
class Browser:
    """Sends what a browser sends, and nothing it has not been told."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        sent = {
            "Origin": f"http://{self.host}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.send("POST", path, urlencode(fields).encode(), sent | headers)

    def send(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {**self._cookie_header(), **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def websocket(
        self, origin: str | None = "own", resume: str = "", **headers: str
    ) -> ClientConnection:
        """`resume`: Streamlit's id of a tab's session. Raises InvalidStatus if refused."""
        return connect(
            f"ws://{self.host}/_stcore/stream",
            origin=f"http://{self.host}" if origin == "own" else origin,  # type: ignore[arg-type]
            additional_headers={**self._cookie_header(), **headers},
            subprotocols=["streamlit", *(["unused", resume] if resume else [])],  # type: ignore[list-item]
            open_timeout=20,
        )

    def sign_in(self, name: str, password: str, wanted: str = "/") -> Answer:
        answer = self.post("/anmelden", {"u": name, "p": password, "n": wanted})
        for cookie, value in answer.cookies.items():
            self.cookies[cookie] = value.split(";")[0]
        return answer

    def _cookie_header(self) -> dict[str, str]:
        pairs = [f"{name}={value}" for name, value in self.cookies.items()]
        return {"Cookie": "; ".join(pairs)} if pairs else {}


class Server:
    """`uvicorn tests.edge.small_home:app` with the settings given."""

    def __init__(self, port: int, log: Path, **settings: str) -> None:
        self.port = port
        self.log = log
        others = {name: value for name, value in os.environ.items() if "KISI" not in name}
        command = ["uvicorn", "tests.edge.small_home:app", "--port", str(port)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command, "--no-server-header"],
                cwd=ROOT,
                env=others | settings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if Browser(self.port).get("/_stcore/health").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
            if self._process.poll() is not None:
                break
        self.stop()
        raise RuntimeError(f"did not start:\n{self.log.read_text()[-3000:]}")
