"""The rules of serialized stock as values and pure functions.

Knows: places, kinds, marks, states, refusals, the key of a unit.
Must not know: Django, the clock, randomness, files, or any other package of ours.
"""
