"""Keeps an eye on a browser: where it sends requests, and what it complains about."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, WebSocket


@dataclass(frozen=True)
class Allowed:
    """A complaint of the browser that is known and does no harm."""

    text: str
    """Regular expression, found in the message."""
    address: str
    """Regular expression, found in the address the message is about."""
    reason: str


ALLOWED = (
    Allowed(
        r"Failed to load resource.* 404",
        r"/[^/]+/_stcore/(health|host-config)$",
        "Streamlit looks for its server below the address of the screen first, and must not "
        "find one there.",
    ),
)


@dataclass
class Watch:
    """All that the pages of one browser context asked for and complained about."""

    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _allowed: list[Allowed] = field(default_factory=lambda: list(ALLOWED))

    def follow(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", self._connected))

    def allow(self, text: str, address: str = "", *, reason: str) -> None:
        """Expect this complaint in the test at hand."""
        self._allowed.append(Allowed(text, address, reason))

    def strangers(self) -> list[str]:
        """Requests that left KISI's own server."""
        return [url for url in self.requests if not self._own(url)]

    def unexpected(self) -> list[str]:
        return [
            complaint
            for complaint in self.complaints
            if not any(_covers(allowed, complaint) for allowed in self._allowed)
        ]

    def _own(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("data", "blob", "about") or parts.netloc == self.origin

    def _connected(self, socket: WebSocket) -> None:
        self.requests.append(socket.url)

    def _hear(self, message: ConsoleMessage) -> None:
        # Violations of the Content Security Policy are console errors too.
        if message.type == "error":
            self.complaints.append(f"{message.text} [{message.location.get('url', '')}]")


def _covers(allowed: Allowed, complaint: str) -> bool:
    text, _bracket, address = complaint.rpartition(" [")
    return bool(
        re.search(allowed.text, text) and re.search(allowed.address, address.removesuffix("]"))
    )
