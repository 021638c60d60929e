"""What we print ourselves: addresses of our pages, and the commands of the printed card."""

from collections.abc import Sequence

from seriatim.scanning.values import Doubt, Flaw, Form, Meaning
from seriatim.words.addresses import document_named, parts_of, units_named

#: What stands on the card → the command. No letter in it moves between the keyboards of most countries.
COMMANDS = {"SERIATIM POST": "post", "SERIATIM UNDO": "undo", "SERIATIM NEXT": "next"}


def commands(text: str) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """The command of a card, or nothing."""
    command = COMMANDS.get(text)
    return ([Meaning(form=Form.COMMAND, command=command)] if command else []), ()


def addresses(text: str) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """The thing whose page has this address, on whatever host: a site may have moved, its labels have not."""
    address = parts_of(text)
    if address is None:
        return (), ()
    path, query = address
    named = units_named(path, query)
    # The text does not say where the item's code ends if there are more slashes than one.
    doubts = (Doubt.DIVISION,) if len(named) > 1 else ()
    found = [
        Meaning(form=Form.ADDRESS, item_code=item, serial=serial, doubts=doubts) for item, serial in named
    ]
    if document := document_named(path):
        found.append(Meaning(form=Form.ADDRESS, document=document))
    return found, ()
