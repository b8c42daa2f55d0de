"""The database itself refuses to rewrite history.

A published fact is never updated, no fact is ever deleted, and an event is neither. Triggers hold
this against every door, a raw SQL prompt included; ``verify_history`` names what someone changed
after taking the triggers away.
"""

from typing import Any

from django.db import migrations

FACTS = (
    "priorities_statusupdate",
    "priorities_observation",
    "priorities_target",
    "priorities_baseline",
    "priorities_budgetline",
    "priorities_reviewrating",
    "priorities_answer",
)
EVENTS = "priorities_changeevent"

SQLITE_UPDATE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table}: append-only, a published row never changes'); END
"""
SQLITE_DELETE = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table}: append-only, a row is never deleted'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION priorities_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: append-only, a published row never changes and none is deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRES_UPDATE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
FOR EACH ROW {when} EXECUTE FUNCTION priorities_append_only()
"""
POSTGRES_DELETE = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION priorities_append_only()
"""


def protect(apps: Any, schema_editor: Any) -> None:
    """Put a trigger on each append-only table."""
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        # Without parameters: the function's own per cent signs are not placeholders.
        schema_editor.execute(POSTGRES_FUNCTION, params=None)
    update, delete = (
        (POSTGRES_UPDATE, POSTGRES_DELETE) if postgres else (SQLITE_UPDATE, SQLITE_DELETE)
    )
    condition = (
        "WHEN (OLD.published_at IS NOT NULL)" if postgres else "WHEN OLD.published_at IS NOT NULL"
    )
    for table in FACTS:
        schema_editor.execute(update.format(table=table, when=condition))
        schema_editor.execute(delete.format(table=table))
    schema_editor.execute(update.format(table=EVENTS, when=""))
    schema_editor.execute(delete.format(table=EVENTS))


def release(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away again."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in (*FACTS, EVENTS):
        on = f" ON {table}" if postgres else ""
        schema_editor.execute(f"DROP TRIGGER {table}_no_update{on}")
        schema_editor.execute(f"DROP TRIGGER {table}_no_delete{on}")
    if postgres:
        schema_editor.execute("DROP FUNCTION priorities_append_only()")


def place_head(apps: Any, schema_editor: Any) -> None:
    """The chain starts with its one head."""
    heads = apps.get_model("priorities", "ChainHead").objects
    heads.using(schema_editor.connection.alias).get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("priorities", "0001_tables")]

    operations = [
        migrations.RunPython(protect, release),
        migrations.RunPython(place_head, migrations.RunPython.noop),
    ]
