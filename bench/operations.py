"""The names of what is measured; knows nothing of Django, so that the options can be read before it starts."""

#: The operations that write, in the order in which they are done to the same units.
WRITES = ("receive", "transfer", "deliver", "reverse")
#: Those that read what the others wrote: a unit and its movements; everything its page shows; what stood at a place,
#: listed and counted.
READS = ("look up", "unit page", "as of, units", "as of, count")
#: The reads of one unit, which are timed one by one.
OF_ONE_UNIT = READS[:2]
