"""Settings, read from the environment in one place."""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[1]
NAMES = (
    "KISI_MODE",
    "KISI_DATABASE_URL",
    "KISI_OWNER_DATABASE_URL",
    "KISI_KEYS",
    "KISI_DATA",
    "KISI_TLS",
    "KISI_TODAY",
)


class SettingsError(Exception):
    """A setting is missing or wrong; the message is the German sentence to show."""


@dataclass(frozen=True)
class Settings:
    mode: Literal["demo", "production"]
    data: Path
    """Folder for what KISI writes itself: the embedded database, demo keys, audit anchors."""
    database_url: str
    owner_database_url: str
    """PostgreSQL: the role that owns and migrates the tables. Elsewhere the same address."""
    keys: tuple[tuple[str, bytes], ...]
    """(name, 32 bytes) each; the first encrypts, the others are still able to read."""
    tls: bool
    """The browser reaches KISI by https, so cookies are marked `Secure`."""
    today: date | None
    """Demo only: the day KISI takes for today."""

    @property
    def demo(self) -> bool:
        return self.mode == "demo"


def settings() -> Settings:
    """The settings of this process; read again only when the environment has changed."""
    return _load(tuple(os.environ.get(name, "") for name in NAMES))


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError with a sentence that says what to do."""
    mode = environ.get("KISI_MODE") or "demo"
    if mode not in ("demo", "production"):
        raise SettingsError("KISI_MODE muss „demo“ oder „production“ sein.")
    data = Path(environ.get("KISI_DATA") or ROOT / "data")
    url = environ.get("KISI_DATABASE_URL") or f"sqlite:///{data / 'kisi.db'}"
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    owner = environ.get("KISI_OWNER_DATABASE_URL", "") or url
    written = environ.get("KISI_KEYS", "")
    if not written and mode == "demo":
        written = _demo_keys(data / "keys.env")
    return Settings(
        mode="demo" if mode == "demo" else "production",
        data=data,
        database_url=url,
        owner_database_url=owner.replace("postgresql://", "postgresql+psycopg://", 1),
        keys=_parse_keys(written),
        tls=_switch(environ.get("KISI_TLS", ""), default=mode == "production"),
        today=_demo_day(environ.get("KISI_TODAY", ""), mode),
    )


def new_key(name: str) -> str:
    """A fresh key as it is written in KISI_KEYS."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@lru_cache(maxsize=8)
def _load(values: tuple[str, ...]) -> Settings:
    return load_settings(dict(zip(NAMES, values, strict=True)))


def _parse_keys(written: str) -> tuple[tuple[str, bytes], ...]:
    if not written:
        raise SettingsError(
            "KISI_KEYS fehlt. Ohne Schlüssel startet KISI nicht; "
            "„python -m kisi keys new“ erzeugt einen."
        )
    keys = []
    for part in written.split(","):
        name, _colon, value = part.strip().partition(":")
        try:
            key = base64.b64decode(value, validate=True)
        except ValueError:
            key = b""
        if not name or len(key) != 32:
            raise SettingsError(
                "KISI_KEYS ist nicht lesbar. Erwartet wird „Name:Schlüssel“ "
                "mit 32 Byte in Base64, mehrere durch Komma getrennt."
            )
        keys.append((name, key))
    return tuple(keys)


def _demo_keys(path: Path) -> str:
    """The keys of a demo installation, made at the first start and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip().removeprefix("KISI_KEYS=")
    written = new_key("demo")
    with os.fdopen(descriptor, "w") as file:
        file.write(f"KISI_KEYS={written}\n")
    return written


def _demo_day(text: str, mode: str) -> date | None:
    if not text:
        return None
    if mode != "demo":
        raise SettingsError("KISI_TODAY gilt nur in der Demo. Bitte die Angabe entfernen.")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError("KISI_TODAY muss ein Datum wie 2026-12-15 sein.") from error


def _switch(text: str, *, default: bool) -> bool:
    return default if not text else text.lower() in ("1", "true", "yes", "on", "ja")
