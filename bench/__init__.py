"""Measurements: each module prints a table, measured when it is run."""
