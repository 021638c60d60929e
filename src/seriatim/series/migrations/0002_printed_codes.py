from typing import Any

from django.db import migrations, models


def keep_codes(apps: Any, schema_editor: Any) -> None:
    """Blocks that are out: what their numbers show is what the item and the location are called today."""
    Block = apps.get_model("series", "Block")
    rows = Block.objects.using(schema_editor.connection.alias).select_related("item", "place")
    for block in rows.iterator(chunk_size=1_000):
        block.item_code = block.item.code if block.item is not None else ""
        block.place_code = block.place.code if block.place is not None else ""
        block.save(update_fields=["item_code", "place_code"])


class Migration(migrations.Migration):

    dependencies = [
        ("series", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="item_code",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="block",
            name="place_code",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.RunPython(keep_codes, migrations.RunPython.noop, elidable=True),
    ]
