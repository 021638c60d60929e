"""No two users, and no two roles, whose names differ in letter case only: refused by the database itself."""

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Lower

ROLE = models.UniqueConstraint(Lower("name"), name="role_name_unique")


def add(apps: Any, schema_editor: Any) -> None:
    """Roles are rows of a table of Django's, so no model of ours can say this."""
    schema_editor.add_constraint(apps.get_model("auth", "Group"), ROLE)


def remove(apps: Any, schema_editor: Any) -> None:
    schema_editor.remove_constraint(apps.get_model("auth", "Group"), ROLE)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_asking"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(Lower("username"), name="user_name_unique"),
        ),
        migrations.RunPython(add, remove),
    ]
