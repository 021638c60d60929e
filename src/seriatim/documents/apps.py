"""The app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents and their lines."""

    name = "seriatim.documents"
