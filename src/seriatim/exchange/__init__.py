"""Imports, exports, backups: other systems' formats, and our own copies."""
