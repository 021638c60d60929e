"""The words for what is wrong with a typed list of serial numbers, by the codes of ``numbering.entry``."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seriatim.numbering.errors import Problem

PROBLEMS: dict[str, str | Promise] = {
    "empty": gettext_lazy("there is nothing between the quotes"),
    "too_long": gettext_lazy("it is longer than 80 bytes"),
    "not_printable": gettext_lazy("it holds a sign that cannot be seen"),
    "doubled": gettext_lazy("it stands in the list already"),
    "quote_open": gettext_lazy("the quote mark has no partner"),
    "range_unclear": gettext_lazy("there is more than one sign of a range"),
    "range_incomplete": gettext_lazy("a range needs both ends"),
    "ends_differ": gettext_lazy("the ends of the range differ in more than one number"),
    "ends_reversed": gettext_lazy("the first end comes after the last"),
    "no_number": gettext_lazy("there is no number in it to count from"),
    "count_overflows": gettext_lazy("the count would outgrow the digits"),
    "too_many": gettext_lazy("there are more serial numbers than one list may hold"),
    "more_problems": gettext_lazy("there are further problems"),
}


def problem_words(problem: Problem) -> str:
    """“Line 3, SN-1..X: a range needs both ends.”"""
    why = str(PROBLEMS.get(problem.code, problem.message))
    text = str(problem.data.get("text", ""))[:80]
    if problem.line is None:
        return _("{why}.").format(why=why.capitalize())
    if not text:
        return _("Line {line}: {why}.").format(line=problem.line, why=why)
    return _("Line {line}, {text}: {why}.").format(line=problem.line, text=text, why=why)
