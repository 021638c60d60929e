"""The app: its page of documentation has a template and a style sheet."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The door for programs."""

    name = "seriatim.api"
