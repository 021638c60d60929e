"""Seriatim: every physical unit with its own serial number, record, place and history."""

__version__ = "0.1.0"
