"""Bringing a database to the newest schema, and what Alembic cannot know: roles and triggers."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from kisi.config import settings
from kisi.db.engine import forget_engine, make_engine
from kisi.db.installation import found_installation
from kisi.db.models import Base

_MIGRATIONS = Path(__file__).parent / "migrations"

# Scope 0 is sign-in and the operator; everything else sees one municipality, or nothing.
_POLICY = """
    municipality_id = NULLIF(current_setting('app.municipality', true), '')::int
    OR current_setting('app.municipality', true) = '0'
"""


def migrate() -> str:
    """Create or upgrade all tables in one transaction; returns the revision reached."""
    forget_engine()
    url = settings().owner_database_url
    if make_url(url).drivername.startswith("sqlite"):
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    _keep_to_owner(url)
    head = script_directory().get_current_head()
    return head or ""


def upgrade(engine: Engine, revision: str = "head") -> None:
    with engine.execution_options(kisi_write=True).begin() as connection:
        command.upgrade(migrations_config(connection), revision)
        if revision == "head":
            if connection.dialect.name == "postgresql":
                _protect_postgres(connection)
                connection.execute(text("SELECT set_config('app.municipality', '0', true)"))
            else:
                _protect_sqlite(connection)
            found_installation(connection)


def migrations_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def script_directory() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))


def scoped_tables() -> list[str]:
    return [
        table.name for table in Base.metadata.sorted_tables if "municipality_id" in table.columns
    ]


def _protect_postgres(connection: Connection) -> None:
    """Row-level security on every table with a municipality, and the least rights for the app."""
    role = make_url(settings().database_url).username
    quote = connection.dialect.identifier_preparer.quote
    for name in scoped_tables():
        for statement in (
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS own_municipality ON {name}",
            f"CREATE POLICY own_municipality ON {name} USING ({_POLICY}) WITH CHECK ({_POLICY})",
        ):
            connection.execute(text(statement))
    owner = connection.execute(text("SELECT current_user")).scalar_one()
    if not role or role == owner:
        return
    app = quote(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {app}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"REVOKE UPDATE, DELETE ON audit_entry FROM {app}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {app}",
        f"REVOKE INSERT, DELETE ON installation FROM {app}",
    ):
        connection.execute(text(statement))


def _protect_sqlite(connection: Connection) -> None:
    for verb in ("UPDATE", "DELETE"):
        connection.execute(
            text(
                f"CREATE TRIGGER IF NOT EXISTS audit_entry_{verb.lower()} "
                f"BEFORE {verb} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'audit entries stay'); END"
            )
        )


def _keep_to_owner(url: str) -> None:
    """The database file is for the server's user only."""
    database = make_url(url).database
    if make_url(url).drivername.startswith("sqlite") and database:
        for suffix in ("", "-wal", "-shm"):
            path = Path(database + suffix)
            if path.exists():
                path.chmod(0o600)
