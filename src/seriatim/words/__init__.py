"""The warehouse's words for what the core says in codes: refusals, kinds, states, places.

Shared by the doors, which may not import each other. Knows codes and texts, marked for translation.
Must not know: the database, a request, a terminal.
"""
