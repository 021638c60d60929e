"""The app."""

from django.apps import AppConfig


class SeriesConfig(AppConfig):
    """Series, blocks, registers."""

    name = "seriatim.series"

    def ready(self) -> None:
        from seriatim.series.uses import register

        register()
