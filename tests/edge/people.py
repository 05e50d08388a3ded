"""Accounts for the tests of the edge, and what happens to them behind its back."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from sqlalchemy import select

from kisi import passwords
from kisi.clock import now
from kisi.db.audit import OPERATOR, Action, Note, note_alone
from kisi.db.engine import SYSTEM, transaction
from kisi.db.models.system import Account, AuditEntry, Municipality, SignIn, Throttle
from kisi.permissions import Role

PASSWORD = "vier kleine Wörter im Wind"
WRONG = "vier große Wörter im Wind"


@cache
def hash_of(password: str) -> str:
    """Hashing takes a quarter of a second; the tests do it once."""
    return passwords.hashed(password)


def account(name: str = "gabi", **fields: object) -> int:
    """An account in Musterstadt with `PASSWORD`; returns its id."""
    with transaction(SYSTEM, write=True) as session:
        town = session.scalar(select(Municipality)) or Municipality(name="Musterstadt", short="MU")
        session.add(town)
        session.flush()
        values = {
            "municipality_id": town.id,
            "name": name,
            "display_name": "Gabi Muster",
            "roles": frozenset({Role.GUIDE}),
            "password_hash": hash_of(PASSWORD),
            "must_change": False,
        }
        row = Account(**(values | fields))
        session.add(row)
        session.flush()
        made = row.id, row.municipality_id
    # The town's chain has begun, as it has in every town that is set up.
    note_alone(made[1], OPERATOR, Note(Action.OPERATE, "account", made[0]))
    return made[0]


def change_account(account_id: int, change: Callable[[Account], None]) -> None:
    with transaction(SYSTEM, write=True) as session:
        change(session.get_one(Account, account_id))


def age_session(token_hash: str, *, idle: timedelta, since: timedelta | None = None) -> None:
    """As if the session had been unused for `idle`, and opened `since` ago."""
    with transaction(SYSTEM, write=True) as session:
        row = session.get_one(SignIn, token_hash)
        row.last_seen = now() - idle
        row.created_at = now() - (since or idle)


def let_wait_pass() -> None:
    """As if everybody had waited long enough after their failures."""
    with transaction(SYSTEM, write=True) as session:
        for row in session.scalars(select(Throttle)):
            row.blocked_until = now() - timedelta(seconds=1)


def noted() -> list[tuple[int, str, str]]:
    """Municipality, actor and action of all entries about signing in."""
    with transaction(SYSTEM) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        return [
            (row.municipality_id, row.actor, row.action) for row in rows if "sign" in row.action
        ]
