"""The database itself refuses to change or remove what the ledger has written.

Nothing depends on these triggers for being right: they stand against mistakes and against hands. None of them
fires on an insert, nor on the updates by which units move, so posting does not pay for them.

SQLite forgets a table's triggers when Django rebuilds the table: a later migration that alters one of these
tables has to create them again (a test looks for them after all migrations).
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: What is written once and for all.
APPEND_ONLY = ("ledger_movement", "ledger_quantitymovement", "ledger_revaluation")
#: A unit is never removed, and never becomes another one: its key is a function of these columns.
UNIT = "ledger_unit"
IDENTITY = ("key", "item_id", "serial")

_FUNCTION = "ledger_refuse"


def _sqlite_trigger(name: str, event: str, table: str, when: str, text: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} {text}'); END"
    )


def _sqlite() -> list[str]:
    statements = [
        _sqlite_trigger(f"{table}_no_{event.lower()}", event, table, "", "is append-only")
        for table in APPEND_ONLY
        for event in ("UPDATE", "DELETE")
    ]
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in IDENTITY)
    identity = f"UPDATE OF {', '.join(IDENTITY)}"
    return [
        *statements,
        _sqlite_trigger(f"{UNIT}_no_delete", "DELETE", UNIT, "", "rows are never removed"),
        _sqlite_trigger(
            f"{UNIT}_no_update", identity, UNIT, f"WHEN {changed}", "rows keep their item and serial"
        ),
    ]


def _postgresql_trigger(name: str, event: str, table: str, when: str, text: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} EXECUTE FUNCTION {_FUNCTION}('{text}')"


def _postgresql() -> list[str]:
    statements = [
        # The state of an integrity violation, so that Django raises the same exception as on SQLite.
        f"""
        CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    ]
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_no_{event.lower()}"
            statements.append(_postgresql_trigger(name, event, table, "FOR EACH ROW", "is append-only"))
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in IDENTITY)
    identity = f"UPDATE OF {', '.join(IDENTITY)}"
    statements += [
        _postgresql_trigger(f"{UNIT}_no_delete", "DELETE", UNIT, "FOR EACH ROW", "rows are never removed"),
        _postgresql_trigger(
            f"{UNIT}_no_update",
            identity,
            UNIT,
            f"FOR EACH ROW WHEN ({changed})",
            "rows keep their item and serial",
        ),
    ]
    for table in (*APPEND_ONLY, UNIT):
        statements.append(
            _postgresql_trigger(
                f"{table}_no_truncate", "TRUNCATE", table, "FOR EACH STATEMENT", "is never emptied"
            )
        )
    return statements


def create(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite():
        schema_editor.execute(statement, None)


def drop(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in (*APPEND_ONLY, UNIT):
        for event in ("update", "delete", "truncate") if postgresql else ("update", "delete"):
            of_table = f" ON {table}" if postgresql else ""
            schema_editor.execute(f"DROP TRIGGER {table}_no_{event}{of_table}", None)
    if postgresql:
        schema_editor.execute(f"DROP FUNCTION {_FUNCTION}()", None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
