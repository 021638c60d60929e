"""Several who count at the same moment: each unit counts once, and everybody is answered."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from seriatim.documents.models import Document
from seriatim.stocktakes import counting, services
from seriatim.stocktakes.models import Counted
from seriatim.stocktakes.selectors import progress
from seriatim.stocktakes.values import Answer, Ended, Sent
from tests.support.cast import Cast
from tests.support.desk import Desk
from tests.support.threads import in_threads


@pytest.fixture
def real_desk(real_cast: Cast) -> Desk:
    return Desk(real_cast, real_cast.manager)


def test_six_handhelds_that_scan_the_same_shelf_count_it_once(real_desk: Desk) -> None:
    cast, serials = real_desk.cast, [f"L-{number}" for number in range(20)]
    real_desk.receive(serials, day=None)
    stocktake = services.begin(user=cast.operator, location=cast.main)
    texts = [*serials, "NEW-1", "NEW-2"]

    def walk(index: int) -> list[str]:
        told: list[str] = []
        for text in texts[index:] + texts[:index]:
            scan = Sent(id=uuid4(), text=text)
            answer = counting.count(
                user=cast.operator, stocktake_id=stocktake.pk, scans=[scan], device=f"d{index}"
            )
            told += [one.verdict for one in answer.told]
        return told

    answers = in_threads(6, walk)
    assert all(isinstance(one, list) for one in answers), answers
    told = [verdict for one in answers for verdict in one]  # type: ignore[union-attr]
    assert {verdict: told.count(verdict) for verdict in set(told)} == {
        "found": 20,
        "unknown": 2,
        "doubled": 5 * 22,
    }
    assert (progress(stocktake).found, Counted.objects.count()) == (20, 22)


def test_one_scan_sent_by_many_and_the_end_by_two_have_one_effect(real_desk: Desk) -> None:
    cast = real_desk.cast
    real_desk.receive("L-1 L-2", day=None)
    id_, scan = uuid4(), Sent(id=UUID(int=7), text="NEW-1")
    begun = in_threads(4, lambda _: services.begin(user=cast.operator, location=cast.main, id=id_).pk)
    assert set(begun) == {id_}
    answers = in_threads(
        4, lambda _: counting.count(user=cast.operator, stocktake_id=id_, scans=[scan], device="d")
    )
    assert [one.told[0].verdict for one in answers if isinstance(one, Answer)] == ["unknown"] * 4
    ended = in_threads(3, lambda _: services.close(user=cast.manager, stocktake_id=id_))
    assert {str(one.adjustment) for one in ended if isinstance(one, Ended)} == {
        str(Document.objects.get(kind="count_adjustment"))
    }
    assert len([one for one in ended if isinstance(one, Ended)]) == 3
