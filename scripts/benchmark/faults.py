"""What the servers survive: each fault hits a server of its own, then somebody asks an ordinary question.

The servers rest a millisecond in each step here, so that many can be tried side by side.
"""

import contextlib
import random
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor

from .contenders import LIMIT
from .device import work
from .load import ask
from .server_process import ServerError, ServerProcess

_WORKERS = 6
_PROMPT_SECONDS = 2.0  # a person waits so long
_PAUSE_SECONDS = 0.1
_LIFE_SECONDS = 40  # of a server, beyond the patience
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset
_HEAP = 1024 * 1024  # ample: running out of memory is not the question here
_REQUEST = work.request_of("json", False)


def _get(path, *lines):
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: 192.168.4.1", *lines, "", ""]).encode()


def _connect(port):
    return socket.create_connection(("127.0.0.1", port), 5)


def _reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


@contextlib.contextmanager
def _raising_handler(port):
    """A handler raises an exception."""
    answer = ask(port, _get(work.RAISE_PATH, "Connection: close"), 2)
    yield None if answer.status == 500 else "client gets no 500"


@contextlib.contextmanager
def _vanishing_clients(port):
    """Clients vanish: at once, within a request, within an answer."""
    for data, received in ((b"", 0), (_REQUEST[:20], 0), (_get(work.FILE_PATH), 100)):
        connection = _connect(port)
        connection.sendall(data)
        if received:
            with contextlib.suppress(OSError):
                connection.recv(received)
        time.sleep(_PAUSE_SECONDS)
        _reset(connection)
        time.sleep(_PAUSE_SECONDS)
    yield None


@contextlib.contextmanager
def _leaving_client(port):
    """A client closes in the middle of its request."""
    with _connect(port) as connection:
        connection.sendall(_REQUEST[:20])
        time.sleep(_PAUSE_SECONDS)
    time.sleep(_PAUSE_SECONDS)
    yield None


@contextlib.contextmanager
def _junk(port):
    """Bytes that aren't HTTP: random ones, a TLS greeting, a request line of one word, bytes that aren't UTF-8."""
    random_bytes = random.Random(1).randbytes(700)
    for data in (
        random_bytes + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: \xff\r\nnocolon\r\n\r\n",
    ):
        ask(port, data, _PROMPT_SECONDS)
    yield None


@contextlib.contextmanager
def _oversized_header(port):
    """A header line of 20 KB."""
    answer = ask(port, _get("/json", "X-Large: " + "x" * 20000, "Connection: close"), 3)
    yield None if answer.status != 200 else "taken without a limit"


@contextlib.contextmanager
def _idle_connections(port):
    """50 connections that say nothing, open while the question is asked."""
    connections = []
    for _ in range(50):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", port))
        connections.append(connection)
        time.sleep(0.005)
    yield None
    for connection in connections:
        connection.close()


@contextlib.contextmanager
def _two_segments(port):
    """Requests cut in two, after a complete one: in the request line, in a header, in and before the empty line."""
    problem = None
    for cut in (8, len(_REQUEST) - 30, len(_REQUEST) - 3, len(_REQUEST) - 2):
        with _connect(port) as connection:
            connection.settimeout(2)
            connection.sendall(_REQUEST[:cut])
            time.sleep(_PAUSE_SECONDS)
            received = b""
            with contextlib.suppress(OSError):
                connection.sendall(_REQUEST[cut:])
                while piece := connection.recv(4096):
                    received += piece
        if not received.startswith(b"HTTP/1.") or b" 200 " not in received[:14]:
            problem = "cut requests are lost"
    yield problem


@contextlib.contextmanager
def _truncated_body(port):
    """A client ends its connection in the middle of a body: what came must not be handed over as the whole."""
    with _connect(port) as connection:
        connection.sendall(
            f"POST {work.POST_PATH} HTTP/1.1\r\nHost: b\r\nContent-Length: 9\r\n\r\nfour".encode()
        )
        connection.shutdown(socket.SHUT_WR)
        time.sleep(_PAUSE_SECONDS)
    time.sleep(_PAUSE_SECONDS)
    calls = ask(port, _get(work.CALLS_PATH, "Connection: close"), 5).body
    yield "handed over as whole" if calls not in (b"0", b"") else None


FAULTS = {
    "handler raises": _raising_handler,
    "clients vanish": _vanishing_clients,
    "client closes early": _leaving_client,
    "junk": _junk,
    "20 KB header": _oversized_header,
    "50 idle connections": _idle_connections,
    "request in two segments": _two_segments,
    "truncated body": _truncated_body,
}


def measure(contenders, vms, setting):
    """{vm: {name: {fault: outcome}}}, see _outcome."""
    jobs = [
        (vm, contender, fault)
        for vm in vms
        for contender in contenders
        if contender.name != LIMIT
        for fault in FAULTS
    ]
    found = {vm: {} for vm in vms}

    def one(job):
        vm, contender, fault = job
        outcome = _try(contender, vm, fault, setting)
        setting.progress.step(f"faults, {vm}, {contender.name}: {fault}")
        return outcome

    with ThreadPoolExecutor(_WORKERS) as pool:
        for (vm, contender, fault), outcome in zip(jobs, pool.map(one, jobs), strict=True):
            found[vm].setdefault(contender.name, {})[fault] = outcome
    return found


def _outcome(seconds=None, note="", detail=""):
    """seconds: until the answer to the question after the fault; note: what went wrong, in brief, "" when nothing."""
    return {"survived": not note, "seconds": seconds, "note": note, "detail": detail}


def _try(contender, vm, fault, setting):
    patience = setting.plan.patience_seconds
    life = patience + _LIFE_SECONDS
    with ServerProcess(contender, vm, "beside_rest", setting.files.folder, life, _HEAP) as server:
        try:
            server.wait_until_listening()
        except ServerError as error:
            return _outcome(note="does not start", detail=str(error))
        if ask(server.port, _REQUEST, 5).status != 200:
            return _outcome(note="no answer even before", detail=server.why())
        try:
            with FAULTS[fault](server.port) as note:
                seconds = _time_to_answer(server, patience)
        except OSError as error:
            note, seconds = "no connection", None
            detail = str(error)
        else:
            detail = ""
        time.sleep(_PAUSE_SECONDS)
        if not server.is_running:
            return _outcome(note="ends the program", detail=server.reason_for(""))
    if seconds is None:
        return _outcome(note="no answer any more", detail=detail or f"within {patience:g} s")
    if seconds > _PROMPT_SECONDS and not note:
        note = f"answer after {seconds:.1f} s"
    return _outcome(seconds, note or "")


def _time_to_answer(server, patience):
    start = time.monotonic()
    answer = ask(server.port, _REQUEST, patience)
    if answer.status != 200 or answer.body != work.JSON_BODY.encode():
        return None
    return time.monotonic() - start
