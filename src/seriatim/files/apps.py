"""The app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Files and photos."""

    name = "seriatim.files"
