"""What we print ourselves: addresses of our pages, and the commands of the printed card."""

from collections.abc import Sequence

from seriatim.scanning.scans import Scan
from seriatim.scanning.values import Doubt, Flaw, Form, Meaning
from seriatim.words.addresses import coded_named, document_named, parts_of, public_named, units_named

#: What stands on the card → the command. No letter in it moves between the keyboards of most countries.
COMMANDS = {"SERIATIM POST": "post", "SERIATIM UNDO": "undo", "SERIATIM NEXT": "next"}

_LONGEST_CODE = 60
_LONGEST_SERIAL = 80
#: Both of them with every sign percent-encoded.
_LONGEST_PATH = 2_000


def commands(scan: Scan) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """The command of a card, or nothing."""
    command = COMMANDS.get(scan.text)
    return ([Meaning(form=Form.COMMAND, command=command)] if command else []), ()


def addresses(scan: Scan) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """The thing whose page has this address, on whatever host: a site may have moved, its labels have not."""
    address = parts_of(scan.text)
    if address is None:
        return (), ()
    path, query = address
    if len(path) > _LONGEST_PATH:
        return (), ()
    # No item has a longer code, no unit a longer serial number: so there are a few divisions at most.
    named = [
        (item, serial)
        for item, serial in units_named(path, query)
        if len(item) <= _LONGEST_CODE and len(serial) <= _LONGEST_SERIAL
    ]
    # The text does not say where the item's code ends if there are more slashes than one.
    doubts = (Doubt.DIVISION,) if len(named) > 1 else ()
    found = [
        Meaning(form=Form.ADDRESS, item_code=item, serial=serial, doubts=doubts) for item, serial in named
    ]
    if document := document_named(path):
        found.append(Meaning(form=Form.ADDRESS, document=document))
    if (coded := coded_named(path, query)) is not None:
        kind, code = coded
        found.append(
            Meaning(form=Form.ADDRESS, item_code=code)
            if kind == "item"
            else Meaning(form=Form.ADDRESS, numbers=(code,))
        )
    if name := public_named(path):
        found.append(Meaning(form=Form.ADDRESS, short_name=name))
    return found, ()
