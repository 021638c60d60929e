"""On PostgreSQL: an index of a place's units by number, and one less that nothing asks for.

A page of a place's units came from walking along all serial numbers until it was full: 300,000 rows for a place whose
numbers come late. SQLite reads the place and sorts; given the same index it takes it for what is lent out too, where
another one is ten times quicker. So it is not the model's.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_CREATE = "CREATE INDEX unit_location_serial ON ledger_unit (location_id, serial, item_id)"
# Django adds it beside every unique text, for searches by how it begins; a serial that is unique on the whole site
# is only ever asked for as a whole, and each index makes a posting dearer.
_DROP = "DROP INDEX IF EXISTS ledger_unit_global_serial_a65730f2_like"


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_CREATE)
        schema_editor.execute(_DROP)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX unit_location_serial")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_counting_indexes")]

    operations = [migrations.RunPython(forwards, backwards)]
