"""Whether each unit is what its movements, its item and its serial number make it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from seriatim.catalog.models import Item, SerialUniqueness, Site
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.marks import codes_in
from seriatim.ledger.identifiers import unique_value
from seriatim.ledger.sql import key_value, stream
from seriatim.ledger.state import STATE
from seriatim.ledger.verify.difference import Check, Difference, text, unit_name
from seriatim.numbering.serials import fold, fold_many, malformed_reason

BATCH = 5_000

# The last movement's, and what bills and invoices have added to its leg since. What they add counts from nothing
# where there was no cost, and zero rows must not turn "no cost" into 0.
CACHED = {
    "cost": """coalesce((SELECT coalesce(m.cost, 0) + sum(v.cost_delta) FROM ledger_revaluation v
                  WHERE v.unit_id = m.unit_id AND v.of_seq = m.origin_seq AND v.after_seq = m.seq
                    AND v.cost_delta <> 0), m.cost)""",
    "price": """coalesce((SELECT coalesce(m.price, 0) + sum(v.price_delta) FROM ledger_revaluation v
                  WHERE v.unit_id = m.unit_id AND v.of_seq = m.sale_seq AND v.after_seq = m.seq
                    AND v.price_delta <> 0), m.price)""",
}


def _states() -> Iterator[Difference]:
    names = ("seq", "last_at", *STATE)
    cached = {"seq": "coalesce(m.seq, 0)", "last_at": "m.happened_at"}
    cached.update({name: CACHED.get(name, f"m.{name}") for name in STATE})
    query = """
        SELECT u.key, i.code, u.serial, :VALUES
          FROM ledger_unit u
          LEFT JOIN catalog_item i ON i.id = u.item_id
          LEFT JOIN ledger_movement m ON m.unit_id = u.key
           AND m.seq = (SELECT max(x.seq) FROM ledger_movement x WHERE x.unit_id = u.key)
         WHERE :DIFFER
    """
    query = query.replace(":VALUES", ", ".join(f"{cached[name]}, u.{name}" for name in names))
    query = query.replace(
        ":DIFFER", " OR ".join(f"u.{name} IS DISTINCT FROM {cached[name]}" for name in names)
    )
    for key, item, serial, *values in stream(query):
        for place, name in enumerate(names):
            expected, found = values[2 * place : 2 * place + 2]
            if expected != found:
                yield Difference(
                    "unit_state", f"{unit_name(item, serial, key)} {name}", text(expected), text(found)
                )


def _identities() -> Iterator[Difference]:
    """Keys and the forms of serials are computed here, not in the database: neither engine could."""
    items = {pk: (code, uid) for pk, code, uid in Item.objects.values_list("pk", "code", "uid")}
    on_site = Site.objects.get().serial_uniqueness == SerialUniqueness.SITE
    rows = stream("SELECT key, item_id, serial, folded, global_serial FROM ledger_unit")
    while batch := list(islice(rows, BATCH)):
        by_item: dict[int, list[Sequence[Any]]] = defaultdict(list)
        for row in batch:
            by_item[row[1]].append(row)
        for item_id, same in by_item.items():
            code, uid = items[item_id]
            serials = [row[2] for row in same]
            forms = zip(same, unit_keys(uid, serials), fold_many(serials), strict=True)
            for (key, _, serial, folded, global_serial), right_key, right_folded in forms:
                name = unit_name(code, serial, key)
                if key_value(key).bytes != right_key:
                    yield Difference("unit_key", name, right_key.hex(), key_value(key).hex)
                if folded != right_folded:
                    yield Difference("unit_folded", name, right_folded, folded)
                if global_serial != (serial if on_site else None):
                    yield Difference(
                        "unit_global_serial", name, text(serial if on_site else None), text(global_serial)
                    )
                if (reason := malformed_reason(serial)) is not None or serial != serial.strip():
                    yield Difference(
                        "unit_serial", name, "trimmed, printable, at most 80 bytes", reason or "blanks"
                    )


def _tracking() -> Iterator[Difference]:
    # A unit whose entries were all taken back is a number without a past that counts.
    query = """
        SELECT u.key, i.code, u.serial, i.tracking FROM ledger_unit u JOIN catalog_item i ON i.id = u.item_id
         WHERE i.tracking <> 'serial' AND (u.seq = 0 OR u.origin_seq IS NOT NULL)
    """
    for key, item, serial, tracking in stream(query):
        yield Difference("unit_untracked", unit_name(item, serial, key), "serial", tracking)


def _marks() -> Iterator[Difference]:
    # Each mark is open at most once, so the sum of the open ones is their union.
    query = """
        SELECT u.key, i.code, u.serial, coalesce(o.marks, 0), u.marks
          FROM ledger_unit u
          JOIN catalog_item i ON i.id = u.item_id
          LEFT JOIN (SELECT unit_id, sum(mark) AS marks FROM ledger_unitmark
                      WHERE cleared_at IS NULL GROUP BY unit_id) o ON o.unit_id = u.key
         WHERE u.marks <> coalesce(o.marks, 0)
    """
    for key, item, serial, expected, found in stream(query):
        yield Difference(
            "unit_marks",
            unit_name(item, serial, key),
            ", ".join(codes_in(int(expected))) or "none",
            ", ".join(codes_in(found)) or "none",
        )


def _identifiers() -> Iterator[Difference]:
    query = """
        SELECT n.type, n.value, n.folded, n.unique_value, u.key, i.code, u.serial
          FROM ledger_identifier n
          JOIN ledger_unit u ON u.key = n.unit_id
          JOIN catalog_item i ON i.id = u.item_id
    """
    for type_, value, folded, unique, key, item, serial in stream(query):
        name = f"{unit_name(item, serial, key)} {type_} {value}"
        if folded != fold(value):
            yield Difference("identifier_wrong", f"{name} folded", fold(value), folded)
        if unique != unique_value(type_, value):
            yield Difference(
                "identifier_wrong", f"{name} unique_value", text(unique_value(type_, value)), text(unique)
            )


def _supersessions() -> Iterator[Difference]:
    query = """
        SELECT s.id, w.serial, r.serial, s.line_id, s.reversed, mw.line_id, mr.line_id,
               CASE WHEN t.seq IS NULL THEN 0 ELSE 1 END
          FROM ledger_supersession s
          LEFT JOIN ledger_unit w ON w.key = s.wrong_id
          LEFT JOIN ledger_unit r ON r.key = s.right_id
          LEFT JOIN ledger_movement mw ON mw.unit_id = s.wrong_id AND mw.seq = s.wrong_seq
          LEFT JOIN ledger_movement mr ON mr.unit_id = s.right_id AND mr.seq = s.right_seq
          LEFT JOIN ledger_movement t ON t.unit_id = s.wrong_id AND t.reverses = s.wrong_seq
         WHERE mw.line_id IS NULL OR mw.line_id <> s.line_id
            OR mr.line_id IS NULL OR mr.line_id <> s.line_id
            OR w.item_id <> r.item_id
            OR CASE WHEN s.reversed THEN 1 ELSE 0 END <> CASE WHEN t.seq IS NULL THEN 0 ELSE 1 END
    """
    for pk, wrong, right, line, is_reversed, wrong_line, right_line, taken_back in stream(query):
        subject = f"correction {pk}: {wrong} → {right}"
        if wrong_line == right_line == line:
            words = ("in force", "reversed")
            yield Difference("supersession_wrong", subject, words[taken_back], words[bool(is_reversed)])
        else:
            yield Difference(
                "supersession_wrong",
                subject,
                f"movements of line {line}",
                f"of lines {text(wrong_line)} and {text(right_line)}",
            )


CHECKS = (
    Check("states of units", ("unit_state",), _states),
    Check(
        "keys and serials of units",
        ("unit_key", "unit_serial", "unit_folded", "unit_global_serial"),
        _identities,
    ),
    Check("tracking of units", ("unit_untracked",), _tracking),
    Check("marks", ("unit_marks",), _marks),
    Check("identifiers", ("identifier_wrong",), _identifiers),
    Check("corrections", ("supersession_wrong",), _supersessions),
)
