"""Files and photos on units, items, documents and parties: kept by what is in them, shown as pictures of our own.

Knows: the things that files hang on, and their rights. Must not know: requests, pages, answers.
"""
