"""How much happens in the demo's year, from the number of units. Pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from seriatim.demo.goods import TRADED

#: The size for which the numbers of documents below are meant.
USUAL_UNITS = 5_000
#: What the stories need, whatever the size.
FEWEST_UNITS = 400

#: Units that come in by stories, and by the delivery that makes the number whole.
_OUTSIDE_TRADE = 130
#: Of every item at the opening, so that stories find some.
_AT_LEAST = 8

_OPENING_PERCENT = 14
_SOLD_BEFORE_PERCENT = 9
_SOLD_PERCENT = 60

_RECEIPTS = 56
_SALES = 210
_TRANSFERS = 34


@dataclass(frozen=True, slots=True)
class Sizes:
    """The plan of a year."""

    units: int
    #: item → units in stock on the first day, and units that customers had bought before.
    opening: dict[str, int]
    sold_before: dict[str, int]
    #: One receipt each: supplier, and (item, units).
    receipts: Sequence[tuple[str, Sequence[tuple[str, int]]]]
    sales: int
    units_per_sale: float
    transfers: int
    #: Repairs, returns and the like beside the stories that are always told.
    factor: float


def plan(units: int, rng: Random) -> Sizes:
    """Plan a year in which so many units come in.

    More units make more documents, but above all larger ones: 200 times the units are 4 times the documents.
    """
    ratio = units / USUAL_UNITS
    factor = ratio**0.25 if ratio > 1 else ratio**0.75
    traded = units - _OUTSIDE_TRADE - units // 100
    weights = sum(good.weight for good in TRADED)
    share = {good.code: traded * good.weight // weights for good in TRADED}
    before = {code: amount * _SOLD_BEFORE_PERCENT // 100 for code, amount in share.items()}
    opening = {
        code: max(amount * _OPENING_PERCENT // 100, min(_AT_LEAST, amount)) for code, amount in share.items()
    }
    coming = {code: max(share[code] - before[code] - opening[code], 0) for code in share}
    sales = max(round(_SALES * factor), 20)
    return Sizes(
        units=units,
        opening=opening,
        sold_before=before,
        receipts=_receipts(coming, max(round(_RECEIPTS * factor), 12), rng),
        sales=sales,
        units_per_sale=traded * _SOLD_PERCENT / 100 / sales,
        transfers=max(round(_TRANSFERS * factor), 6),
        factor=factor,
    )


def split(total: int, parts: int, rng: Random) -> list[int]:
    """Split a number into uneven parts that add up to it."""
    weights = [rng.uniform(0.4, 1.6) for _ in range(parts)]
    whole = sum(weights)
    found = [int(total * weight / whole) for weight in weights]
    found[-1] += total - sum(found)
    return found


def _receipts(coming: dict[str, int], count: int, rng: Random) -> list[tuple[str, Sequence[tuple[str, int]]]]:
    """Deal the coming units out to receipts: each is from one supplier, most with several items."""
    by_supplier: dict[str, list[str]] = {}
    for good in TRADED:
        by_supplier.setdefault(good.supplier, []).append(good.code)
    receipts: list[tuple[str, Sequence[tuple[str, int]]]] = []
    for supplier, items in by_supplier.items():
        number = max(count * len(items) // len(TRADED), 2)
        papers: list[list[tuple[str, int]]] = [[] for _ in range(number)]
        for item in items:
            chosen = rng.sample(papers, max(number * 6 // 10, 1))
            for paper, amount in zip(chosen, split(coming[item], len(chosen), rng), strict=True):
                if amount:
                    paper.append((item, amount))
        receipts += [(supplier, paper) for paper in papers if paper]
    rng.shuffle(receipts)
    return receipts
