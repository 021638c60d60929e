"""The door for programs: `/api/v1/`, over the same services and selectors as the pages and the command line.

A module per noun; what all of them need is in `frame` (one request, from its bytes to its answer), `problems`
(whatever can go wrong, as an answer) and `operations` (how a path is declared). No rule is decided here.
"""
