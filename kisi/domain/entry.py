"""What a person may type in, and what comes back from the database."""

from dataclasses import dataclass
from typing import Generic, TypeVar


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Base of everything a form returns. Field names are the names in the tables."""


Input = TypeVar("Input", bound=Entry)


@dataclass(frozen=True)
class Stored(Generic[Input]):
    """A saved entry, as it was when it was read."""

    id: int
    version: int
    entry: Input


Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some of the records that match, and how many match in all."""

    rows: list[Row]
    total: int
