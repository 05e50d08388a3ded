"""For developers: a migration from what has changed in kisi/db/models/."""

from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from kisi.db.schema import migrations_config, script_directory


def write_revision(message: str) -> str:
    """Compare the models with the migrations so far; returns the new file's address."""
    number = int(script_directory().get_current_head() or "0") + 1
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        config = migrations_config(connection)
        command.upgrade(config, "head")
        script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
    return str(getattr(script, "path", ""))
