"""The app."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks."""

    name = "seriatim.webhooks"

    def ready(self) -> None:
        """Hear of stolen units that are scanned."""
        from seriatim.scanning.noticing import listen
        from seriatim.webhooks.sightings import sighted

        listen(sighted)
