"""The database itself refuses what the code of labels forbids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from seriatim.labels import models
from seriatim.labels.models import LabelTemplate, PrintedUnit, Printer, PrintJob
from tests.support import rows
from tests.support.constraints import names_of, refused_by

KEY = UUID(int=7)


class _Office:
    """A template, a printer and a job, and what bad rows are made of."""

    def __init__(self) -> None:
        self.user = rows.a_user()
        self.printer = self.a_printer()
        self.a_template()
        self.job = self.a_job()
        PrintedUnit.objects.create(job=self.job, unit=KEY)

    def a_template(self, **change: Any) -> None:
        LabelTemplate.objects.create(
            **{"code": "own", "name": "Own", "subject": "unit", "body": {}, **change}
        )

    def a_printer(self, **change: Any) -> Printer:
        return Printer.objects.create(**{"code": "zebra", "host": "10.0.0.9", **change})

    def a_job(self, **change: Any) -> PrintJob:
        facts = {
            "user": self.user,
            "at": rows.START,
            "template": "own",
            "subject": "unit",
            "output": "pdf",
            "things": 1,
        }
        return PrintJob.objects.create(**{**facts, **change})

    def sent(self, **change: Any) -> PrintJob:
        return self.a_job(**{"output": "printer", "printer": self.printer, "state": "sent", **change})


BAD: dict[str, list[Callable[[_Office], object]]] = {
    "label_template_code_unique": [lambda o: o.a_template(code="OWN")],
    "label_template_code_given": [lambda o: o.a_template(code="")],
    "label_template_name_given": [lambda o: o.a_template(code="x", name="")],
    "label_template_subject_known": [lambda o: o.a_template(code="x", subject="dog")],
    "label_printer_code_unique": [lambda o: o.a_printer(code="ZEBRA")],
    "label_printer_code_given": [lambda o: o.a_printer(code="")],
    "label_printer_host_given": [lambda o: o.a_printer(code="x", host="")],
    "label_printer_port": [
        lambda o: o.a_printer(code="x", port=0),
        lambda o: o.a_printer(code="x", port=65_536),
    ],
    "label_printer_dpi_known": [lambda o: o.a_printer(code="x", dpi=96)],
    "label_printer_width_positive": [lambda o: o.a_printer(code="x", width=0)],
    "print_job_output_known": [lambda o: o.a_job(output="fax")],
    "print_job_state_known": [lambda o: o.sent(state="lost")],
    "print_job_subject_known": [lambda o: o.a_job(subject="dog")],
    "print_job_printed_something": [lambda o: o.a_job(things=0), lambda o: o.a_job(copies=0)],
    "print_job_printer_where_sent": [
        lambda o: o.sent(printer=None),
        lambda o: o.sent(state="made"),
        lambda o: o.a_job(printer=o.printer),
        lambda o: o.a_job(state="sent"),
    ],
    "print_job_failure_has_reason": [
        lambda o: o.sent(state="failed"),
        lambda o: o.sent(failure="Out of paper"),
    ],
    "printed_unit_once": [lambda o: PrintedUnit.objects.create(job=o.job, unit=KEY)],
}


@pytest.mark.parametrize(
    ("name", "write"), [(name, write) for name, writes in BAD.items() for write in writes]
)
def test_the_database_refuses(db: None, name: str, write: Callable[[_Office], object]) -> None:
    office = _Office()
    with pytest.raises(IntegrityError) as error:
        _write(write, office)
    assert refused_by(name, error.value)


def _write(write: Callable[[_Office], object], office: _Office) -> None:
    with transaction.atomic():
        write(office)
        connection.check_constraints()


def test_good_rows_are_taken(db: None) -> None:
    office = _Office()
    office.sent()
    office.sent(state="failed", failure="Out of paper")
    office.a_job(output="zpl")


def test_every_constraint_has_a_row_that_it_refuses() -> None:
    assert names_of(models) == set(BAD)
