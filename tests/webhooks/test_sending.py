"""Where a webhook may go, and what comes back from there: a real server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from seriatim.webhooks import sending
from seriatim.webhooks.sending import AddressNotAllowed, check, post

pytestmark = pytest.mark.engine_free


class _Receiver(BaseHTTPRequestHandler):
    seen: list[tuple[str, dict[str, str], bytes]] = []  # noqa: RUF012  (emptied by the fixture)
    status = 200
    text = b"taken"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.send_header("content-length", str(len(self.text)))
        self.end_headers()
        self.wfile.write(self.text)

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[str]:
    _Receiver.seen, _Receiver.status, _Receiver.text = [], 200, b"taken"
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/hook?x=1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_body_the_headers_and_the_name_arrive(receiver: str) -> None:
    answer = post(receiver, body=b'{"a":1}', headers={"webhook-id": "m-1"}, private=True)
    assert answer.good
    assert (answer.status, answer.text) == (200, "taken")
    [(path, headers, body)] = _Receiver.seen
    assert (path, body) == ("/hook?x=1", b'{"a":1}')
    assert headers["webhook-id"] == "m-1"
    assert headers["host"].startswith("localhost:")
    assert headers["content-type"] == "application/json"


def test_a_redirect_is_not_followed_and_an_endless_answer_not_read(receiver: str) -> None:
    _Receiver.status = 302
    assert post(receiver, body=b"{}", headers={}, private=True).status == 302
    _Receiver.status, _Receiver.text = 500, b"x\x00" * 100_000
    answer = post(receiver, body=b"{}", headers={}, private=True)
    assert not answer.good
    assert len(answer.text) == sending.ANSWER_BYTES
    assert "\x00" not in answer.text


def test_nobody_there_is_an_answer_too() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    answer = post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, private=True)
    assert answer.status is None
    assert answer.text


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[fe80::1%25eth0]/",
        "https://[fc00::1]/",
        "https://localhost/",
        "http://93.184.215.14/",
        "https://user:pass@93.184.215.14/",
        "ftp://93.184.215.14/",
        "file:///etc/passwd",
        "https:///nohost",
        "https://93.184.215.14:99999/",
        "https://[::1",
        "https://exa mple.com\n/",
        "https://93.184.215.14/" + "a" * 500,
        "",
    ],
)
def test_private_and_strange_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressNotAllowed):
        check(url, private=False)


def test_a_public_address_is_allowed_and_is_the_one_that_is_used() -> None:
    assert check("https://93.184.215.14/x", private=False) == ("93.184.215.14", 443)
    assert check("https://93.184.215.14:8443/x", private=False) == ("93.184.215.14", 8443)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", ("10.0.0.5", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(AddressNotAllowed, match="private"):
        check("https://two-faced.example/", private=False)


def test_the_name_is_not_looked_up_again_for_the_request(
    receiver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who changes what the name means between the look and the request gets nothing."""
    real, asked = socket.getaddrinfo, []

    def once(host: str, *args: Any, **more: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "erp.example" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    port = receiver.split(":")[2].partition("/")[0]
    assert post(f"http://erp.example:{port}/", body=b"{}", headers={}, private=True).good
    assert asked.count("erp.example") == 1
    assert _Receiver.seen[0][1]["host"] == f"erp.example:{port}"
