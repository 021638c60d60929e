"""Webhooks: other systems told of what happened here, after it is committed, until they have heard it.

What happened is read from what the other packages keep (the feed of documents, marks, warranties, scans), so nothing
is written, and nobody waits, when stock moves. A worker makes the deliveries, from a table, so that it survives
restarts. Costs and prices are in none of them.
"""
