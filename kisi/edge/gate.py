"""The gate: without a valid session nothing of Streamlit answers."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kisi.db import sign_in
from kisi.db.sign_in import OpenSession
from kisi.edge import cookies, paths
from kisi.edge.templating import page
from kisi.edge.watch import Watch

SESSION_HEADER = b"x-kisi-session"
"""Tells Streamlit whose connection it is (server.trustedUserHeaders); never taken from outside."""
_READING = ("GET", "HEAD", "OPTIONS")


class Gate:
    """Looks at the session of every request anew: what has been ended is ended at once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._watch = Watch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name != SESSION_HEADER]
        scope = {**scope, "headers": kept}
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = _refused_at_once(scope)
        if refused is None and not paths.is_open(scope["path"]):
            session = await _session(scope)
            refused = _refused(scope, session)
            if session is not None:
                scope = _with(scope, session)
        await (refused or self._app)(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = None
        if scope["path"] == "/_stcore/stream" and paths.comes_from_here(Headers(scope=scope)):
            session = await _session(scope)
        if session is None or session.must_change:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # answered with 403
            return
        scope = _with(scope, session)
        await self._watch.run(self._app, scope, receive, send, session.token_hash)


def _refused_at_once(scope: Scope) -> Response | None:
    """What needs no look at the session, and no look at the body either."""
    if paths.is_closed_to_all(scope["path"]):
        return _no(404)
    if scope["method"] not in _READING and not paths.comes_from_here(Headers(scope=scope)):
        return _no(403)
    return None


def _refused(scope: Scope, session: OpenSession | None) -> Response | None:
    """The answer to someone who may not pass, or None."""
    if session is None:
        return _sign_in_first(scope)
    if session.must_change and scope["path"] not in paths.WITH_FIRST_PASSWORD:
        if paths.is_document(scope):
            return RedirectResponse(paths.sign_in_address(scope, "/passwort"), 303)
        return _no(403)
    return None


def _sign_in_first(scope: Scope) -> Response:
    if not paths.is_document(scope):
        return _no(401)
    asked = HTTPConnection(scope)
    if paths.comes_from_elsewhere(asked.headers) and not cookies.has_session(asked.cookies):
        # SameSite=Strict holds the cookie back when someone follows a link in web mail. One step
        # from a page of our own brings it along, if there is one.
        return page("onward.html", "de", address=paths.asked_for(scope))
    return RedirectResponse(paths.sign_in_address(scope), 303)


async def _session(scope: Scope) -> OpenSession | None:
    token_hash = cookies.session_hash(HTTPConnection(scope).cookies)
    if not token_hash:
        return None
    # Opening a page is use; what the browser does by itself is not.
    return await run_in_threadpool(sign_in.session_of, token_hash, touch=paths.is_document(scope))


def _with(scope: Scope, session: OpenSession) -> Scope:
    header = (SESSION_HEADER, session.token_hash.encode())
    return {**scope, "headers": [*scope["headers"], header], "kisi.session": session}


def _no(status: int) -> Response:
    """Without a body to wait for: the connection is closed, unread uploads with it."""
    return PlainTextResponse("", status, headers={"Connection": "close"})
