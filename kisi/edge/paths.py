"""Which addresses there are, who may ask for them, and where a request comes from."""

import re
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

OPEN = {"/anmelden", "/_stcore/health", "/favicon.png"}
"""Beside /kisi/ and /static/: what answers without a session."""
WITH_FIRST_PASSWORD = {"/passwort", "/abmelden", "/sprache"}
"""What answers as long as the password is one that somebody else has given out."""
_FILES = ("/kisi/", "/static/", "/media/", "/component/", "/app/", "/_stcore/")
_STREAMLIT = re.compile(r"/_stcore/(health|host-config|stream|upload_file/.+|bidi-components/.+)")
_NOT_AFTER_SIGN_IN = ("/anmelden", "/abmelden", "/passwort", "/sprache", *_FILES)
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def is_open(path: str) -> bool:
    return path in OPEN or path.startswith(("/kisi/", "/static/"))


def is_closed_to_all(path: str) -> bool:
    """Parts of Streamlit nobody needs: its figures, its interface for programs, its own sign-in."""
    if path.startswith("/_stcore/"):
        return _STREAMLIT.fullmatch(path) is None
    return path.startswith("/auth/") or path == "/oauth2callback"


def is_document(scope: Scope) -> bool:
    """Whether a browser would show the answer as a page."""
    path: str = scope["path"]
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    return not path.startswith(_FILES) and "/_stcore/" not in path and "." not in path


def asked_for(scope: Scope) -> str:
    """Path and query of a request, as they can be given to `own_path` later."""
    query = scope["query_string"].decode("latin-1")
    return quote(scope["path"]) + (f"?{query}" if query else "")


def own_path(text: str) -> str:
    """Where to go after signing in: a screen of KISI, with its query; "/" for anything else."""
    if not text.startswith("/") or text.startswith("//") or len(text) > 500:
        return "/"
    parts = urlsplit(text)
    if _UNSAFE.search(text) or parts.scheme or parts.netloc or not text.isascii():
        return "/"
    return "/" if (parts.path + "/").startswith(tuple(_folders())) else text


def sign_in_address(scope: Scope, page: str = "/anmelden") -> str:
    wanted = own_path(asked_for(scope))
    return page if wanted == "/" else f"{page}?n={quote(wanted, safe='')}"


def comes_from_here(headers: Headers) -> bool:
    """Whether a page of KISI itself has sent this. Browsers always say so when they change
    something or open a connection; what does not say it is no browser and not welcome."""
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin", "")
    return site == "same-origin" and urlsplit(origin).netloc == headers.get("host", "-")


def comes_from_elsewhere(headers: Headers) -> bool:
    """Whether someone follows a link on a foreign page, for example in web mail."""
    return headers.get("sec-fetch-site") == "cross-site"


def _folders() -> list[str]:
    return [path.rstrip("/") + "/" for path in _NOT_AFTER_SIGN_IN]
