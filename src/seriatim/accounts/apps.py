"""The app, and the built-in roles that every database has."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from seriatim.accounts.roles import RIGHTS, ROLES


def make_roles(*, using: str, **_: Any) -> None:
    """Create the four roles where they are missing; what an administrator changed in one is left alone."""
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType

    from seriatim.accounts.models import User

    content_type = ContentType.objects.db_manager(using).get_for_model(User)
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.using(using).filter(
            content_type=content_type, codename__in=RIGHTS
        )
    }
    for role, rights in ROLES.items():
        group, created = Group.objects.using(using).get_or_create(name=role)
        if created:
            group.permissions.set(permissions[right] for right in rights)


class AccountsConfig(AppConfig):
    """Users, roles, rights."""

    name = "seriatim.accounts"

    def ready(self) -> None:
        # The permissions themselves are made by django.contrib.auth's own handler, which runs first.
        post_migrate.connect(make_roles, sender=self, dispatch_uid="seriatim.accounts.roles")
