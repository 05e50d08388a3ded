"""The outermost layer: security headers on every answer, Streamlit's files, and no traces."""

import logging
import traceback
from pathlib import Path
from secrets import token_hex

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kisi.config import SettingsError, settings
from kisi.db.installation import CannotStart
from kisi.domain.refusal import OutOfOrder
from kisi.edge import files
from kisi.edge.paths import is_document
from kisi.edge.templating import notice
from kisi.i18n import N_

log = logging.getLogger("kisi")

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
UNDER_TLS = {"Strict-Transport-Security": "max-age=31536000"}


class SecurityHeaders:
    """Everything passes through here, and nothing leaves with a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, _Answer(send, scope["path"]))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            if scope["path"].startswith("/static/"):
                found = await run_in_threadpool(_streamlit_file, scope)  # packs it, the first time
                await found(scope, receive, answer.send)
            else:
                await self._app(scope, receive, answer.send)
        except Exception as error:
            if not answer.begun:
                await failed(scope, error)(scope, receive, answer.send)
            else:
                log_incident(error)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            log_incident(error)
            try:
                await send({"type": "websocket.close", "code": 1011})
            except Exception:
                return  # it was closed already


class _Answer:
    """Puts the headers on the answer on its way out."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        # Only files that are the same for everybody may stay in a browser's memory.
        self._file = path.startswith(("/static/", "/kisi/"))
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(raw=list(message["headers"]))
            headers.update(ALWAYS)
            if settings().tls:
                headers.update(UNDER_TLS)
            if not (self._file and "cache-control" in headers):
                headers["Cache-Control"] = "no-store"
            del headers["server"]
            message = {**message, "headers": headers.raw}
        await self._send(message)


def failed(scope: Scope, error: Exception) -> Response:
    """What is shown when something broke; what broke goes to the log without its values."""
    if isinstance(error, OutOfOrder | CannotStart | SettingsError):
        log.error("%s: %s", type(error).__name__, _reason(error))
        return _notice(
            scope,
            503,
            N_("KISI ist gerade nicht erreichbar"),
            N_(
                "Die Datenbank antwortet nicht. Bitte versuchen Sie es in einer Minute noch einmal."
            ),
        )
    incident = log_incident(error)
    return _notice(
        scope,
        500,
        N_("Das hat nicht geklappt"),
        N_("Bitte versuchen Sie es noch einmal. Hilft das nicht, nennen Sie Ihrer Administration "
           "die Nummer dieses Vorfalls."),
        incident,
    )  # fmt: skip


def log_incident(error: BaseException) -> str:
    """Write down where it happened, never the message: that may hold somebody's data."""
    incident = token_hex(4)
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-6:]
    ]
    log.error("incident %s: %s at %s", incident, type(error).__name__, " < ".join(places[::-1]))
    return incident


def _reason(error: Exception) -> str:
    """The German sentences of CannotStart and SettingsError are ours and hold no data."""
    return str(error) if isinstance(error, CannotStart | SettingsError) else "database away"


def _notice(scope: Scope, status: int, title: str, text: str, incident: str = "") -> Response:
    if not is_document(scope) and scope["method"] != "POST":
        return PlainTextResponse("", status)
    made = notice("de", status, title, text, again=scope["path"], incident=incident)
    made.headers["Retry-After"] = "60"
    return made


def _streamlit_file(scope: Scope) -> Response:
    found = files.streamlit_file(scope["path"])
    if found is None or scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse("", 404)
    return files.answer(found, Headers(scope=scope), files.FOR_EVER)
