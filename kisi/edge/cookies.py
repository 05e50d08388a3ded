"""The two cookies: the session, and the browser by which it is known again."""

from collections.abc import Mapping

from starlette.responses import Response

from kisi.config import settings
from kisi.db import sign_in


def session_hash(cookies: Mapping[str, str]) -> str:
    return sign_in.hash_of(cookies.get(_name("kisi"), ""))


def device_token(cookies: Mapping[str, str]) -> str:
    return cookies.get(_name("kisi-device"), "")


def has_session(cookies: Mapping[str, str]) -> bool:
    return _name("kisi") in cookies


def keep_session(response: Response, token: str) -> None:
    """Until the browser is closed; the server ends it earlier."""
    _set(response, "kisi", token, None)


def keep_device(response: Response, token: str) -> None:
    _set(response, "kisi-device", token, sign_in.DEVICE_DAYS * 24 * 3600)


def forget_session(response: Response) -> None:
    _set(response, "kisi", "", 0)


def _set(response: Response, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        _name(name),
        value,
        max_age=seconds,
        path="/",
        secure=settings().tls,
        httponly=True,
        samesite="strict",
    )


def _name(name: str) -> str:
    """With the prefix, browsers take the cookie only over TLS and only from this very host."""
    return f"__Host-{name}" if settings().tls else name
