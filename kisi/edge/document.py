"""Streamlit's one HTML page, turned into KISI's: language, title, look, and no word of English."""

import re
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kisi.edge.files import File, own_address, pack
from kisi.i18n import LANGUAGES, _, use_language

# Streamlit's own typeface is not used; its pointers for programs lead nowhere here.
_LEFT_OUT = (
    re.compile(r"<!--.*?-->\s*", re.S),
    re.compile(r'<link\s+rel="(?:shortcut icon|service-desc|preload)"[^>]*>\s*', re.S),
    re.compile(r"<script>.*?</script>\s*", re.S),  # the content policy would stop it anyway
)
# What would make Streamlit answer with less than the whole page as it stands.
_PARTIAL = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range")


class Document:
    """Rewrites Streamlit's HTML. It looks at the answer, not at the path: the browser part asks
    /<page>/_stcore/health too and must get the 404 it expects."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or "kisi.session" not in scope:
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if "text/html" in asked.get("accept", "") or scope["path"] == "/":
            kept = [(name, value) for name, value in scope["headers"] if name not in _PARTIAL]
            scope = {**scope, "headers": kept}
        language = scope["kisi.session"].user.language
        rewriting = _Rewriting(send, language, packed="gzip" in asked.get("accept-encoding", ""))
        await self._app(scope, receive, rewriting.send)


class _Rewriting:
    def __init__(self, send: Send, language: str, *, packed: bool) -> None:
        self._send = send
        self._language = language
        self._packed = packed
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            html = headers.get("content-type", "").startswith("text/html")
            if message["status"] == 200 and html and "content-encoding" not in headers:
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_rewritten(self._start)
            return
        await self._send(message)

    async def _send_rewritten(self, start: Message) -> None:
        page = rewritten(self._body, self._language)
        body = page.packed if self._packed and page.packed is not None else page.body
        headers = MutableHeaders(raw=list(start["headers"]))
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        headers["content-length"] = str(len(body))
        headers["vary"] = "Accept-Encoding"
        if body is page.packed:
            headers["content-encoding"] = "gzip"
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def rewritten(original: bytes, language: str) -> File:
    """KISI's page from Streamlit's; anything else is returned as it is."""
    assets = tuple(own_address(name) for name in ("kisi.css", "kisi.js", "icon.png"))
    return _rewritten(original, language if language in LANGUAGES else "de", assets)


@lru_cache(maxsize=16)
def _rewritten(original: bytes, language: str, assets: tuple[str, ...]) -> File:
    html = original.decode()
    if '<div id="root">' not in html:
        return pack(original, ".html", "text/html")
    for pattern in _LEFT_OUT:
        html = pattern.sub("", html)
    html = html.replace('"./static/', '"/static/')
    html = re.sub(r'<html lang="[^"]*"', f'<html lang="{language}"', html, count=1)
    head = f"<title>KISI</title>\n{_head(*assets)}"
    html = re.sub(r"<title>.*?</title>", head, html, count=1, flags=re.S)
    html = re.sub(r"<noscript>.*?</noscript>", _no_script(language), html, count=1, flags=re.S)
    return pack(html.encode(), ".html", "text/html; charset=utf-8")


def _head(style: str, script: str, icon: str) -> str:
    return (
        f'<link rel="icon" type="image/png" href="{icon}">\n'
        '<link rel="preload" href="/kisi/fonts/FiraSans-Regular.woff2" as="font" '
        'type="font/woff2" crossorigin>\n'
        f'<link rel="stylesheet" href="{style}">\n'
        f'<script src="{script}" defer></script>\n'
    )


def _no_script(language: str) -> str:
    use_language(language)
    text = _("KISI braucht JavaScript. Bitte schalten Sie es in Ihrem Browser ein.")
    return f"<noscript><p>{text}</p></noscript>"
