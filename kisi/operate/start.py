"""Whether KISI may start on this database; looked at without changing it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, inspect, select, text

from kisi.config import settings
from kisi.db.installation import CannotStart, newest_revision, open_installation
from kisi.db.models import Account, Installation
from kisi.db.schema import migrate, scoped_tables
from kisi.operate.database import (
    is_filled,
    looking,
    open_vault,
    read_only,
    revision,
    sqlite_file,
)


def require_fit() -> None:
    """Raises CannotStart when production must not run like this; the database stays as it is."""
    engine = read_only(settings().database_url)
    try:
        open_installation(engine)
        with looking(engine) as connection:
            if settings().mode == "production":
                _refuse_demo_accounts(connection)
            for problem in role_problems(connection):
                raise CannotStart(problem)
    finally:
        engine.dispose()


def prepare_demo() -> bool:
    """Bring the demo's tables up to date; returns whether it still has to be filled."""
    require_own()
    if _needs_migration():
        migrate()
    engine = read_only(settings().database_url)
    try:
        with looking(engine) as connection:
            return not is_filled(connection)
    finally:
        engine.dispose()


def require_own() -> None:
    """Raises CannotStart if this database belongs to another mode or another key."""
    with _owners_view() as connection:
        if connection and inspect(connection).has_table(Installation.__tablename__):
            open_vault(connection)


def require_installed() -> None:
    """Raises CannotStart unless this database can be opened by this KISI, as it is."""
    engine = read_only(settings().database_url)
    try:
        open_installation(engine)
    finally:
        engine.dispose()


def role_problems(connection: Connection) -> Iterator[str]:
    """PostgreSQL only: what would let the application see more than one municipality."""
    if connection.dialect.name != "postgresql":
        return
    role = connection.execute(
        text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).one()
    owned = connection.execute(_OWNED, {"names": scoped_tables()}).scalar_one()
    if settings().mode == "production" and (role.rolsuper or role.rolbypassrls or owned):
        yield (
            f"Die Rolle „{role.rolname}“ in KISI_DATABASE_URL darf zu viel (Eigentümerin der "
            "Tabellen, Superuser oder BYPASSRLS). Bitte eine eigene Rolle ohne diese Rechte "
            "angeben und die bisherige in KISI_OWNER_DATABASE_URL."
        )
    unprotected = sorted(set(scoped_tables()) - set(connection.execute(_PROTECTED).scalars()))
    if unprotected:
        yield (
            f"Ohne Zeilenschutz (Row-Level Security): {', '.join(unprotected)}. "
            "Bitte „python -m kisi migrate“ ausführen."
        )


_OWNED = text(
    "SELECT count(*) FROM pg_class WHERE relname IN :names AND relkind = 'r'"
    " AND pg_has_role(current_user, relowner, 'MEMBER')"
).bindparams(bindparam("names", expanding=True))

_PROTECTED = text(
    "SELECT relname FROM pg_class c WHERE relrowsecurity AND relforcerowsecurity"
    " AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid)"
)


def _refuse_demo_accounts(connection: Connection) -> None:
    names = connection.execute(select(Account.name).where(Account.demo)).scalars().all()
    if names:
        raise CannotStart(
            f"In dieser Datenbank gibt es Demo-Konten ({', '.join(sorted(names))}). "
            "Im echten Betrieb startet KISI damit nicht."
        )


def _needs_migration() -> bool:
    with _owners_view() as connection:
        return connection is None or revision(connection) != newest_revision()


@contextmanager
def _owners_view() -> Iterator[Connection | None]:
    """The database as its owner sees it; None when there is no file yet."""
    file = sqlite_file()
    if file is not None and not file.exists():
        yield None
        return
    engine = read_only(settings().owner_database_url)
    try:
        with looking(engine) as connection:
            yield connection
    finally:
        engine.dispose()
