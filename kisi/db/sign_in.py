"""Signing in and out: passwords tried, sessions opened, read and ended, devices remembered.

Nothing here runs as a person: it finds out who somebody is, so it reads all municipalities.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.orm import Session

from kisi import passwords
from kisi.clock import now
from kisi.db import throttle
from kisi.db.audit import Action, Actor, Note, note, note_alone
from kisi.db.engine import SYSTEM, transaction
from kisi.db.models.system import Account, KnownDevice, Municipality, SignIn
from kisi.domain.account import tidy_name
from kisi.domain.refusal import OutOfOrder
from kisi.i18n import LANGUAGES, _
from kisi.permissions import User

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
TOUCH = timedelta(minutes=1)
DEVICE_DAYS = 180
NOBODY = Actor(None, "unbekannt")
TOKEN_LENGTH = 43  # of 32 random bytes in URL-safe Base64


@dataclass(frozen=True)
class Outcome:
    """What came of trying to sign in. Why it failed is nobody's business."""

    token: str = ""
    """For the session cookie; empty if it failed."""
    device_token: str = ""
    """For the cookie by which this browser is known again."""
    must_change: bool = False

    @property
    def signed_in(self) -> bool:
        return bool(self.token)


@dataclass(frozen=True)
class OpenSession:
    """A valid session, and whose it is."""

    token_hash: str
    user: User
    must_change: bool
    """The password was given out by somebody else: nothing opens until it is changed."""
    device: str
    created_at: datetime
    last_seen: datetime


@dataclass(frozen=True)
class _Tried:
    """The account behind a name, or what stands in for it when there is none."""

    account_id: int | None
    municipality_id: int
    actor: Actor
    password_hash: str
    active: bool


def attempt(name: str, password: str, device_token: str = "", device_label: str = "") -> Outcome:
    """Try to sign in. Unknown name, wrong password, switched off and too many tries look alike.

    The try is counted before the password is checked, so a hundred at once are a hundred tries;
    the check itself takes a quarter of a second and holds no lock.
    """
    name = tidy_name(name)
    with transaction(SYSTEM, write=True) as session:
        tried = _tried(session, name)
        bucket = _bucket(session, name, tried, device_token)
        if not throttle.reserve(session, bucket):
            return Outcome()
    right = passwords.matches(password, tried.password_hash)
    if not (right and tried.active and tried.account_id is not None):
        note_alone(
            tried.municipality_id,
            tried.actor,
            Note(Action.SIGN_IN_FAILED, "account", tried.account_id),
        )
        return Outcome()
    return _let_in(tried, bucket, device_token, device_label)


def open_session(account_id: int, device: str = "") -> str:
    """A session without a password: for the operator's tools and the tests. Returns its token."""
    with transaction(SYSTEM) as session:
        tried = _as_tried(session.get_one(Account, account_id))
    with transaction(tried.municipality_id, write=True) as session:
        session.info["actor"] = tried.actor
        return _open(session, tried, device)


def session_of(token_hash: str, *, touch: bool = False) -> OpenSession | None:
    """The valid session with this hash, or None. With `touch` its idle time begins anew."""
    if not token_hash:
        return None
    with transaction(SYSTEM) as session:
        row = session.execute(_valid_sessions().where(SignIn.token_hash == token_hash)).first()
    if row is None:
        return None
    found = _as_session(row)
    if touch and now() - found.last_seen >= TOUCH:
        _touch(found)
    return found


def user_of(token_hash: str) -> User | None:
    """Who is signed in under this hash; their idle time begins anew."""
    found = session_of(token_hash, touch=True)
    return found.user if found else None


def valid(token_hashes: Collection[str]) -> set[str]:
    """Those of the hashes whose session is still valid. Does not count as use."""
    if not token_hashes:
        return set()
    with transaction(SYSTEM) as session:
        query = _valid_sessions().where(SignIn.token_hash.in_(token_hashes))
        return {row.SignIn.token_hash for row in session.execute(query)}


def sessions_of(account_id: int) -> list[OpenSession]:
    """Where somebody is signed in now, the latest use first."""
    with transaction(SYSTEM) as session:
        query = _valid_sessions().where(SignIn.account_id == account_id)
        return [
            _as_session(row) for row in session.execute(query.order_by(SignIn.last_seen.desc()))
        ]


def sign_out(token_hash: str) -> None:
    found = session_of(token_hash)
    if found is None:
        return
    with transaction(found.user.municipality_id, write=True) as session:
        session.info["actor"] = _actor(found.user)
        session.get_one(SignIn, token_hash).ended_at = now()
        note(session, Note(Action.SIGN_OUT, "account", found.user.account_id))


def sign_out_everywhere(account_id: int, except_hash: str | None = None) -> None:
    with transaction(SYSTEM) as session:
        tried = _as_tried(session.get_one(Account, account_id))
    with transaction(tried.municipality_id, write=True) as session:
        session.info["actor"] = tried.actor
        if _end_sessions(session, account_id, except_hash):
            note(session, Note(Action.SIGN_OUT, "account", account_id))


def change_password(token_hash: str, old: str, new: str) -> dict[str, str]:
    """Give the person of this session a new password and end their other sessions.

    Returns what is wrong, by field ("old", "new"); empty when it is done.
    """
    found = session_of(token_hash)
    if found is None:
        return {"old": _("Ihre Sitzung ist beendet. Bitte melden Sie sich neu an.")}
    user = found.user
    refused = passwords.problem(new, (user.name, user.display_name, user.municipality))
    if refused:
        return {"new": refused}
    if old == new:
        return {"new": _("Bitte wählen Sie ein anderes Passwort als bisher.")}
    bucket = _hash(f"{user.name}|{token_hash}")
    with transaction(SYSTEM, write=True) as session:
        free = throttle.reserve(session, bucket)
        known = session.get_one(Account, user.account_id).password_hash
    if not free:
        return {"old": _("Zu viele Versuche. Bitte warten Sie einen Moment.")}
    if not passwords.matches(old, known):
        return {"old": _("Das bisherige Passwort stimmt nicht.")}
    fresh = passwords.hashed(new)
    with transaction(user.municipality_id, write=True) as session:
        session.info["actor"] = _actor(user)
        account = session.get_one(Account, user.account_id)
        if account.password_hash != known:
            return {"old": _("Das bisherige Passwort stimmt nicht.")}
        account.password_hash = fresh
        account.must_change = False
        _end_sessions(session, user.account_id, token_hash)
        throttle.forget(session, bucket)
    return {}


def set_language(user: User, language: str) -> None:
    if language not in LANGUAGES:
        return
    with transaction(user.municipality_id, write=True) as session:
        session.info["actor"] = _actor(user)
        session.get_one(Account, user.account_id).language = language


def tidy_up() -> None:
    """Remove what no longer counts: old failures, ended sessions, devices not seen for long."""
    long_over = now() - timedelta(days=DEVICE_DAYS)
    with transaction(SYSTEM, write=True) as session:
        throttle.tidy_up(session)
        for old in (
            delete(SignIn).where(SignIn.created_at < long_over),
            delete(KnownDevice).where(KnownDevice.created_at < now() - timedelta(days=DEVICE_DAYS)),
        ):
            session.execute(old, execution_options={"kisi_unaudited": True})


def hash_of(token: str) -> str:
    """What is stored of a session's token."""
    return _hash(token) if len(token) == TOKEN_LENGTH else ""


# --- who -----------------------------------------------------------------------------------------


def _tried(session: Session, name: str) -> _Tried:
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        return _Tried(None, SYSTEM, NOBODY, passwords.DUMMY, False)
    return _as_tried(account)


def _as_tried(account: Account) -> _Tried:
    return _Tried(
        account.id,
        account.municipality_id,
        Actor(account.id, account.name),
        account.password_hash,
        account.active,
    )


def _actor(user: User) -> Actor:
    return Actor(user.account_id, user.name)


def _bucket(session: Session, name: str, tried: _Tried, device_token: str) -> str:
    """Where the tries are counted: by name; and apart from that on each browser the account has
    been used on, so that strangers cannot lock its owner out."""
    device = _device_hash(tried.account_id, device_token)
    if device:
        known = session.get(KnownDevice, device)
        if known and known.created_at > now() - timedelta(days=DEVICE_DAYS):
            return _hash(f"{name}|{device}")
    return _hash(name)


def _device_hash(account_id: int | None, device_token: str) -> str:
    """One browser may be known for several accounts: a tablet that is shared."""
    if account_id is None or len(device_token) != TOKEN_LENGTH:
        return ""
    return _hash(f"{account_id}|{device_token}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


# --- sessions ------------------------------------------------------------------------------------


def _let_in(tried: _Tried, bucket: str, device_token: str, device_label: str) -> Outcome:
    if len(device_token) != TOKEN_LENGTH:
        device_token = secrets.token_urlsafe(32)
    device = _device_hash(tried.account_id, device_token)
    with transaction(tried.municipality_id, write=True) as session:
        account = session.get_one(Account, tried.account_id)
        if not account.active or account.password_hash != tried.password_hash:
            return Outcome()  # changed while the password was being checked
        session.info["actor"] = tried.actor
        throttle.forget(session, bucket)
        known = session.get(KnownDevice, device)
        if known is None:
            known = KnownDevice(token_hash=device, account_id=account.id)
            known.municipality_id = account.municipality_id
            session.add(known)
        known.created_at = now()
        return Outcome(_open(session, tried, device_label), device_token, account.must_change)


def _open(session: Session, tried: _Tried, device: str) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=_hash(token),
            account_id=tried.account_id,
            municipality_id=tried.municipality_id,
            device=device[:120],
        )
    )
    note(session, Note(Action.SIGN_IN, "account", tried.account_id))
    return token


def _valid_sessions() -> Select[SignIn, Account, str]:
    return (
        select(SignIn, Account, Municipality.name)
        .join(Account, Account.id == SignIn.account_id)
        .join(Municipality, Municipality.id == Account.municipality_id)
        .where(
            SignIn.ended_at.is_(None),
            SignIn.last_seen > now() - IDLE,
            SignIn.created_at > now() - LONGEST,
            Account.active,
        )
    )


def _as_session(row: Row[SignIn, Account, str]) -> OpenSession:
    sign_in, account, municipality = row
    user = User(
        account.id,
        account.name,
        account.display_name,
        account.roles,
        account.municipality_id,
        municipality,
        account.language,
    )
    return OpenSession(
        sign_in.token_hash,
        user,
        account.must_change,
        sign_in.device,
        sign_in.created_at,
        sign_in.last_seen,
    )


def _touch(found: OpenSession) -> None:
    """A full disk must not sign anybody out: reading still works."""
    still_open = (SignIn.token_hash == found.token_hash, SignIn.ended_at.is_(None))
    statement: Any = update(SignIn).where(*still_open).values(last_seen=now())
    try:
        with transaction(found.user.municipality_id, write=True) as session:
            session.execute(statement, execution_options={"kisi_unaudited": True})
    except OutOfOrder:
        return


def _end_sessions(session: Session, account_id: int, except_hash: str | None) -> int:
    rows = session.scalars(
        select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    )
    ended = 0
    for row in rows:
        if row.token_hash != except_hash:
            row.ended_at = now()
            ended += 1
    return ended
