"""Whether what the ledger wrote, it wrote under the right line of a document in the right state."""

from collections.abc import Iterator

from seriatim.kernel.amounts import quantity_text
from seriatim.kernel.kinds import KINDS
from seriatim.ledger.sql import stream
from seriatim.ledger.verify import Check, Difference
from seriatim.ledger.verify.difference import text

#: What stands under lines, by the words for it.
_UNDER_LINES = {
    "movements": "ledger_movement",
    "quantities": "ledger_quantitymovement",
    "revaluations": "ledger_revaluation",
    "corrections": "ledger_supersession",
}


def _kinds(codes: Iterator[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes) or "''"


_WORDS = {
    ":ALLOCATING": _kinds(kind.code for kind in KINDS.values() if kind.takes_waiting_of_line),
    ":CORRECTING": _kinds(kind.code for kind in KINDS.values() if kind.corrects),
    ":BILLING": _kinds(kind.code for kind in KINDS.values() if not kind.legs),
}


def _missing() -> Iterator[Difference]:
    query = """
        SELECT x.line_id, count(*) FROM :TABLE x
         WHERE NOT EXISTS (SELECT 1 FROM documents_line l WHERE l.id = x.line_id)
         GROUP BY x.line_id
    """
    for words, table in _UNDER_LINES.items():
        for line, count in stream(query.replace(":TABLE", table)):
            yield Difference("line_missing", f"{count} {words}", "a line", f"none with id {line}")


def _items() -> Iterator[Difference]:
    # Under a correction's line the components of its unit change their parent, and stay where they are.
    of_units = """
        SELECT d.number, l.position, count(*)
          FROM ledger_movement m
          JOIN ledger_unit u ON u.key = m.unit_id
          JOIN documents_line l ON l.id = m.line_id
          JOIN documents_document d ON d.id = l.document_id
         WHERE u.item_id <> l.item_id AND NOT (d.kind IN (:CORRECTING) AND m.source_id = m.location_id)
         GROUP BY d.number, l.position
    """
    of_quantities = """
        SELECT d.number, l.position, count(*)
          FROM ledger_quantitymovement q
          JOIN documents_line l ON l.id = q.line_id
          JOIN documents_document d ON d.id = l.document_id
         WHERE q.item_id <> l.item_id
         GROUP BY d.number, l.position
    """
    for query in (_words(of_units), of_quantities):
        for number, position, count in stream(query):
            yield Difference("line_item", line_name(number, position), "its item", f"{count} of others")


def _counts() -> Iterator[Difference]:
    query = """
        SELECT d.number, l.position, l.quantity, coalesce(m.units, 0), coalesce(q.quantity, 0), coalesce(s.pairs, 0)
          FROM documents_line l
          JOIN documents_document d ON d.id = l.document_id
          LEFT JOIN (SELECT line_id, count(*) AS units FROM ledger_movement
                      WHERE reverses IS NULL GROUP BY line_id) m ON m.line_id = l.id
          LEFT JOIN (SELECT line_id, sum(quantity) AS quantity FROM ledger_quantitymovement
                      WHERE reverses_id IS NULL GROUP BY line_id) q ON q.line_id = l.id
          LEFT JOIN (SELECT line_id, count(DISTINCT CASE WHEN wrong_id < right_id THEN wrong_id ELSE right_id END)
                            AS pairs FROM ledger_supersession GROUP BY line_id) s ON s.line_id = l.id
         WHERE d.state IN ('posted', 'reversed') AND l.quantity <> CASE
               WHEN d.kind IN (:BILLING) THEN l.quantity + coalesce(m.units, 0) + coalesce(q.quantity, 0)
               WHEN d.kind IN (:CORRECTING) THEN coalesce(s.pairs, 0) * 1000
               WHEN d.kind IN (:ALLOCATING) AND coalesce(q.quantity, 0) = coalesce(m.units, 0) * 1000
                    THEN coalesce(q.quantity, 0)
               WHEN d.kind IN (:ALLOCATING) THEN -1
               ELSE coalesce(m.units, 0) * 1000 + coalesce(q.quantity, 0) END
    """
    for number, position, quantity, units, moved, pairs in stream(_words(query)):
        found = f"{units} units and {quantity_text(int(moved))} by quantity"
        if pairs:
            found = f"{pairs} corrected"
        yield Difference("line_count", line_name(number, position), quantity_text(quantity), found)


def _waiting() -> Iterator[Difference]:
    query = """
        SELECT b.source_line, i.code, p.code, d.number, d.state, l.item_id, b.item_id
          FROM ledger_balance b
          JOIN catalog_item i ON i.id = b.item_id
          JOIN catalog_location p ON p.id = b.location_id
          LEFT JOIN documents_line l ON l.id = b.source_line
          LEFT JOIN documents_document d ON d.id = l.document_id
         WHERE b.source_line > 0 AND b.quantity > 0
           AND (l.id IS NULL OR d.state <> 'posted' OR l.item_id <> b.item_id)
    """
    for line, item, place, number, state, line_item, balance_item in stream(query):
        found = f"{number}, {state}" if line_item in (None, balance_item) else f"{number}, of another item"
        yield Difference(
            "waiting_of_nothing",
            f"{item} at {place}, waiting of line {line}",
            "a posted document's line",
            found if number else text(None),
        )


def _states() -> Iterator[Difference]:
    """What moved, moved under posted documents; what was taken back, under reversed ones, and all of it."""
    of_units = """
        SELECT d.number, d.id, d.state, m.reverses IS NULL, count(*)
          FROM ledger_movement m
          JOIN documents_line l ON l.id = m.line_id
          JOIN documents_document d ON d.id = l.document_id
         WHERE d.state NOT IN ('posted', 'reversed')
            OR (m.reverses IS NOT NULL AND d.state <> 'reversed')
            OR (m.reverses IS NULL AND d.state = 'reversed'
                AND NOT EXISTS (SELECT 1 FROM ledger_movement y WHERE y.unit_id = m.unit_id AND y.reverses = m.seq))
         GROUP BY d.number, d.id, d.state, m.reverses IS NULL
    """
    of_quantities = """
        SELECT d.number, d.id, d.state, q.reverses_id IS NULL, count(*)
          FROM ledger_quantitymovement q
          JOIN documents_line l ON l.id = q.line_id
          JOIN documents_document d ON d.id = l.document_id
         WHERE d.state NOT IN ('posted', 'reversed')
            OR (q.reverses_id IS NOT NULL AND d.state <> 'reversed')
            OR (q.reverses_id IS NULL AND d.state = 'reversed' AND q.quantity > 0
                AND NOT EXISTS (SELECT 1 FROM ledger_quantitymovement y WHERE y.reverses_id = q.id))
         GROUP BY d.number, d.id, d.state, q.reverses_id IS NULL
    """
    for query, words in ((of_units, "movements"), (of_quantities, "quantities")):
        for number, pk, state, original, count in stream(query):
            name = number or str(pk)
            if state not in ("posted", "reversed"):
                yield Difference("moved_by_unposted", name, "nothing moved", f"{state}, {count} {words}")
            elif original:
                yield Difference("reversal_incomplete", name, "all taken back", f"{count} {words} not")
            else:
                yield Difference("reversal_of_posted", name, "nothing taken back", f"{count} {words}")


def _dates() -> Iterator[Difference]:
    query = """
        SELECT d.number, d.happened_at, min(x.happened_at), count(*)
          FROM :TABLE x
          JOIN documents_line l ON l.id = x.line_id
          JOIN documents_document d ON d.id = l.document_id
         WHERE x.:REVERSES IS NULL AND x.happened_at <> d.happened_at
         GROUP BY d.number, d.happened_at
    """
    for table, reverses in (("ledger_movement", "reverses"), ("ledger_quantitymovement", "reverses_id")):
        for number, at, other, count in stream(query.replace(":TABLE", table).replace(":REVERSES", reverses)):
            yield Difference("moved_at_another_time", text(number), str(at), f"{other} ({count} movements)")


def _words(query: str) -> str:
    for word, meaning in _WORDS.items():
        query = query.replace(word, meaning)
    return query


def line_name(number: str | None, position: int) -> str:
    """A line in words."""
    return f"{text(number)} line {position}"


CHECKS = (
    Check("lines of movements", ("line_missing",), _missing),
    Check("items of lines", ("line_item",), _items),
    Check("counts of lines", ("line_count",), _counts),
    Check("lines of waiting goods", ("waiting_of_nothing",), _waiting),
    Check("states of documents", ("moved_by_unposted", "reversal_of_posted", "reversal_incomplete"), _states),
    Check("dates of documents", ("moved_at_another_time",), _dates),
)
