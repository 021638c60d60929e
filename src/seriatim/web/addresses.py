"""Addresses of pages from codes and numbers, whatever signs these contain, and back.

Their shape is told in ``words.addresses``, which labels and scans know too; a test holds the urls to it.
"""

from seriatim.words.addresses import document_path as document_address
from seriatim.words.addresses import splits
from seriatim.words.addresses import unit_path as unit_address

__all__ = ["document_address", "splits", "unit_address"]
