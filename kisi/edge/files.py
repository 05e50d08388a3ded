"""Files for the browser, Streamlit's and KISI's own: compressed once, kept in memory."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import streamlit
from starlette.datastructures import Headers
from starlette.responses import Response

from kisi.config import ROOT

FOR_EVER = "public, max-age=31536000, immutable"
A_MONTH = "public, max-age=2592000"
ASK_AGAIN = "no-cache"  # keep it, but ask whether it is still the newest

_ASSETS = ROOT / "assets"
_OWN_KINDS = {".css", ".js", ".svg", ".png", ".woff2"}
_TEXTS = {".css", ".js", ".svg", ".json", ".html", ".txt"}
_STREAMLIT = Path(streamlit.__file__).parent / "static"
_ENTRY = re.compile(rb'(?:href|src)="\./(static/(?:js|css)/[\w.-]+)"')


@dataclass(frozen=True)
class File:
    body: bytes
    packed: bytes | None
    """The same with gzip, where that is worth it."""
    media_type: str
    etag: str


def streamlit_file(path: str) -> File | None:
    """A file of Streamlit's browser part by its address, for example /static/js/index.x.js."""
    found = _streamlit_files().get(path)
    return _read(found, 0) if found else None


def own_file(name: str) -> File | None:
    """A file of assets/ that the browser may have, by its name below /kisi/."""
    path = _own_files().get(name)
    return _read(path, path.stat().st_mtime_ns) if path else None


def own_address(name: str) -> str:
    """The address of an own file with a mark of its content: a changed file has a new one."""
    found = own_file(name)
    return f"/kisi/{name}?v={found.etag}" if found else f"/kisi/{name}"


def answer(found: File, headers: Headers, cache_control: str) -> Response:
    """The file, packed if the browser can unpack it; 304 if it has it already."""
    sent = {
        "Cache-Control": cache_control,
        "ETag": f'"{found.etag}"',
        "Vary": "Accept-Encoding",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if f'"{found.etag}"' in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=sent)
    if found.packed is not None and "gzip" in headers.get("accept-encoding", ""):
        sent["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.media_type, headers=sent)
    return Response(found.body, media_type=found.media_type, headers=sent)


def document() -> bytes:
    """The one HTML page of Streamlit's browser part."""
    return (_STREAMLIT / "index.html").read_bytes()


@cache
def entry_files() -> tuple[str, ...]:
    """What the browser needs before it can show any screen."""
    return tuple(f"/{path.decode()}" for path in _ENTRY.findall(document()))


def pack(body: bytes, kind: str, media_type: str) -> File:
    etag = hashlib.sha256(body).hexdigest()[:16]
    packed = gzip.compress(body, 6, mtime=0) if kind in _TEXTS and len(body) > 500 else None
    return File(body, packed, media_type, etag)


@lru_cache(maxsize=600)
def _read(path: Path, _changed: int) -> File:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return pack(path.read_bytes(), path.suffix, media_type)


@cache
def _streamlit_files() -> dict[str, Path]:
    """All addresses there are, so that no address can lead anywhere else."""
    files = (path for path in (_STREAMLIT / "static").rglob("*") if path.is_file())
    return {f"/{path.relative_to(_STREAMLIT).as_posix()}": path for path in files}


@cache
def _own_files() -> dict[str, Path]:
    files = (path for path in _ASSETS.rglob("*") if path.suffix in _OWN_KINDS)
    return {path.relative_to(_ASSETS).as_posix(): path for path in files}
