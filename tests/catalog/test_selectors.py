"""Finding master data by code, by type, by place in the tree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.catalog import selectors
from seriatim.kernel.places import LocationType
from seriatim.kernel.refusals import NotFound
from tests.support.cast import Cast


@pytest.mark.parametrize("code", ["LAPTOP", "laptop", " Laptop "])
def test_an_item_is_found_by_its_code_in_whatever_letter_case(cast: Cast, code: str) -> None:
    assert selectors.item_by_code(code) == cast.laptop


def test_locations_and_parties_are_found_in_the_same_way(cast: Cast) -> None:
    assert selectors.location_by_code("a-01") == cast.a01
    assert selectors.party_by_code(code="hafen") == cast.hafen


def test_a_code_with_other_letters_than_ascii_is_found_as_it_is_written(cast: Cast) -> None:
    cast.phone.code = "Gerät-Ä"
    cast.phone.save()
    assert selectors.item_by_code("Gerät-Ä") == cast.phone
    # A typed umlaut may come as two characters.
    assert selectors.item_by_code("Gera\u0308t-A\u0308") == cast.phone


def test_an_unknown_code_is_refused_with_what_and_its_name(cast: Cast) -> None:
    for what, find in (
        ("item", selectors.item_by_code),
        ("location", selectors.location_by_code),
        ("party", selectors.party_by_code),
    ):
        with pytest.raises(NotFound) as refused:
            find(" NOWHERE ")
        assert refused.value.facts == {"what": what, "name": "NOWHERE"}


def test_many_codes_are_found_in_one_query_and_unknown_ones_left_out(cast: Cast) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = selectors.items_by_code(["laptop", "PHONE", "nothing", "Laptop"])
    assert found == {"laptop": cast.laptop, "PHONE": cast.phone, "Laptop": cast.laptop}
    assert len(queries) == 1


def test_the_queries_for_parties_do_not_grow_with_the_parties(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = selectors.parties_by_code(["HAFEN", "LIND", "ACME", "NORDLINK"])
        assert {role.role for role in found["HAFEN"].roles.all()} == {"customer", "borrower"}
    assert len(queries) == 2


def test_the_outside_world_is_one_location_of_each_type(cast: Cast) -> None:
    assert selectors.system_location(LocationType.CUSTOMER).code == "CUSTOMERS"
    with pytest.raises(AssertionError):
        selectors.system_location(LocationType.STORAGE)


def test_a_subtree_is_the_place_and_all_below_it(cast: Cast) -> None:
    assert set(selectors.subtree(cast.main)) == {cast.main, cast.a01, cast.a02}
    assert set(selectors.subtree(cast.a01)) == {cast.a01}


def test_the_site_has_one_row_of_settings(cast: Cast) -> None:
    assert selectors.site().currency == "EUR"


def test_an_item_is_found_by_its_gtin(cast: Cast) -> None:
    assert selectors.item_by_gtin("04006381333931") == cast.laptop
    with pytest.raises(NotFound):
        selectors.item_by_gtin("00000000000000")
