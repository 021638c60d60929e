"""The app."""

from django.apps import AppConfig


class StocktakesConfig(AppConfig):
    """Stocktakes."""

    name = "seriatim.stocktakes"

    def ready(self) -> None:
        """Say to the catalog what is used."""
        from seriatim.stocktakes import uses

        uses.register()
