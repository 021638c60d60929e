"""Django's backend for SQLite, with one repair (see ``base``)."""
