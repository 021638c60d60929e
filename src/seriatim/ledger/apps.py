"""The app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Units, movements, quantities."""

    name = "seriatim.ledger"

    def ready(self) -> None:
        from seriatim.ledger.uses import register

        register()
