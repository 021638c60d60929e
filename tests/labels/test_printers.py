"""Network printers: only those that are allowed, everything they get, and what is said when they don't take it."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from seriatim.accounts.models import Change
from seriatim.kernel.refusals import Archived, Invalid, NotFound, Refusal
from seriatim.labels import selectors, sending, services, things
from seriatim.labels.models import Printer, PrintJob
from seriatim.labels.refusals import PrinterUnreachable
from tests.labels import reading
from tests.support.cast import Cast
from tests.support.desk import Desk

# Sockets, and rows that test_printing writes on both engines.
pytestmark = pytest.mark.engine_free


class FakePrinter:
    """A socket that takes whatever comes, as printers do on port 9100."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.jobs: list[bytes] = []
        self._done = threading.Event()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                data = b""
                while piece := connection.recv(65_536):
                    data += piece
            self.jobs.append(data)
            self._done.set()

    def taken(self) -> bytes:
        assert self._done.wait(10)
        return self.jobs[-1]


@pytest.fixture
def zebra() -> Iterator[FakePrinter]:
    made = FakePrinter()
    with closing(made.listener):
        yield made


def allowed(cast: Cast, port: int, **more: Any) -> Printer:
    return services.create_printer(
        user=cast.admin, code="ZEBRA", **{"host": "127.0.0.1", "port": port, "dpi": 203, **more}
    )


def send(cast: Cast, printer: Printer, template: str = "unit-50x25", **more: Any) -> PrintJob:
    _, job = services.send_labels(
        user=cast.operator,
        template=selectors.template(template),
        chosen=things.units(cast.phone, ["P-1", "P-2"]),
        printer=printer,
        **more,
    )
    assert job is not None
    return job


def test_labels_are_sent_and_registered(cast: Cast, desk: Desk, zebra: FakePrinter) -> None:
    desk.receive("P-1 P-2", item=cast.phone)
    job = send(cast, allowed(cast, zebra.port), copies=2)
    data = zebra.taken().decode()
    labels = [label + "^XZ" for label in data.replace("\\E2\\80\\9D", "").split("^XZ\n") if label]
    assert [reading.read(reading.zpl_pixels(label, dpi=203)) for label in labels] == [[b"P-1"], [b"P-2"]]
    assert data.count("^PQ2\n") == 2
    assert (job.state, job.output, job.failure) == ("sent", "printer", "")
    [found] = selectors.prints_of(desk.unit("P-1", cast.phone).key)
    assert (found.printer, found.state, found.copies) == ("ZEBRA", "sent", 2)


def test_a_printer_that_is_off_is_told_and_the_job_stays_on_record(cast: Cast, desk: Desk) -> None:
    desk.receive("P-1 P-2", item=cast.phone)
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    with pytest.raises(PrinterUnreachable) as refusal:
        send(cast, allowed(cast, port))
    assert refusal.value.facts["reason"] == "it refuses the connection"
    job = PrintJob.objects.get()
    assert (job.state, job.failure) == ("failed", "it refuses the connection")
    assert refusal.value.facts["job"] == job.pk


def test_a_printer_that_stops_taking_data_does_not_hold_us(zebra: FakePrinter) -> None:
    """One that listens and never reads: what its buffers take is gone, then nothing goes any more."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        port = deaf.getsockname()[1]
        with pytest.raises(sending.NotTaken, match="stopped taking data"):
            sending.send("127.0.0.1", port, io.BytesIO(bytes(30_000_000)), timeout_s=0.3)


def test_a_printer_that_answers_is_heard_to_the_end() -> None:
    """Were its answer left unread, the connection would be reset, and the printer lose what it has not read yet."""
    taken: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"status\n" * 100)
            time.sleep(0.2)
            data = b""
            while piece := connection.recv(65_536):
                data += piece
            taken.append(data)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        sending.send("127.0.0.1", listener.getsockname()[1], io.BytesIO(bytes(500_000)))
        thread.join(10)
    assert [len(data) for data in taken] == [500_000]


def test_a_name_that_nobody_has_is_told() -> None:
    with pytest.raises(sending.NotTaken):
        sending.send("printer.invalid", 9100, io.BytesIO(b"x"), timeout_s=1)


def test_nothing_is_sent_to_a_printer_that_is_not_allowed_any_more(
    cast: Cast, desk: Desk, zebra: FakePrinter
) -> None:
    desk.receive("P-1 P-2", item=cast.phone)
    printer = allowed(cast, zebra.port)
    printer = services.archive_printer(user=cast.admin, printer=printer)
    with pytest.raises(Archived):
        send(cast, printer)
    assert selectors.printers() == []
    assert not PrintJob.objects.exists()
    with pytest.raises(NotFound):
        selectors.printer("OTHER")


def test_a_label_that_is_wider_than_what_is_loaded_is_refused(
    cast: Cast, desk: Desk, zebra: FakePrinter
) -> None:
    desk.receive("P-1 P-2", item=cast.phone)
    printer = allowed(cast, zebra.port, width=5_700)
    with pytest.raises(Invalid) as refusal:
        send(cast, printer, "unit-100x50")
    assert refusal.value.facts["field"] == "template"
    with pytest.raises(Invalid):
        send(cast, printer, "unit-l7160")


def test_nothing_is_sent_of_a_job_that_is_refused(cast: Cast, desk: Desk, zebra: FakePrinter) -> None:
    desk.receive("P-1", item=cast.phone)
    printer = allowed(cast, zebra.port)
    with pytest.raises(Refusal):
        send(cast, printer)
    assert zebra.jobs == []
    assert not PrintJob.objects.exists()


def test_printers_are_changed_with_every_change_registered(cast: Cast) -> None:
    printer = allowed(cast, 9100)
    services.change_printer(user=cast.admin, printer=printer, host="printer.lan", dpi=300, width=None)
    services.archive_printer(user=cast.admin, printer=printer)
    changes = Change.objects.filter(subject="printer").order_by("id")
    assert [(change.field, change.new) for change in changes] == [
        ("code", "ZEBRA"),
        ("host", "127.0.0.1"),
        ("port", "9100"),
        ("host", "printer.lan"),
        ("dpi", "300"),
        ("archived", "True"),
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "http://printer/"}, "host"),
        ({"host": "a b"}, "host"),
        ({"port": 0}, "port"),
        ({"port": 70_000}, "port"),
        ({"dpi": 96}, "dpi"),
        ({"width": 10}, "width"),
        ({"code": "zebra"}, "code"),
    ],
)
def test_a_wrong_printer_is_refused(cast: Cast, said: dict[str, Any], field: str) -> None:
    allowed(cast, 9100)
    with pytest.raises(Invalid) as refusal:
        services.create_printer(user=cast.admin, **{"code": "new", "host": "10.0.0.9", **said})
    assert refusal.value.facts["field"] == field
