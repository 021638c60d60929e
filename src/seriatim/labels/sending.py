"""A file on its way to a network printer (port 9100: whatever comes is printed). Knows sockets, no database."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

#: To answer, and to take each piece. A printer without paper stops taking long before it has the whole job.
TIMEOUT_S = 10.0
#: For its last word, after everything was taken; many have none and never hang up.
FINISH_S = 1.0
_LAST_WORDS = 8
_PIECE = 64 * 1024


class NotTaken(OSError):
    """The printer did not take it all; the message says why, as a phrase."""


def send(host: str, port: int, data: IO[bytes], *, timeout_s: float = TIMEOUT_S) -> int:
    """Send the whole file and give its size. Raises NotTaken."""
    sent = 0
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as connection:
            for piece in _pieces(data):
                connection.sendall(piece)
                sent += len(piece)
            _end(connection)
    except TimeoutError:
        raise NotTaken(
            f"it stopped taking data after {sent:,} bytes" if sent else "it does not answer"
        ) from None
    except socket.gaierror:
        raise NotTaken("there is no host of that name") from None
    except ConnectionRefusedError:
        raise NotTaken("it refuses the connection") from None
    except OSError as error:
        raise NotTaken((error.strerror or type(error).__name__).lower()) from None
    return sent


def _end(connection: socket.socket) -> None:
    """Say that this was all, and let the printer finish.

    Some answer with their status: to close with that unread would cut off what they have not read of ours.
    """
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(FINISH_S)
    with suppress(OSError):
        # A last word is short: whoever goes on talking is not listened to.
        for _ in range(_LAST_WORDS):
            if not connection.recv(_PIECE):
                break


def _pieces(data: IO[bytes]) -> Iterator[bytes]:
    while piece := data.read(_PIECE):
        yield piece
