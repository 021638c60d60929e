"""The shapes of labels: what may be asked for, and what is answered."""

from typing import Annotated, Any, Literal

from pydantic import Field, StrictFloat, StrictInt

from seriatim.api.units import NamedUnit
from seriatim.api.values import MOST_32, Flag, Id, Moment, Said, Shown, Text, left_out
from seriatim.labels.making import MOST_COPIES, MOST_OFFSET_MM

Count = Annotated[StrictInt, Field(ge=1, le=MOST_32)]
Millimetres = Annotated[StrictFloat | StrictInt, Field(ge=-MOST_OFFSET_MM, le=MOST_OFFSET_MM)]


class SaidPrint(Said):
    """What labels are wanted for (one of the first six), and how they are printed."""

    units: list[NamedUnit] | None = left_out("These units, in this order.", max_length=100_000)
    document: Text | None = left_out("All units of a document, by its number or id.")
    series: Text | None = left_out("The next numbers of a series, without taking them: see count.")
    block: Id | None = left_out("The numbers of a block that are left.")
    items: list[Text] | None = left_out("These items.", max_length=10_000)
    locations: list[Text] | None = left_out("These locations.", max_length=10_000)
    count: Count | None = left_out("How many numbers of the series: at most 100,000.")
    item: Text | None = left_out("The item that the numbers are for, where it is not plain.")
    below: Flag | None = left_out("The locations below them too.")
    template: Text | None = left_out("The code of a template; left out: the first for such things.")
    output: Literal["pdf", "zpl", "printer"] = Field(
        "pdf", description="pdf and zpl are answered as files; printer prints."
    )
    printer: Text | None = left_out("The code of the printer, where output is printer.")
    copies: Annotated[StrictInt, Field(ge=1, le=MOST_COPIES)] = Field(1, description="Of each label.")
    start: Annotated[StrictInt, Field(ge=1, le=1_000)] = Field(
        1, description="The place on the first sheet where the first label goes."
    )
    dpi: Literal[203, 300, 600] | None = left_out("Of a ZPL file: 203 unless said. A printer has its own.")
    offset_x_mm: Millimetres = Field(0, description="Everything so much to the right.")
    offset_y_mm: Millimetres = Field(0, description="Everything so much down.")


class NewTemplate(Said):
    """A label template to be made."""

    code: Text = Field(description="It never changes.")
    name: Text
    design: dict[str, Any] = Field(description="What is on it: as one that is there says it.")


class ChangedTemplate(Said):
    """What is to change of a label template."""

    name: Text = left_out()
    design: dict[str, Any] = left_out("The whole of it.")


class PrinterSaid(Said):
    """What may be said of a label printer; what is left out stays as it is."""

    name: Text = left_out()
    port: Annotated[StrictInt, Field(ge=1, le=65_535)] = left_out("9100 unless said.")
    dpi: Literal[203, 300, 600] = left_out("203 unless said.")
    width_mm: Annotated[StrictFloat | StrictInt, Field(ge=5, le=1_000)] | None = left_out(
        "The width of what is loaded: a wider label is refused. null: whatever."
    )


class NewPrinter(PrinterSaid):
    """A label printer to be allowed."""

    code: Text = Field(description="It never changes.")
    host: Text = Field(description="Its name or address, without a scheme.")


class ChangedPrinter(PrinterSaid):
    """What is to change of a label printer."""

    host: Text = left_out()


class LabelTemplateRow(Shown):
    """A template."""

    code: str
    name: str
    subject: str = Field(description="What it labels: unit, item or location.")
    medium: str
    width_mm: float
    height_mm: float
    own: bool = Field(description="One of the site's own; the others are ready-made.")
    archived: bool


class LabelTemplate(LabelTemplateRow):
    """A template, with its design."""

    design: dict[str, Any]


class LabelTemplatesPage(Shown):
    """Templates, by code."""

    rows: list[LabelTemplateRow]
    next: str | None


class LabelPrinter(Shown):
    """A label printer."""

    code: str
    name: str
    dpi: int
    width_mm: float | None
    archived: bool


class LabelPrinterWithAddress(LabelPrinter):
    """A label printer, with where it is."""

    host: str
    port: int


class PrintersPage(Shown):
    """Label printers, by code."""

    rows: list[LabelPrinter]
    next: str | None


class PrintJob(Shown):
    """One print, as the register has it."""

    id: int
    at: Moment
    user: str
    template: str
    subject: str
    output: str
    printer: str | None
    things: int = Field(description="Things that got labels.")
    copies: int = Field(description="Labels of each.")
    source: str = Field(description="What was chosen: a document's number, a block, a series.")
    state: str = Field(description="made (a file), waiting, sent, or failed.")
    failure: str | None


class PrintsPage(Shown):
    """Prints."""

    rows: list[PrintJob]
    next: str | None
