"""Files hang on things: who may, what is refused, what stays in the register, what lies in the folder."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from seriatim.accounts.models import Change
from seriatim.documents.models import Document
from seriatim.files import selectors, services, store
from seriatim.files.models import Attachment
from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted
from seriatim.ledger.models import Unit
from tests.files import bits
from tests.support import rows
from tests.support.cast import Cast


@pytest.fixture
def unit(cast: Cast, folder: Path) -> Unit:
    return rows.a_unit(cast.laptop, "L-1")


def add(cast: Cast, unit: Unit, content: bytes = bits.photo(), name: str = "plate.jpg") -> Attachment:
    return services.add(
        user=cast.operator, subject="unit", subject_id=str(unit.key), file=bits.incoming(content, name)
    )


def lying(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_by_its_content_and_told_in_the_register(cast: Cast, unit: Unit, folder: Path) -> None:
    content = bits.photo(640, 480)
    row = add(cast, unit, content)
    (found,) = selectors.files_of("unit", unit.key)
    assert (found.name, found.size, found.picture, found.width) == ("plate.jpg", len(content), True, 640)
    assert selectors.content_of(found).read_bytes() == content
    assert lying(folder) == [row.sha256, f"{row.sha256}.thumb.jpg", f"{row.sha256}.view.jpg"]
    change = Change.objects.get(subject="unit", subject_id=str(unit.key))
    assert (change.field, change.old, change.new, change.user) == ("file", "", "plate.jpg", cast.operator)
    assert list(selectors.damaged()) == []


def test_what_is_removed_is_gone_and_leaves_a_trace(cast: Cast, unit: Unit, folder: Path) -> None:
    row = add(cast, unit)
    services.remove(user=cast.operator, id=row.pk, reason="shows a face")
    assert selectors.files_of("unit", unit.key) == []
    assert lying(folder) == []
    change = Change.objects.filter(field="file").order_by("-id")[0]
    assert change.old == f"plate.jpg (SHA-256 {row.sha256})"
    assert (change.new, change.reason) == ("", "shows a face")
    with pytest.raises(NotFound):
        services.remove(user=cast.operator, id=row.pk)


def test_content_that_two_things_have_is_kept_once_and_as_long_as_one_has_it(
    cast: Cast, unit: Unit, folder: Path
) -> None:
    other = rows.a_unit(cast.laptop, "L-2")
    first, second = add(cast, unit), add(cast, other)
    assert len(lying(folder)) == 3
    services.remove(user=cast.operator, id=first.pk)
    assert len(lying(folder)) == 3
    services.remove(user=cast.operator, id=second.pk)
    assert lying(folder) == []


def test_a_file_brought_while_its_content_goes_is_there_in_the_end(
    cast: Cast, unit: Unit, folder: Path
) -> None:
    row = add(cast, unit)
    path = store.path_of(row.sha256)

    def meanwhile() -> bool:
        assert not path.exists(), "it is aside while one asks"
        return True

    store.discard(row.sha256, used=meanwhile)
    assert path.read_bytes() == bits.photo()


def test_what_cannot_be_taken_is_said(cast: Cast, unit: Unit, settings: Settings) -> None:
    add(cast, unit)
    settings.FILE_LIMIT_MB = 1
    for content, reason in (
        (b"", "it is empty"),
        (bits.photo(), "it is there already, as plate.jpg"),
        (b"x" * (1024 * 1024 + 1), "it is larger than 1 MB"),
    ):
        with pytest.raises(Invalid) as caught:
            add(cast, unit, content, "again.jpg")
        assert (caught.value.facts["field"], caught.value.facts["reason"]) == ("file", reason)
    assert Attachment.objects.count() == 1


def test_nothing_is_left_of_what_is_refused(
    cast: Cast, unit: Unit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    row = add(cast, unit)
    with pytest.raises(Invalid, match="there are 1 already"):
        add(cast, unit, bits.photo(colour="red"))
    assert {name.partition(".")[0] for name in lying(folder)} == {row.sha256}


def test_files_take_the_right_of_their_thing(cast: Cast, unit: Unit) -> None:
    paper: Document = rows.a_document("purchase_receipt")
    bill: Document = rows.a_document("vendor_bill")
    things = {
        ("unit", str(unit.key)): cast.operator,
        ("document", str(paper.pk)): cast.operator,
        ("document", str(bill.pk)): cast.manager,
        ("item", str(cast.laptop.pk)): cast.manager,
        ("party", str(cast.hafen.pk)): cast.manager,
    }
    for (subject, key), may in things.items():
        row = services.add(user=may, subject=subject, subject_id=key, file=bits.incoming(b"text", "a.txt"))
        below = cast.operator if may == cast.manager else cast.viewer
        with pytest.raises(NotPermitted):
            services.add(user=below, subject=subject, subject_id=key, file=bits.incoming(b"more", "b.txt"))
        with pytest.raises(NotPermitted):
            services.remove(user=below, id=row.pk)
        assert selectors.file(user=cast.viewer, id=row.pk).name == "a.txt"


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("unit", str(UUID(int=1))),
        ("unit", "../../etc"),
        ("item", "99999999999999999999"),
        ("item", "x"),
        ("nothing", "1"),
        ("", ""),
    ],
)
def test_nothing_hangs_on_what_is_not_there(subject: str, key: str, cast: Cast, folder: Path) -> None:
    with pytest.raises(NotFound):
        services.add(user=cast.admin, subject=subject, subject_id=key, file=bits.incoming(b"x"))
    assert not folder.exists()


def test_damage_is_found(cast: Cast, unit: Unit) -> None:
    rotten, gone = add(cast, unit), add(cast, unit, b"text", "a.txt")
    store.path_of(rotten.sha256).write_bytes(b"other")
    store.path_of(gone.sha256).unlink()
    assert {(one.name, one.what) for one in selectors.damaged()} == {
        ("plate.jpg", "changed"),
        ("a.txt", "missing"),
    }


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject", "'shelf'"),
        ("subject_id", "''"),
        ("name", "''"),
        ("size", "0"),
        ("sha256", "'abc'"),
        ("width", "NULL"),
    ],
)
def test_the_database_refuses_what_is_no_file(column: str, value: str, cast: Cast, unit: Unit) -> None:
    add(cast, unit)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE files_attachment SET {column} = {value}")


def test_the_names_of_contents_are_ours(folder: Path) -> None:
    for digest, ending in (("../../x", ""), ("a" * 64, ".html"), ("A" * 64, "")):
        with pytest.raises(AssertionError):
            store.path_of(digest, ending)
