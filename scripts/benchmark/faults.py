"""What the servers survive: each fault hits a server of its own, then somebody asks an ordinary question.

The servers rest a millisecond in each step here, so that many can be tried side by side.
"""

import contextlib
import random
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor

from .device import work
from .load import ask, is_right, status
from .server_process import ServerError, ServerProcess
from .topic import Figure, Topic

_WORKERS = 8  # servers at once; they rest most of the time
_REST_SECONDS = 0.001
# A client that finds no place in the queue comes again after 1 and 3 s.
_PATIENCE_SECONDS = (15, 5)  # in a whole and in a quick run
_PROMPT_SECONDS = 2.0  # a person waits so long
_PAUSE_SECONDS = 0.1
_LIFE_SECONDS = 40  # of a server, beyond the patience
_HEAP = 1024 * 1024  # ample: running out of memory is not the question here
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset
_REQUEST = work.request_of("json", False)
_RIGHT = work.body_of("json")

# Each of these does a fault to a server and returns what is wrong with the answer to it, None when nothing is.


def _raising_handler(server, stack):
    """A handler raises an exception."""
    received = ask(server.port, work.post(work.RAISE, len(work.RAISE)), timeout=2)
    return None if status(received) == 500 else "client gets no 500"


def _vanishing_clients(server, stack):
    """Clients vanish: at once, within a request, within an answer."""
    for data, received in ((b"", 0), (_REQUEST[:20], 0), (work.request_of("file", False), 100)):
        with _connection(server) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            connection.sendall(data)
            if received:
                with contextlib.suppress(OSError):
                    connection.recv(received)


def _leaving_client(server, stack):
    """A client closes in the middle of its request."""
    with _connection(server) as connection:
        connection.sendall(_REQUEST[:20])


def _junk(server, stack):
    """Bytes that aren't HTTP: random ones, a TLS greeting, a request line of one word, bytes that aren't UTF-8."""
    for data in (
        random.Random(1).randbytes(700) + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: \xff\r\nnocolon\r\n\r\n",
    ):
        ask(server.port, data, timeout=_PROMPT_SECONDS)


def _oversized_header(server, stack):
    """A header line of 20 KB."""
    request = _REQUEST[:-2] + b"X-Large: " + b"x" * 20000 + b"\r\n\r\n"
    received = ask(server.port, request, _RIGHT, timeout=3)
    return None if status(received) != 200 else "taken without a limit"


def _idle_connections(server, stack):
    """50 connections that say nothing, open while the question is asked."""
    for _ in range(50):
        connection = stack.enter_context(socket.socket())
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", server.port))
        time.sleep(0.005)


def _truncated_body(server, stack):
    """A client ends its connection in the middle of a body: what came must not be handed over as the whole."""
    with _connection(server) as connection:
        connection.sendall(work.post(work.SHORT, 2 * len(work.SHORT)))
        connection.shutdown(socket.SHUT_WR)
    return "handed over as whole" if server.told("short") else None


_FAULTS = {
    "handler raises": _raising_handler,
    "clients vanish": _vanishing_clients,
    "client closes early": _leaving_client,
    "junk": _junk,
    "20 KB header": _oversized_header,
    "50 idle connections": _idle_connections,
    "truncated body": _truncated_body,
}


@contextlib.contextmanager
def _connection(server):
    """A connection that the server has time to notice, before it is closed and afterwards."""
    with socket.create_connection(("127.0.0.1", server.port), 2) as connection:
        yield connection
        time.sleep(_PAUSE_SECONDS)
    time.sleep(_PAUSE_SECONDS)


def _measure(contender, setting):
    if not contender.entry:
        return {}
    with ThreadPoolExecutor(_WORKERS) as pool:
        outcomes = pool.map(lambda fault: _try(contender, fault, setting), _FAULTS.values())
        return dict(zip(_FAULTS, outcomes, strict=True))


def _try(contender, fault, setting):
    """What came of the fault, in brief; "ok" when nothing went wrong."""
    patience = setting.choose(*_PATIENCE_SECONDS)
    life = patience + _LIFE_SECONDS
    with ServerProcess(
        contender, "beside_serve", setting, life, _HEAP, pause_seconds=_REST_SECONDS
    ) as server:
        server.wait_until_listening()
        if not is_right(ask(server.port, _REQUEST, _RIGHT), _RIGHT):
            raise ServerError("no answer even before a fault")
        problem = seconds = None
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            problem = fault(server, stack)
            seconds = _time_to_answer(server, patience)
        time.sleep(_PAUSE_SECONDS)
        if not server.is_running:
            return "ends the program"
    if seconds is None:
        return "no answer any more"
    if seconds > _PROMPT_SECONDS and not problem:
        return f"answer after {seconds:.1f} s"
    return problem or "ok"


def _time_to_answer(server, patience):
    """Seconds until the answer to an ordinary question; None when there is none."""
    start = time.monotonic()
    received = ask(server.port, _REQUEST, _RIGHT, patience)
    return time.monotonic() - start if is_right(received, _RIGHT) else None


TOPIC = Topic(
    "faults",
    "Faults survived",
    "ok: the next ordinary question is answered within two seconds, and the fault itself as it should be. After what is "
    "answered later the server has survived, too, but a person has waited. Every server runs as its documentation's "
    "example does.",
    tuple(Figure(fault, fault) for fault in _FAULTS),
    _measure,
)
