"""Custom fields: which there are, how what is said of one is read, and what stands in those of items. Writes nothing.

A value is a text in the one form of its type: a number without superfluous zeros, a date as 2026-11-20, ``yes`` or
``no``, a link with its scheme. So the same text is shown, printed, exported, looked for and compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q, QuerySet

from seriatim.catalog.models import CustomField, CustomValue, FieldType, Item, ItemValue, Subject
from seriatim.catalog.selectors import in_batches
from seriatim.catalog.texts import clean_line, tidy
from seriatim.catalog.uses import Use, used_by
from seriatim.kernel.refusals import Invalid, NotFound

#: The columns' widths.
LONGEST = 1_000
SOUGHT = 100
#: Millionths of a number of twelve digits still fit a column of eight bytes.
DECIMALS = 6
MOST = Decimal(10) ** 12
_SCALE = 10**DECIMALS

_YES = frozenset({"yes", "y", "true", "1", "x", "on"})
_NO = frozenset({"no", "n", "false", "0", "off"})
_is_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A custom field as everybody but the catalog sees it."""

    id: int
    subject: str
    name: str
    label: str
    type: str
    choices: tuple[str, ...]
    required: bool
    archived: bool
    #: The items (or whose units) that have it; empty: all of them.
    items: frozenset[int]
    #: Where it stands among those of its subject.
    position: int = 0

    def applies_to(self, item_id: int | None) -> bool:
        """Whether an item, or its units, has this field; None is an item that is not made yet."""
        return not self.items or item_id in self.items

    def read(self, said: object) -> str:
        """What was said in the form of the type; "" for nothing. Refuses with Invalid, which names the field."""
        return read(said, name=self.name, type_=self.type, choices=self.choices)


def custom_fields(subject: str, *, item: int | None = None, archived: bool = False) -> Sequence[Definition]:
    """The fields of items or units ("item", "unit") in their order; with ``item`` those that it, or its units, has.

    At most three queries, and one where there are none.
    """
    rows = CustomField.objects.filter(subject=subject)
    if not archived:
        rows = rows.filter(archived_at__isnull=True)
    found = [definition(row) for row in rows.prefetch_related("choices", "limits").order_by("position", "id")]
    return found if item is None else [one for one in found if one.applies_to(item)]


def custom_field(subject: str, name: str) -> Definition:
    """The field of that name, archived or not. Refuses with NotFound."""
    for field in custom_fields(subject, archived=True):
        if field.name == name:
            return field
    raise NotFound(what="custom field", name=name)


def codes_of_items(fields: Iterable[Definition]) -> dict[int, list[str]]:
    """Field's id → the codes of the items that it is limited to, in order; those that are there for all are left out.

    One query, and none where no field is limited.
    """
    limits = {field.id: field.items for field in fields if field.items}
    wanted = sorted(set().union(*limits.values()))
    codes: dict[int, str] = {}
    for batch in in_batches(wanted):
        codes |= dict(Item.objects.filter(pk__in=batch).values_list("pk", "code"))
    return {pk: sorted(codes[item] for item in items) for pk, items in limits.items()}


def fields_in_use(fields: Iterable[Definition]) -> frozenset[int]:
    """The ids of those in which anything stands: they keep their type and can't be deleted."""
    return frozenset(used_by(Use.CUSTOM_FIELD, [field.id for field in fields]))


def definition(row: CustomField) -> Definition:
    """A row as a value."""
    return Definition(
        id=row.pk,
        subject=row.subject,
        name=row.name,
        label=row.label,
        type=row.type,
        choices=tuple(choice.text for choice in row.choices.all()),
        required=row.required,
        archived=row.archived_at is not None,
        position=row.position,
        items=frozenset(limit.item_id for limit in row.limits.all()),
    )


def values_of_items(items: Iterable[int]) -> dict[int, dict[str, str]]:
    """Item → name of the field → value, in the fields' order; items without any are left out."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for batch in in_batches(sorted(set(items))):
        rows = ItemValue.objects.filter(item_id__in=batch, field__archived_at__isnull=True)
        rows = rows.order_by("field__position", "field_id")
        for item, name, text in rows.values_list("item_id", "field__name", "text"):
            found[item][name] = text
    return dict(found)


def items_with(name: str, text: str, *, begins: bool = False) -> QuerySet[ItemValue, int]:
    """The ids of the items whose field of this name has this value, or one that begins so, in whatever letter case."""
    return ItemValue.objects.filter(
        matching(text, begins=begins), field__subject=Subject.ITEM, field__name=name
    ).values_list("item_id", flat=True)


def matching(text: str, *, begins: bool = False) -> Q:
    """The condition on rows of values."""
    wanted = sought(text)
    return Q(sought__startswith=wanted) if begins else Q(sought=wanted)


def sought(text: str) -> str:
    """The form by which a value is looked for."""
    return " ".join(tidy(text).casefold().split())[:SOUGHT]


def number_of(type_: str, text: str) -> int | None:
    """A number's value in millionths; None for other types."""
    return int(Decimal(text) * _SCALE) if type_ == FieldType.NUMBER else None


def fill(row: CustomValue, field: Definition, text: str) -> None:
    """Put a value that has been read into a row."""
    row.field_id, row.text = field.id, text
    row.sought, row.number = sought(text), number_of(field.type, text)


def read(said: object, *, name: str, type_: str, choices: Sequence[str] = ()) -> str:
    """What was said, as text or as a value of Python, in the form of the type. Refuses with Invalid."""
    if said is None:
        return ""
    if isinstance(said, bool):
        said = "yes" if said else "no"
    elif isinstance(said, int | float | Decimal | date):
        said = str(said)
    text = clean_line(said, field=name, limit=LONGEST)
    if not text:
        return ""
    match type_:
        case FieldType.NUMBER:
            return _number(text, name)
        case FieldType.DATE:
            return _date(text, name)
        case FieldType.YES_NO:
            return _yes_no(text, name)
        case FieldType.CHOICE:
            return _choice(text, name, choices)
        case FieldType.LINK:
            return _link(text, name)
    return text


def chosen(
    fields: Iterable[Definition], said: Mapping[str, object], *, item: int | None
) -> dict[Definition, str]:
    """What was said by the fields' names, read: field → value, "" to empty it.

    Refuses with Invalid: no such field, not one of this item, a value that cannot be, a required field emptied.
    """
    by_name = {field.name: field for field in fields}
    found = {}
    for name, value in said.items():
        field = by_name.get(name)
        if field is None or field.archived:
            known = ", ".join(by_name) or "none are defined"
            raise Invalid(field=name, reason=f"there is no such custom field ({known})")
        text = field.read(value)
        if text and not field.applies_to(item):
            raise Invalid(field=name, reason="the item has no such field", value=text)
        if not text and field.required and field.applies_to(item):
            raise Invalid(field=name, reason="required")
        found[field] = text
    return found


def complete(
    fields: Iterable[Definition], said: Mapping[str, object], *, item: int | None
) -> dict[str, object]:
    """What was said of a new record, with every required field among it, so that a missing one is refused."""
    required = (field.name for field in fields if field.required and field.applies_to(item))
    return {**dict.fromkeys(required, ""), **said}


def _number(text: str, name: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Invalid(field=name, reason="not a number like 1234.5", value=text) from None
    if not value.is_finite() or abs(value) >= MOST:
        raise Invalid(field=name, reason="not a number below 1,000,000,000,000", value=text)
    rounded = round(value, DECIMALS)
    if rounded != value:
        raise Invalid(field=name, reason=f"more than {DECIMALS} decimals", value=text)
    plain = f"{rounded:f}".rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def _date(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text[:10] if text[10:].startswith("T00:00:00") else text).isoformat()
    except ValueError:
        raise Invalid(field=name, reason="not a day like 2026-11-20", value=text) from None


def _yes_no(text: str, name: str) -> str:
    word = text.casefold()
    if word not in _YES | _NO:
        raise Invalid(field=name, reason="neither yes nor no", value=text)
    return "yes" if word in _YES else "no"


def _choice(text: str, name: str, choices: Sequence[str]) -> str:
    for choice in choices:
        if sought(choice) == sought(text):
            return choice
    raise Invalid(field=name, reason=f"none of {', '.join(choices)}", value=text)


def _link(text: str, name: str) -> str:
    # Only what a browser opens as a page: a link is shown as one, and may not run anything.
    try:
        _is_link(text)
    except ValidationError:
        raise Invalid(field=name, reason="not an address like https://example.com/page", value=text) from None
    return text
