"""Users, roles, rights, and who changed what. Knows nothing of stock."""
