"""Counting what stands at a place by scanning it: found, missing, misplaced, elsewhere, unknown; and the papers after it.

A stocktake keeps one row for each unit: those that the records expect are written when it begins, and each scan says
of one that it is there. It changes no stock. When it ends, drafts are written of what has to change, and somebody
posts them.
"""
