"""Whether each unit's movements are one unbroken chain, and reversals restore what was before."""

from collections.abc import Iterator

from seriatim.ledger.sql import stream
from seriatim.ledger.state import STATE
from seriatim.ledger.verify.difference import Check, Difference, text, unit_name


def _chain() -> Iterator[Difference]:
    query = """
        SELECT w.unit_id, i.code, u.serial, w.seq, w.prev_seq, w.source_id, w.prev_location,
               s.code, p.code, s.type, w.happened_at, w.prev_at,
               CASE WHEN w.happened_at < w.prev_at THEN 1 ELSE 0 END,
               CASE WHEN s.type IN (:INSIDE) THEN 1 ELSE 0 END
          FROM (SELECT m.unit_id, m.seq, m.source_id, m.happened_at, lag(m.seq) OVER chain AS prev_seq,
                       lag(m.location_id) OVER chain AS prev_location, lag(m.happened_at) OVER chain AS prev_at
                  FROM ledger_movement m WINDOW chain AS (PARTITION BY m.unit_id ORDER BY m.seq)) w
          LEFT JOIN ledger_unit u ON u.key = w.unit_id
          LEFT JOIN catalog_item i ON i.id = u.item_id
          LEFT JOIN catalog_location s ON s.id = w.source_id
          LEFT JOIN catalog_location p ON p.id = w.prev_location
         WHERE w.seq <> coalesce(w.prev_seq, 0) + 1
            OR w.source_id <> w.prev_location
            OR w.happened_at < w.prev_at
            OR (w.prev_seq IS NULL AND s.type IN (:INSIDE))
    """
    for row in stream(query):
        key, item, serial, seq, before, source, location, source_code, location_code, type_, at, before_at = (
            row[:12]
        )
        back, inside = row[12:]
        subject = unit_name(item, serial, key, seq)
        if seq != (before or 0) + 1:
            yield Difference("chain_gap", subject, f"#{(before or 0) + 1}", f"#{seq}")
        elif before is not None and source != location:
            yield Difference("chain_broken", subject, f"from {location_code}", f"from {source_code}")
        elif before is None and inside:
            yield Difference("chain_starts_inside", subject, "from outside", f"from {source_code} ({type_})")
        if back:
            yield Difference("chain_goes_back", subject, f"not before {before_at}", str(at))


# The state before the movement that is taken back; where there was none, nothing but the place it came from. Cost
# and price are those of the leg that is restored, with what bills and invoices have added to it since.
_RESTORED = {
    "location_id": "k.source_id",
    "cost": """coalesce((SELECT coalesce(p.cost, 0) + sum(v.cost_delta) FROM ledger_revaluation v
                  WHERE v.unit_id = r.unit_id AND v.of_seq = p.origin_seq AND v.after_seq >= p.seq
                    AND v.after_seq < r.seq AND v.cost_delta <> 0), p.cost)""",
    "price": """coalesce((SELECT coalesce(p.price, 0) + sum(v.price_delta) FROM ledger_revaluation v
                  WHERE v.unit_id = r.unit_id AND v.of_seq = p.sale_seq AND v.after_seq >= p.seq
                    AND v.after_seq < r.seq AND v.price_delta <> 0), p.price)""",
}


def _reversals() -> Iterator[Difference]:
    restored = {name: _RESTORED.get(name, f"p.{name}") for name in STATE}
    query = """
        SELECT r.unit_id, i.code, u.serial, r.seq, r.reverses, k.seq, k.reverses, r.line_id, k.line_id, :VALUES
          FROM ledger_movement r
          LEFT JOIN ledger_movement k ON k.unit_id = r.unit_id AND k.seq = r.reverses
          LEFT JOIN ledger_movement p ON p.unit_id = r.unit_id AND p.seq = r.reverses - 1
          LEFT JOIN ledger_unit u ON u.key = r.unit_id
          LEFT JOIN catalog_item i ON i.id = u.item_id
         WHERE r.reverses IS NOT NULL
           AND (k.seq IS NULL OR k.reverses IS NOT NULL OR k.line_id <> r.line_id OR :DIFFER)
    """
    query = query.replace(":VALUES", ", ".join(f"{was}, r.{name}" for name, was in restored.items()))
    query = query.replace(
        ":DIFFER", " OR ".join(f"r.{name} IS DISTINCT FROM {was}" for name, was in restored.items())
    )
    for key, item, serial, seq, reverses, taken, taken_reverses, line, taken_line, *values in stream(query):
        subject = unit_name(item, serial, key, seq)
        if taken is None or taken_reverses is not None or taken_line != line:
            found = "nothing" if taken is None else f"line {taken_line}"
            yield Difference("reversal_wrong", subject, f"takes back #{reverses} of line {line}", found)
            continue
        for place, name in enumerate(STATE):
            was, now = values[2 * place : 2 * place + 2]
            if was != now:
                yield Difference("reversal_state", f"{subject} {name}", text(was), text(now))


def _reversed_once() -> Iterator[Difference]:
    query = """
        SELECT m.unit_id, i.code, u.serial, m.reverses, count(*)
          FROM ledger_movement m
          LEFT JOIN ledger_unit u ON u.key = m.unit_id
          LEFT JOIN catalog_item i ON i.id = u.item_id
         WHERE m.reverses IS NOT NULL
         GROUP BY m.unit_id, i.code, u.serial, m.reverses
        HAVING count(*) > 1
    """
    for key, item, serial, seq, times in stream(query):
        yield Difference(
            "reversed_twice", unit_name(item, serial, key, seq), "at most once", f"{times} times"
        )


def _company() -> Iterator[Difference]:
    """Who holds it and what it sits in go along with where it is."""
    query = """
        SELECT m.unit_id, i.code, u.serial, m.seq, l.code, m.holder_id, m.parent_id,
               CASE WHEN l.type IN (:WITH_PARTY) THEN 1 ELSE 0 END, CASE WHEN l.type = 'assembly' THEN 1 ELSE 0 END
          FROM ledger_movement m
          JOIN catalog_location l ON l.id = m.location_id
          LEFT JOIN ledger_unit u ON u.key = m.unit_id
          LEFT JOIN catalog_item i ON i.id = u.item_id
         WHERE (m.holder_id IS NOT NULL AND l.type NOT IN (:WITH_PARTY))
            OR (m.parent_id IS NULL AND l.type = 'assembly')
            OR (m.parent_id IS NOT NULL AND l.type <> 'assembly')
    """
    for key, item, serial, seq, place, holder, parent, with_party, installed in stream(query):
        subject = unit_name(item, serial, key, seq)
        if holder is not None and not with_party:
            yield Difference("holder_place", subject, f"nobody at {place}", f"party {holder}")
        if (parent is None) == bool(installed):
            yield Difference(
                "parent_place", subject, "a parent" if installed else f"no parent at {place}", text(parent)
            )


CHECKS = (
    Check("chains", ("chain_gap", "chain_broken", "chain_starts_inside", "chain_goes_back"), _chain),
    Check("reversals", ("reversal_wrong", "reversal_state"), _reversals),
    Check("movements taken back once", ("reversed_twice",), _reversed_once),
    Check("holders and parents", ("holder_place", "parent_place"), _company),
)
