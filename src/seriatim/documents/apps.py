"""The app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents and their lines."""

    name = "seriatim.documents"

    def ready(self) -> None:
        from seriatim.documents.uses import register

        register()
