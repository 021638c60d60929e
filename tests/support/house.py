"""A small company whose books are in order, written straight into the tables: what `verify` finds nothing in."""

from __future__ import annotations

from typing import Any

from seriatim.ledger.models import Identifier, Revaluation, Supersession, Unit, UnitMark
from seriatim.numbering.serials import fold
from tests.support import rows


class House:
    """Units in every place and of every past that the ledger knows, and quantities with and without serials."""

    def __init__(self) -> None:
        self.user = rows.a_user("keeper")
        self.item = rows.an_item("LAPTOP")
        self.bulk = rows.an_item("CABLE", tracking="quantity")
        self.north = rows.a_place("NORTH")
        self.bin = rows.a_place("NORTH-1", parent=self.north)
        self.south = rows.a_place("SOUTH")
        self.supplier = rows.a_party("MAKER", "supplier")
        self.customer = rows.a_party("BUYER", "customer")
        self._units()
        self._reversal()
        self._assembly()
        self._correction()
        self._quantities()
        self._waiting()
        self._pending()

    def _units(self) -> None:
        self.units = rows.received(
            self.item, self.north, ["S-1", "S-2", "S-3", "S-4", "S-5", "S-6"], supplier=self.supplier
        )
        self.stocked, self.moved, self.sold, self.back, self.parent, self.part = self.units
        self.registered = rows.a_unit(self.item, "S-0")
        self.transfer = rows.moved([self.moved], self.bin, at=rows.day(2))
        self.delivery = rows.sold([self.sold], at=rows.day(3), customer=self.customer)
        self.receipt = self._line_of(self.stocked)
        bill = rows.a_document("vendor_bill", at=rows.day(4), party=self.supplier)
        line = rows.a_line(bill, self.item, units=6, source_line=self.receipt)
        for unit in (self.stocked, self.sold):
            self.revalue(unit, line.pk, 50_000)
        self.mark(self.stocked, 1)
        Identifier.objects.create(
            unit=self.stocked,
            type="asset_tag",
            value="Tag 1",
            folded=fold("Tag 1"),
            unique_value="asset_tag:Tag 1",
        )

    def _line_of(self, unit: Unit) -> Any:
        from seriatim.documents.models import Line

        return Line.objects.get(pk=unit.movements.get(seq=1).line_id)

    def revalue(self, unit: Unit, line: int, delta: int) -> None:
        unit.refresh_from_db()
        Revaluation.objects.create(
            unit=unit, of_seq=1, after_seq=unit.seq, line_id=line, happened_at=rows.day(4), cost_delta=delta
        )
        Unit.objects.filter(key=unit.key).update(cost=(unit.cost or 0) + delta)
        unit.refresh_from_db()

    def mark(self, unit: Unit, mark: int) -> None:
        UnitMark.objects.create(unit=unit, mark=mark, reason="Seal", user=self.user, at=rows.day(4))
        unit.refresh_from_db()
        Unit.objects.filter(key=unit.key).update(marks=unit.marks | mark)

    def _reversal(self) -> None:
        self.reversed = rows.moved([self.back], self.south, at=rows.day(2))
        rows.move(self.back, self.north, line=self.reversed, at=rows.day(5), reverses=2)
        paper = self.reversed.document
        paper.state, paper.reversed_by, paper.reversed_at = "reversed", self.user, rows.day(5)
        paper.save()

    def _assembly(self) -> None:
        paper = rows.a_document("manufacture", at=rows.day(6))
        assembly = rows.outside("assembly")
        line = rows.a_line(
            paper, self.item, role="component", target=assembly, parent_serial=self.parent.serial
        )
        rows.move(self.part, assembly, line=line, parent_id=self.parent.key)

    def _correction(self) -> None:
        [self.wrong] = rows.received(self.item, self.north, ["WRONG"], supplier=self.supplier)
        self.right = rows.a_unit(self.item, "RIGHT")
        paper = rows.a_document("correction", at=rows.day(7))
        line = rows.a_line(paper, self.item, serials="WRONG")
        adjustment = rows.outside("adjustment")
        nothing: dict[str, None] = {"supplier_id": None, "origin_seq": None, "cost": None}
        rows.move(self.wrong, adjustment, line=line, **nothing)
        rows.move(
            self.right,
            self.north,
            line=line,
            source=adjustment,
            supplier_id=self.supplier.pk,
            origin_seq=1,
            cost=1_000_000,
        )
        self.link = Supersession.objects.create(
            line_id=line.pk, wrong=self.wrong, right=self.right, wrong_seq=2, right_seq=1
        )
        Identifier.objects.create(unit=self.right, type="superseded", value="WRONG", folded=fold("WRONG"))

    def _quantities(self) -> None:
        paper = rows.a_document("purchase_receipt", party=self.supplier)
        self.bulk_line = rows.a_line(paper, self.bulk, units=100)
        rows.a_quantity(self.bulk_line, rows.outside("supplier"), self.north, 100_000, value=500)
        moved = rows.a_line(
            rows.a_document("transfer", state="reversed", at=rows.day(2)), self.bulk, units=40
        )
        there = rows.a_quantity(moved, self.north, self.south, 40_000, value=200)
        self.taken_back = rows.a_quantity(
            moved, self.south, self.north, 40_000, value=200, reverses=there, at=rows.day(3)
        )

    def _waiting(self) -> None:
        """Three came without serials; one of them was given its own."""
        paper = rows.a_document("purchase_receipt", party=self.supplier)
        self.waiting = rows.a_line(paper, self.item, units=3)
        rows.a_quantity(
            self.waiting,
            rows.outside("supplier"),
            self.north,
            3_000,
            value=3_000,
            target_waiting=self.waiting.pk,
        )
        allocation = rows.a_document("allocation", at=rows.day(8))
        line = rows.a_line(allocation, self.item, source_line=self.waiting)
        supplier = rows.outside("supplier")
        rows.a_quantity(line, self.north, supplier, 1_000, value=1_000, source_waiting=self.waiting.pk)
        self.allocated = rows.a_unit(self.item, "S-9")
        rows.move(
            self.allocated,
            self.north,
            line=line,
            source=supplier,
            supplier_id=self.supplier.pk,
            origin_seq=1,
            cost=1_000,
        )

    def _pending(self) -> None:
        self.pending = rows.a_document("transfer", state="pending")
        rows.a_line(self.pending, self.item, source=self.bin, target=self.south, serials=self.moved.serial)
        Unit.objects.filter(key=self.moved.key).update(reserved_by=self.pending.pk)
