"""What labels refuse, each with a stable code; the words stand in ``words.labels``."""

from seriatim.kernel.refusals import Refusal


class ContentNotEncodable(Refusal):
    """A code cannot say what the template asks for: a case per label, with the reason as its note."""

    code = "label_content"


class CodeTooLarge(Refusal):
    """A code does not fit its box with modules that can be read at the printer's resolution: a case per label."""

    code = "label_code_too_large"


class TextDoesNotFit(Refusal):
    """A text does not fit its box, and its rule forbids to cut it: a case per label."""

    code = "label_text_too_long"


class NoGlyph(Refusal):
    """A text has characters that no font here can set: a case per label."""

    code = "label_no_glyph"


class NothingToPrint(Refusal):
    """What was chosen has no labels."""

    code = "label_nothing"


class PrinterUnreachable(Refusal):
    """The printer (``printer``, ``host``, ``port``) did not take the labels (``reason``); the job is on record."""

    code = "printer_unreachable"


#: In the order in which the problems of one job are told.
LABEL_REFUSALS = (
    ContentNotEncodable,
    CodeTooLarge,
    NoGlyph,
    TextDoesNotFit,
    NothingToPrint,
    PrinterUnreachable,
)
