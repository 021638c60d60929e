"""One request to a subscriber's address, and to no other.

Whoever may write a subscription must not be able to look around in the site's own network. So the name is resolved
here, every address that it has is looked at, and the request goes to the one that was looked at (a name may have
another the next moment); redirects are not followed. A site whose ERP stands in its own network allows that by the
setting ``SERIATIM_WEBHOOK_PRIVATE``.
"""

import socket
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

#: Connecting and each read, in seconds; a receiver answers first and works afterwards.
TIMEOUT_S = 10.0
#: As much of an answer as is read and kept.
ANSWER_BYTES = 500
LONGEST_URL = 500


class AddressNotAllowed(Exception):
    """The address is not one that a webhook may be sent to; the argument says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status and the beginning of the text, or why nothing did."""

    status: int | None
    text: str

    @property
    def good(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300


def check(url: str, *, private: bool) -> tuple[str, int]:
    """(an address to connect to, its port). Raises AddressNotAllowed.

    Without ``private``: HTTPS only, and every address of the name has to be a public one.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressNotAllowed("not an address") from None
    if parts.scheme not in {"https", "http"} or not host or len(url) > LONGEST_URL or not url.isprintable():
        raise AddressNotAllowed("not an address of the web")
    if parts.username or parts.password:
        raise AddressNotAllowed("it holds a user name or password; the signature says who sends it")
    if parts.scheme == "http" and not private:
        raise AddressNotAllowed("only https is safe")
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressNotAllowed(f"nobody knows {host}") from None
    addresses = [str(row[4][0]) for row in found]
    for address in addresses:
        if not private and not _is_public(address):
            raise AddressNotAllowed(f"{host} is an address of a private network")
    return addresses[0], port


def post(url: str, *, body: bytes, headers: dict[str, str], private: bool) -> Answer:
    """Send it; never raises for what the other side does."""
    try:
        address, port = check(url, private=private)
    except AddressNotAllowed as error:
        return Answer(None, str(error))
    parts = urlsplit(url)
    target = httpx.URL(url).copy_with(host=address, port=port)
    sent = {
        **headers,
        "host": parts.netloc.rpartition("@")[2],
        "content-type": "application/json",
        "user-agent": "Seriatim",
        # Nothing of the answer is needed but its first words.
        "accept-encoding": "identity",
    }
    try:
        with (
            httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
            # The certificate has to be that of the name, though the connection goes to the number.
            client.stream(
                "POST", target, content=body, headers=sent, extensions={"sni_hostname": parts.hostname}
            ) as answer,
        ):
            return Answer(answer.status_code, _beginning(answer))
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        return Answer(None, (str(error) or type(error).__name__)[:ANSWER_BYTES])


def _beginning(answer: httpx.Response) -> str:
    read = b""
    for piece in answer.iter_raw(ANSWER_BYTES):
        read += piece
        if len(read) >= ANSWER_BYTES:
            break
    text = read[:ANSWER_BYTES].decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _is_public(address: str) -> bool:
    known = ip_address(address.partition("%")[0])
    mapped = getattr(known, "ipv4_mapped", None)
    return (mapped or known).is_global and not known.is_multicast
