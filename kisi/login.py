"""Who is signed in. Pages, fragments and callbacks ask here; nobody else knows Streamlit's headers.

The gate (kisi/edge) lets nobody in without a session and hands on which one it is. The session is
read from the database at every run, so what an administrator takes away is gone at the next click.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from kisi.db import sign_in
from kisi.domain.refusal import Refused
from kisi.i18n import N_, use_language
from kisi.permissions import User

HEADER = "X-Kisi-Session"

_user: ContextVar[User | None] = ContextVar("user", default=None)


class SignedOut(Refused):
    german = N_("Ihre Sitzung ist beendet. Bitte melden Sie sich neu an.")


def presented_session() -> str:
    """The hash of the session the gate vouches for; empty without one."""
    presented = st.context.headers.get(HEADER)
    return presented if isinstance(presented, str) else ""


@contextmanager
def signed_in() -> Iterator[User]:
    """One run of a page or fragment by the person signed in. Raises SignedOut.

    Afterwards nobody is remembered: the next run in this thread may be somebody else's.
    """
    if (known := _user.get()) is not None:
        yield known  # a part drawn together with its page, which has asked a moment ago
        return
    token = _user.set(_identify())
    try:
        yield current_user()
    finally:
        _user.reset(token)


def current_user() -> User:
    """The person using this screen. Raises SignedOut."""
    return _user.get() or _identify()


def _identify() -> User:
    found = sign_in.session_of(presented_session(), touch=True)
    if found is None or found.must_change:
        raise SignedOut
    use_language(found.user.language)
    return found.user
