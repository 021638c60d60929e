"""The same work in Tryton: `python peer_tryton.py HOME UNITS ROUNDS` in Tryton's own environment.

Uses Tryton's own classes as its clients' requests do: shipments in, internal and out, one lot per unit, one
transaction per step that a user takes. Prints one line of JSON. Must not import anything of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

NAME = "peer"
LOOK_UPS = 100
#: Of a unit that was received, transferred and delivered, the zones of the warehouse included.
MOVES = 5


def prepare(home: Path) -> None:
    """Make Tryton's database, with the module for lots of one unit and all that it needs."""
    settings = home / "trytond.conf"
    settings.write_text(f"[database]\nuri = sqlite://\npath = {home}\n")
    (home / f"{NAME}.sqlite").touch()
    password = home / "password"
    password.write_text("only-for-the-measurements")
    admin = Path(sys.executable).with_name("trytond-admin")
    subprocess.run(
        [
            *(admin, "-c", settings, "-d", NAME, "-u", "stock_lot_unit", "--activate-dependencies"),
            *("--email", "bench@example.com", "-p"),
        ],
        check=True,
        env={**os.environ, "TRYTONPASSFILE": str(password)},
        stdout=sys.stderr,
    )


class Tryton:
    """The database, with the master data that the work needs."""

    def __init__(self, home: Path) -> None:
        from trytond.config import config

        config.update_etc(str(home / "trytond.conf"))
        from trytond.pool import Pool

        Pool.start()
        self.pool = Pool(NAME)
        self.pool.init()
        self.company: int | None = None
        self.request(self._make_company)
        self.request(self._make_goods)

    def request(self, do: Callable[[], Any]) -> Any:
        """One request of the administrator: a transaction, begun again where Tryton asks for a lock first."""
        from trytond.transaction import Transaction, TransactionError

        context = {} if self.company is None else {"company": self.company}
        locks: dict[str, Any] = {}
        while True:
            with Transaction().start(NAME, 1, context=context, **locks) as transaction:
                try:
                    answer = do()
                    transaction.commit()
                    return answer
                except TransactionError as error:
                    transaction.rollback()
                    error.fix(locks)

    def press(self, name: str, record: int, *buttons: str) -> None:
        """Press a record's buttons one after the other, each in a request of its own, as its client does."""
        rows = self.get(name)
        for button in buttons:
            self.request(lambda button=button: getattr(rows, button)([rows(record)]))
        state = self.request(lambda: rows(record).state)
        if state != "done":
            raise AssertionError(f"{name} {record} is {state}")

    def get(self, name: str) -> Any:
        """A class of Tryton's by its name."""
        return self.pool.get(name)

    def _make(self, name: str, /, **values: Any) -> Any:
        [row] = self.get(name).create([values])
        return row.id

    def _make_company(self) -> None:
        currency = self._make("currency.currency", name="Euro", code="EUR", symbol="€")
        party = self._make("party.party", name="Us")
        self.currency = currency
        self.company = self._make("company.company", party=party, currency=currency)

    def _make_goods(self) -> None:
        user = self.get("res.user")(1)
        user.companies = [self.company]
        user.company = self.company
        user.save()
        address = [("create", [{}])]
        self.supplier = self._make("party.party", name="Maker", addresses=address)
        self.customer = self._make("party.party", name="Buyer", addresses=address)
        [unit] = self.get("product.uom").search([("name", "=", "Unit")])
        self.unit = unit.id
        template = self.get("product.template")(
            name="Item", default_uom=unit, type="goods", list_price=Decimal(20), lot_uom=unit
        )
        template.products = [self.get("product.product")(cost_price=Decimal(8))]
        template.save()
        self.product = template.products[0].id
        places = {row.code: row for row in self.get("stock.location").search([("code", "!=", None)])}
        self.place = {code: places[code].id for code in ("SUP", "CUS", "IN", "OUT", "STO")}
        self.warehouse = places["WH"].id
        self.hall = self._make(
            "stock.location", name="Hall", code="HALL", type="storage", parent=self.place["STO"]
        )

    def moves(self, lots: list[Any], source: int, target: int, *, priced: bool = False) -> list[Any]:
        """One move of one unit per lot."""
        move = self.get("stock.move")
        price = {"unit_price": Decimal(8), "currency": self.currency} if priced else {}
        return [
            move(
                product=self.product,
                unit=self.unit,
                quantity=1,
                lot=lot,
                from_location=source,
                to_location=target,
                company=self.company,
                **price,
            )
            for lot in lots
        ]


def receive(tryton: Tryton, serials: list[str]) -> list[int]:
    """A supplier's shipment: the lots, the incoming moves, and those from the input zone into the storage."""

    def write() -> tuple[int, list[int]]:
        lots = tryton.get("stock.lot").create(
            [
                {"number": serial, "product": tryton.product, "unit": tryton.unit, "unit_quantity": 1}
                for serial in serials
            ]
        )
        shipment = tryton.get("stock.shipment.in")(
            supplier=tryton.supplier, warehouse=tryton.warehouse, company=tryton.company
        )
        shipment.on_change_supplier()
        shipment.on_change_warehouse()
        shipment.incoming_moves = tryton.moves(lots, tryton.place["SUP"], tryton.place["IN"], priced=True)
        shipment.save()
        return shipment.id, [lot.id for lot in lots]

    shipment, lots = tryton.request(write)
    tryton.press("stock.shipment.in", shipment, "receive", "do")
    return lots


def transfer(tryton: Tryton, lots: list[int]) -> None:
    """An internal shipment from the storage to the hall."""

    def write() -> int:
        shipment = tryton.get("stock.shipment.internal")(
            from_location=tryton.place["STO"], to_location=tryton.hall, company=tryton.company
        )
        shipment.moves = tryton.moves(lots, tryton.place["STO"], tryton.hall)
        shipment.save()
        return shipment.id

    tryton.press("stock.shipment.internal", tryton.request(write), "wait", "assign_try", "do")


def deliver(tryton: Tryton, lots: list[int]) -> None:
    """A customer's shipment: from the storage (the hall is in it) to the output zone, and from there to the customer."""

    def write() -> int:
        shipment = tryton.get("stock.shipment.out")(
            customer=tryton.customer, warehouse=tryton.warehouse, company=tryton.company
        )
        shipment.on_change_customer()
        shipment.on_change_warehouse()
        shipment.outgoing_moves = tryton.moves(lots, tryton.place["OUT"], tryton.place["CUS"], priced=True)
        shipment.save()
        return shipment.id

    buttons = ("wait", "assign_try", "pick", "pack", "do")
    tryton.press("stock.shipment.out", tryton.request(write), *buttons)


def look_up(tryton: Tryton, serial: str) -> None:
    """A lot by its number, and its moves with the names of their places and the shipments behind them."""

    def read() -> int:
        [lot] = tryton.get("stock.lot").search([("number", "=", serial), ("product", "=", tryton.product)])
        moves = tryton.get("stock.move").search([("lot", "=", lot.id)], order=[("id", "ASC")])
        return len(
            [
                (move.effective_date, move.from_location.name, move.to_location.name, move.shipment.rec_name)
                for move in moves
            ]
        )

    if (found := tryton.request(read)) != MOVES:
        raise AssertionError(f"{serial} has {found} moves")


def timed(function: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    began = perf_counter()
    answer = function(*given)
    return perf_counter() - began, answer


def main() -> None:
    home, units, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    prepare(home)
    tryton = Tryton(home)
    warm = receive(tryton, [f"WARM-{number}" for number in range(20)])
    transfer(tryton, warm)
    deliver(tryton, warm)
    took: dict[str, list[float]] = {name: [] for name in ("receive", "transfer", "deliver", "look up")}
    for number in range(rounds):
        serials = [f"SN-{number}-{unit:07d}" for unit in range(units)]
        seconds, lots = timed(receive, tryton, serials)
        took["receive"].append(seconds)
        took["transfer"].append(timed(transfer, tryton, lots)[0])
        took["deliver"].append(timed(deliver, tryton, lots)[0])
        step = max(1, units // LOOK_UPS)
        took["look up"].append(median(timed(look_up, tryton, serial)[0] for serial in serials[::step]))
    print(json.dumps(took))


if __name__ == "__main__":
    main()
