"""One code by itself, for a picture on a page or in a letter. Pure."""

from collections.abc import Mapping

from seriatim.kernel.refusals import Case
from seriatim.labels.codes import Matrix, matrix
from seriatim.labels.contents import NotEncodable, content_of
from seriatim.labels.fields import NUMBER, Subject
from seriatim.labels.refusals import ContentNotEncodable
from seriatim.labels.templates import CodeType, Content


def one_code(
    type_: CodeType,
    content: Content,
    facts: Mapping[str, str],
    *,
    subject: Subject = Subject.UNIT,
    address: str = "",
) -> Matrix:
    """The modules of one code. Refuses with ContentNotEncodable."""
    try:
        return matrix(type_, content_of(content, type_, subject, facts, address))
    except NotEncodable as reason:
        number = facts.get(NUMBER[subject], "")
        raise ContentNotEncodable(
            [Case(serial=number, item=facts.get("item", ""), note=str(reason))]
        ) from None
