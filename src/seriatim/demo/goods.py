"""What the demo deals in, as a table: items, their prices, their serial numbers' look. All brands are invented."""

from dataclasses import dataclass
from datetime import date, timedelta

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Party, SerialPolicy, Tracking, WarrantyStart
from seriatim.catalog.services import create_item
from seriatim.kernel.amounts import money
from seriatim.numbering.checks import gtin_check_digit
from seriatim.series.models import Series
from seriatim.series.services import attach, define

_SERIAL, _QUANTITY, _NONE = Tracking.SERIAL, Tracking.QUANTITY, Tracking.NONE
_DELIVERY, _RECEIPT = WarrantyStart.DELIVERY, WarrantyStart.RECEIPT
_INSTALLATION, _FIXED = WarrantyStart.INSTALLATION, WarrantyStart.FIXED

#: GS1 keeps this prefix for demonstrations, so these numbers are nobody's.
_GTIN_PREFIX = "9521877"


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One item."""

    code: str
    name: str
    tracking: Tracking = _SERIAL
    uom: str = "pcs"
    supplier: str = ""
    cost: str = "0"
    price: str = "0"
    #: What its serials look like: {y} year, {w} week, {n} counter; {own} our own.
    serial: str = ""
    #: How much of it is traded compared to others; 0: only in the stories.
    weight: int = 0
    warranty: tuple[int, WarrantyStart] | None = None
    life_days: int | None = None
    #: identifier type → the first digits of its values
    identifier: tuple[str, str] | None = None
    lots: bool = False
    #: The supplier sends it without a list of serials now and then.
    late: bool = False
    policy: SerialPolicy = SerialPolicy.BEFORE_LEAVING

    @property
    def unit_cost(self) -> int:
        """The usual cost, in 1/10,000 of the currency."""
        return money(self.cost)

    @property
    def unit_price(self) -> int:
        """The list price, in 1/10,000 of the currency."""
        return money(self.price)


# fmt: off
GOODS = (
    Good(code="LT-14", name="Alverin Slate 14 laptop", supplier="ALVERIN", cost="612.00", price="899.00",
         serial="AV{y}{w}S{n}", weight=12, warranty=(730, _DELIVERY), life_days=1825),
    Good(code="LT-15P", name="Alverin Slate 15 Pro laptop", supplier="ALVERIN", cost="988.50",
         price="1399.00", serial="AV{y}{w}P{n}", weight=7, warranty=(1095, _DELIVERY), life_days=1825),
    Good(code="LT-13E", name="Alverin Leaf 13 laptop", supplier="ALVERIN", cost="431.00", price="649.00",
         serial="AV{y}{w}L{n}", weight=9, warranty=(730, _DELIVERY), life_days=1825),
    Good(code="MN-27", name="Alverin View 27 monitor", supplier="ALVERIN", cost="148.00", price="229.00",
         serial="AM27-{y}{w}-{n}", weight=5, warranty=(0, _FIXED)),
    Good(code="DK-01", name="Alverin Quay docking station", supplier="ALVERIN", cost="71.40",
         price="119.00", serial="AQ{n}{y}", weight=5, warranty=(730, _DELIVERY)),
    Good(code="PH-61", name="Sivaro Nine phone 128 GB", supplier="SIVARO", cost="389.00", price="569.00",
         serial="SV9{y}{n}", weight=11, warranty=(365, _DELIVERY), identifier=("imei", "00991061"),
         policy=SerialPolicy.ON_ENTRY),
    Good(code="PH-67", name="Sivaro Nine Max phone 256 GB", supplier="SIVARO", cost="571.00",
         price="799.00", serial="SVX{y}{n}", weight=6, warranty=(365, _DELIVERY), identifier=("imei",
         "00991067"), policy=SerialPolicy.ON_ENTRY),
    Good(code="PH-52", name="Sivaro Loop phone 64 GB", supplier="SIVARO", cost="144.00", price="219.00",
         serial="SVL{y}{n}", weight=6, warranty=(365, _DELIVERY), identifier=("imei", "00991052"),
         policy=SerialPolicy.ON_ENTRY),
    Good(code="TB-10", name="Tavora Pad 10 tablet", supplier="TAVORA", cost="212.00", price="329.00",
         serial="TP10{y}W{w}{n}", weight=6, warranty=(730, _DELIVERY)),
    Good(code="TB-12", name="Tavora Pad 12 tablet, pen", supplier="TAVORA", cost="344.00", price="499.00",
         serial="TP12{y}W{w}{n}", weight=4, warranty=(730, _DELIVERY)),
    Good(code="RT-06", name="Kuvero Relay 6 router", supplier="KUVERO", cost="58.20", price="99.00",
         serial="KV-{y}{w}-{n}", weight=6, warranty=(730, _INSTALLATION), identifier=("mac", "025E51")),
    Good(code="RT-MX", name="Kuvero Mesh point", supplier="KUVERO", cost="41.70", price="69.00",
         serial="KM-{y}{w}-{n}", weight=4, warranty=(730, _INSTALLATION), identifier=("mac", "025E52")),
    Good(code="BA-14", name="Ampelo laptop battery 56 Wh", supplier="AMPELO", cost="34.90", price="69.00",
         serial="AMP56{y}{w}{n}", weight=8, warranty=(180, _RECEIPT), life_days=1095, lots=True, late=True),
    Good(code="BA-61", name="Ampelo phone battery 17 Wh", supplier="AMPELO", cost="9.80", price="29.00",
         serial="AMP17{y}{w}{n}", weight=9, warranty=(180, _RECEIPT), life_days=730, lots=True, late=True),
    Good(code="PB-20", name="Ampelo power bank 20 Ah", supplier="AMPELO", cost="18.60", price="39.00",
         serial="AMPB{y}{w}{n}", weight=6, warranty=(365, _DELIVERY), life_days=1095, lots=True),
    Good(code="SP-D61", name="Display for Sivaro Nine", supplier="PARTIVO", cost="64.00", price="119.00",
         serial="D61/{n}", weight=5, warranty=(90, _DELIVERY), late=True),
    Good(code="SP-B14", name="Main board for Alverin Slate 14", supplier="PARTIVO", cost="189.00",
         price="289.00", serial="MB14/{n}", weight=2, warranty=(90, _DELIVERY), late=True),
    Good(code="SP-SSD", name="Solid state drive 1 TB", supplier="PARTIVO", cost="52.30", price="89.00",
         serial="PX1T{y}{n}", weight=6, warranty=(1825, _DELIVERY)),
    Good(code="SP-RAM", name="Memory module 16 GB", supplier="PARTIVO", cost="27.80", price="49.00",
         serial="PM16{y}{n}", weight=5, warranty=(3650, _DELIVERY)),
    Good(code="WS-KIT", name="Workstation kit: laptop, dock, monitor", price="1290.00",
         serial="WK-{own}", warranty=(730, _DELIVERY)),
    Good(code="BP-RB", name="Rebuilt battery pack, own make", price="54.00", serial="RB-{y}{w}-{n}",
         warranty=(365, _DELIVERY), life_days=1095),
    Good(code="HS-02", name="Headset, wired", tracking=_QUANTITY, supplier="PARTIVO", cost="11.20",
         price="25.00", serial="HS{y}{n}", warranty=(365, _DELIVERY)),
    Good(code="CB-UC", name="USB-C cable 1 m", tracking=_QUANTITY, supplier="PARTIVO", cost="2.10",
         price="7.90"),
    Good(code="CB-ET", name="Network cable 3 m", tracking=_QUANTITY, supplier="PARTIVO", cost="1.35",
         price="5.90"),
    Good(code="SC-M2", name="Screws M2, assorted", tracking=_QUANTITY, supplier="PARTIVO", cost="0.02",
         price="0.10"),
    Good(code="TP-04", name="Thermal paste", tracking=_QUANTITY, uom="g", supplier="PARTIVO", cost="0.85",
         price="2.50", lots=True),
    Good(code="CE-21", name="Lithium cell 21700", tracking=_QUANTITY, supplier="AMPELO", cost="3.15",
         price="8.00", lots=True),
    Good(code="SV-SET", name="Setting up a device", tracking=_NONE, uom="h", price="68.00"),
    Good(code="SV-REP", name="Repair labour", tracking=_NONE, uom="h", price="82.00"),
    Good(code="SV-DAT", name="Data transfer, flat", tracking=_NONE, price="49.00"),
)
# fmt: on

#: Serials that we give ourselves: item → the pattern of its series.
_SERIES = {"WS-KIT": "WK-{seq:6}", "BP-RB": "RB-{yyyy}-{seq:5}"}

BY_CODE = {good.code: good for good in GOODS}
TRADED = tuple(good for good in GOODS if good.weight)
BY_QUANTITY = tuple(good for good in GOODS if good.tracking == _QUANTITY)


def gtin(number: int) -> str:
    """A GTIN-13 with the right check digit."""
    body = f"{_GTIN_PREFIX}{number:05d}"
    return body + gtin_check_digit(body)


def make_goods(user: User, parties: dict[str, Party], today: date) -> dict[str, Item]:
    """All items, by code."""
    return {
        good.code: _item(user, good, parties, today, number) for number, good in enumerate(GOODS, start=1)
    }


def make_series(user: User, items: dict[str, Item]) -> dict[str, Series]:
    """The series of what we make ourselves, by the item's code."""
    made = {}
    for code, pattern in _SERIES.items():
        made[code] = define(user=user, code=code, name=BY_CODE[code].name, pattern=pattern)
        attach(user=user, item=items[code], series=made[code])
    return made


def _item(user: User, good: Good, parties: dict[str, Party], today: date, number: int) -> Item:
    days, start = good.warranty or (None, _DELIVERY)
    return create_item(
        user=user,
        code=good.code,
        name=good.name,
        uom=good.uom,
        gtin=None if good.tracking == _NONE else gtin(number * 10),
        tracking=good.tracking.value,
        serial_policy=good.policy.value,
        warranty_days=days,
        warranty_from=start.value,
        # The maker extended it to the same day for all that were sold during a campaign.
        warranty_date=today + timedelta(days=500) if start is _FIXED else None,
        end_of_life_days=good.life_days,
        default_price=good.unit_price,
        default_supplier=parties[good.supplier] if good.supplier else None,
    )
