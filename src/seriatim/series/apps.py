"""The app."""

from django.apps import AppConfig


class SeriesConfig(AppConfig):
    """Series, blocks, registers."""

    name = "seriatim.series"
