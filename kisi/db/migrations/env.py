"""Alembic's entry point. The caller opens the transaction, so a failed upgrade leaves no trace."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum, TypeDecorator

from kisi.db.models import Base


def include(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    return not (kind == "table" and name == "alembic_version")


def render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Migrations name plain column types: a choice that is added later needs none."""
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_object=include,
    render_item=render,
    transactional_ddl=True,
)
context.run_migrations()
