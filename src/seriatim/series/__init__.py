"""Series of serial numbers: counters, blocks, and the register of what became of every number."""
