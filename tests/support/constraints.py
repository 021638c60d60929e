"""Which constraints models have, and which one an error is about."""

from __future__ import annotations

from types import ModuleType

from django.db import IntegrityError, connection, models
from django.db.models import UniqueConstraint


def models_in(module: ModuleType) -> list[type[models.Model]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, models.Model) and not value._meta.abstract
    ]


def names_of(module: ModuleType) -> set[str]:
    """Every constraint of the module's models; unique columns as ``table.field``."""
    names = set()
    for model in models_in(module):
        names |= {constraint.name for constraint in model._meta.constraints}
        names |= {
            f"{model._meta.db_table}.{field.name}"
            for field in model._meta.local_fields
            if field.unique and not field.primary_key
        }
    return names


def refused_by(name: str, error: IntegrityError) -> bool:
    """Whether the error is about this constraint, as far as the engine tells."""
    said = str(error)
    if "." in name:
        table, field = name.split(".")
        return table in said and (field in said or "FOREIGN KEY" in said)
    if connection.vendor == "postgresql" or "CHECK" in said:
        return name in said
    # Of unique ones SQLite tells the columns, unless they are over an expression or part of the rows.
    if name.endswith("_pkey"):
        return "UNIQUE constraint failed" in said and name.removesuffix("_pkey") in said
    return "UNIQUE constraint failed" in said and (name in said or _columns(name) <= _told(said))


def _columns(name: str) -> set[str]:
    for model in connection_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and isinstance(constraint, UniqueConstraint):
                columns = {field.name: field.column for field in model._meta.concrete_fields}
                return {columns[field] for field in constraint.fields}
    return {name}


def connection_models() -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_models())


def _told(said: str) -> set[str]:
    return {part.rsplit(".", 1)[-1].strip() for part in said.split(":", 1)[-1].split(",")}
