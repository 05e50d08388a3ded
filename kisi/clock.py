"""What day and time it is. Rules never ask this themselves; they are told."""

from datetime import UTC, date, datetime

from kisi.config import settings
from kisi.i18n import HERE


def today() -> date:
    return settings().today or datetime.now(HERE).date()


def now() -> datetime:
    return datetime.now(UTC)
