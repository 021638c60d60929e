"""Parties from files, with their roles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Change
from seriatim.catalog.models import Party
from seriatim.exchange.imports import import_parties
from seriatim.exchange.table_refusals import TableRefused
from tests.exchange.test_import_items import told
from tests.support.cast import Cast
from tests.support.files import csv_file

HEADER = "code,name,role"


def roles_of(code: str) -> set[str]:
    return set(Party.objects.get(code=code).roles.values_list("role", flat=True))


def test_new_parties_are_created_with_their_roles(cast: Cast) -> None:
    report = import_parties(
        user=cast.manager,
        source=csv_file(HEADER, "KAI,Kai,Supplier + service provider", "OLE,Ole,borrower"),
    )
    assert (report.created, report.changed, report.unchanged) == (2, 0, 0)
    assert roles_of("KAI") == {"supplier", "service_provider"}
    assert roles_of("OLE") == {"borrower"}


def test_known_ones_gain_roles_and_lose_none(cast: Cast) -> None:
    report = import_parties(
        user=cast.manager,
        source=csv_file(HEADER, "lind,,supplier", "HAFEN,Hafen Clinic,customer", "ACME,Acme,insurer"),
    )
    assert (report.created, report.changed, report.unchanged) == (0, 2, 1)
    assert roles_of("LIND") == {"customer", "supplier"}
    assert roles_of("HAFEN") == {"customer", "borrower"}
    changes = Change.objects.values_list("subject_id", "field", "old", "new")
    assert set(changes) == {
        (str(cast.lind.pk), "roles", "customer", "customer, supplier"),
        (str(cast.acme.pk), "roles", "service_provider, supplier", "insurer, service_provider, supplier"),
        (str(cast.acme.pk), "name", "Acme Devices", "Acme"),
    }


def test_all_mistakes_are_told_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(TableRefused) as refused:
        import_parties(
            user=cast.manager,
            source=csv_file(
                HEADER, "GOOD,Good,customer", "A,,customer", "B,B,", "C,C,friend+customer", "good,G,customer"
            ),
        )
    friend = "none of supplier, customer, borrower, insurer, service_provider"
    assert told(refused) == [
        (3, "name", "", "required"),
        (4, "role", "", "required"),
        (5, "role", "friend+customer", friend),
        (6, "code", "good", "stands in line 2 already"),
    ]
    assert not Party.objects.filter(code="GOOD").exists()
    assert not Change.objects.exists()


def test_a_preview_writes_nothing(cast: Cast) -> None:
    report = import_parties(
        user=cast.manager, source=csv_file(HEADER, "KAI,Kai,supplier", "LIND,,supplier"), check_only=True
    )
    assert (report.created, report.changed) == (1, 1)
    assert roles_of("LIND") == {"customer"}
    assert not Party.objects.filter(code="KAI").exists()


def test_the_statements_do_not_grow_with_the_rows_but_for_batches(cast: Cast) -> None:
    counts = {}
    for count in (10, 400):
        with CaptureQueriesContext(connection) as queries:
            for role in ("customer", "supplier"):
                lines = [f"P{count}-{number},Party,{role}" for number in range(count)]
                import_parties(user=cast.manager, source=csv_file(HEADER, *lines))
        counts[count] = len(queries)
    assert counts[400] < counts[10] + 60
