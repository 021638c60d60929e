"""The app."""

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    """Labels and printers."""

    name = "seriatim.labels"
