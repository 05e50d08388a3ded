"""Slowing down guesses: three tries are free, then each failure doubles the wait.

The counters are rows, so a restart does not forget them and all servers share them.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kisi.clock import now
from kisi.db.models.system import Throttle

FREE = 3
LONGEST_WAIT = timedelta(seconds=900)
FORGOTTEN_AFTER = timedelta(days=1)


def reserve(session: Session, bucket: str) -> bool:
    """Count one try and say whether it may be made; only success takes it back.

    The row stays locked until the transaction ends, so tries at the same moment come one by one.
    """
    session.execute(_new_row(session, bucket))
    row = session.scalars(
        select(Throttle).where(Throttle.name_hash == bucket).with_for_update()
    ).one()
    moment = now()
    # A clock that was ahead for a while must not lock anybody out for longer than the longest.
    if moment < min(row.blocked_until, moment + LONGEST_WAIT):
        row.blocked_until = min(row.blocked_until, moment + LONGEST_WAIT)
        return False
    row.failures += 1
    row.blocked_until = moment + wait_after(row.failures)
    return True


def wait_after(failures: int) -> timedelta:
    """0 s after the first two tries, then 1, 2, 4 … 900 s."""
    if failures < FREE:
        return timedelta()
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE, 10)))


def forget(session: Session, bucket: str) -> None:
    row = session.get(Throttle, bucket)
    if row:
        session.delete(row)


def tidy_up(session: Session) -> None:
    old = delete(Throttle).where(Throttle.blocked_until < now() - FORGOTTEN_AFTER)
    session.execute(old, execution_options={"kisi_unaudited": True})


def _new_row(session: Session, bucket: str) -> postgresql.Insert | sqlite.Insert:
    row = {"name_hash": bucket, "failures": 0, "blocked_until": now()}
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(Throttle).values(row).on_conflict_do_nothing()
    return sqlite.insert(Throttle).values(row).on_conflict_do_nothing()
