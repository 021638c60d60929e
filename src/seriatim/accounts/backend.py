"""Who may what, for Django: rights come from roles and from nothing else."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from seriatim.accounts.models import User

#: How a session names it.
BACKEND = f"{__name__}.RolesBackend"


class RolesBackend(ModelBackend):
    """Django's own, but for permissions given to one user beside the roles: there are none, so none are asked for."""

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.none()
