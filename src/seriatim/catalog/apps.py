"""The app, and the rows of master data that every database has."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from seriatim.kernel.places import SYSTEM, LocationType

#: type → the code and name of the one location of that type.
SYSTEM_LOCATIONS: dict[LocationType, tuple[str, str]] = {
    LocationType.SUPPLIER: ("SUPPLIERS", "Suppliers"),
    LocationType.CUSTOMER: ("CUSTOMERS", "Customers"),
    LocationType.PRODUCTION: ("PRODUCTION", "Production"),
    LocationType.ASSEMBLY: ("ASSEMBLIES", "Installed in assemblies"),
    LocationType.SCRAP: ("SCRAP", "Scrap"),
    LocationType.ADJUSTMENT: ("ADJUSTMENT", "Stock adjustments"),
    LocationType.OPENING: ("OPENING", "Opening balance"),
}


def make_system_rows(*, using: str, **_: Any) -> None:
    """Create the outside world and the site's row where they are missing."""
    from seriatim.catalog.models import Location, Site

    locations = Location.objects.using(using)
    for type_ in sorted(SYSTEM):
        code, name = SYSTEM_LOCATIONS[type_]
        location, created = locations.get_or_create(
            type=type_.value, defaults={"code": code, "name": name, "sellable": False, "path": ""}
        )
        if created:
            location.path = f"/{location.pk}/"
            location.save(update_fields=["path"])
    Site.objects.using(using).get_or_create(pk=1)


class CatalogConfig(AppConfig):
    """Items, locations, parties."""

    name = "seriatim.catalog"

    def ready(self) -> None:
        from seriatim.catalog.own_uses import register

        register()
        post_migrate.connect(make_system_rows, sender=self, dispatch_uid="seriatim.catalog.system_rows")
