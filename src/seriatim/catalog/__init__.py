"""Master data: items, locations, parties, and the site's own settings."""
