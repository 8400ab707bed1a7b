"""A client that acts between the server's steps, and a strict parser of the responses."""

import contextlib
import re
import select
import socket
import struct
import time
from dataclasses import dataclass, field
from pathlib import Path

import h11

_PATIENCE = 4000  # steps given to the server for one answer
# The system may ignore a connection whose ports are those of one that has just ended
_RETRIES = 2
_CONNECT_MS = 10
_LINE = re.compile(rb"HTTP/1\.[01] [1-5][0-9][0-9] [\x20-\x7e]*[\x21-\x7e]")
_BODILESS = (204, 304)


@dataclass
class Answer:
    """One response as it came."""

    status: int
    reason: str = ""
    headers: dict = field(default_factory=dict)  # lower-case names
    body: bytes = b""
    complete: bool = True
    version: str = "1.1"


class Malformed(AssertionError):
    """The server sent something that is not HTTP."""


class Client:
    """One connection to the bench's server. It never blocks: the server works only in `step`."""

    def __init__(self, bench, receive_buffer=None):
        self.bench = bench
        self.received = bytearray()
        self.closed = False  # the server has closed the connection
        self.reset = False  # and did it by a reset
        self._socket = self._connect(receive_buffer)
        for _ in range(_RETRIES):
            if self.connected(_CONNECT_MS):
                break
            self._socket.close()
            self._socket = self._connect(receive_buffer)

    def _connect(self, receive_buffer):
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(BlockingIOError):
            connection.connect(("127.0.0.1", self.bench.port))
        return connection

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def step(self, count=1):
        self.bench.step(count)

    def connected(self, patience=0):
        """Whether the server's system accepts the connection within `patience` milliseconds. It
        doesn't while the backlog is full; then the client's system tries again, first after a
        second."""
        poller = select.poll()
        poller.register(self._socket, select.POLLOUT)
        return any(events & select.POLLOUT for _, events in poller.poll(patience))

    def try_send(self, data):
        """Send what the system takes; returns how many bytes, all if the connection is gone."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.read()
            self.closed = True
            return len(data)

    def send(self, data):
        """Send everything, with the server working meanwhile."""
        view = memoryview(data)
        for _ in self._turns():
            view = view[self.try_send(view) :]
            if not view:
                return
        raise AssertionError("the server takes no more bytes")

    def unread_by_server(self):
        """Bytes on this connection that the server's system has received and the server hasn't read."""
        port = f":{self._socket.getsockname()[1]:04X}"
        for line in Path("/proc/net/tcp").read_text().splitlines():
            fields = line.split()
            if fields[2].endswith(port):
                return int(fields[4].partition(":")[2], 16)
        raise AssertionError("the server's end of the connection is gone")

    def half_close(self):
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.closed = True

    def abort(self):
        """Close with a reset."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def close(self):
        self._socket.close()

    def read(self, size=65536):
        """Read what has come (at most size bytes); returns whether there was anything."""
        try:
            data = self._socket.recv(size)
        except BlockingIOError:
            return False
        except OSError:
            self.closed = self.reset = True
            return False
        if not data:
            self.closed = True
        self.received += data
        return bool(data)

    def wait(self, done, patience=_PATIENCE):
        """Let the server work until done(); returns whether that happened."""
        for _ in self._turns(patience):
            self.read()
            if done():
                return True
        return False

    def wait_closed(self, patience=_PATIENCE):
        return self.wait(lambda: self.closed, patience)

    def answer(self, method="GET", patience=_PATIENCE):
        """The next response (interim ones are responses too), None when the connection was closed
        without one."""
        parsed = None

        def there():
            nonlocal parsed
            parsed = parse(bytes(self.received), method, self.closed)
            return parsed is not None or self.closed

        if not self.wait(there, patience):
            raise AssertionError(f"no complete answer, only {bytes(self.received[:300])!r}")
        if parsed is None:
            if self.received:
                raise Malformed(f"cut short: {bytes(self.received[:300])!r}")
            return None
        answer, length = parsed
        del self.received[:length]
        return answer

    def request(self, data, method="GET"):
        self.send(data)
        return self.answer(method)

    def _turns(self, patience=_PATIENCE):
        """Let the server work before each turn of the client: single steps first, then many at
        once, with pauses in which the system delivers the bytes."""
        done = 0
        while done < patience:
            count = 1 if done < 64 else 16
            self.bench.step(count)
            done += count
            yield
            if done > 256:
                time.sleep(0.0005)


def parse(data, method="GET", closed=False):
    """The first response in data and its length; None when it isn't complete yet.

    With `closed` no more will come: a response that the close delimits is complete then; any other
    that is cut short is returned with complete=False. Raises Malformed for what isn't HTTP.
    """
    head_end = data.find(b"\r\n\r\n")
    if head_end < 0:
        if data and not b"HTTP/1.".startswith(data[:7]):
            raise Malformed(repr(data[:200]))
        return None
    head = data[:head_end]
    lines = head.split(b"\r\n")
    if not _LINE.fullmatch(lines[0]):
        raise Malformed(f"status line {lines[0]!r}")
    if b"\n" in head.replace(b"\r\n", b"") or b"\r" in head.replace(b"\r\n", b""):
        raise Malformed(f"stray line end in {head!r}")
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "test")]))
    connection.send(h11.EndOfMessage())
    try:
        connection.receive_data(data)
        event = connection.next_event()
        if isinstance(event, h11.InformationalResponse):
            return Answer(event.status_code, event.reason.decode()), head_end + 4
        answer = Answer(
            event.status_code,
            event.reason.decode(),
            _headers(event, method),
            version=event.http_version.decode(),
        )
        return _with_body(answer, connection, data, closed)
    except h11.RemoteProtocolError as error:
        raise Malformed(f"{error}: {data[:300]!r}") from error


def _headers(event, method):
    headers = {}
    for raw_name, raw_value in event.headers:
        name, value = raw_name.decode("ascii"), raw_value.decode("latin-1")
        if name in headers and name != "set-cookie":
            raise Malformed(f"{name} twice")
        headers[name] = value
    if "content-length" in headers and "transfer-encoding" in headers:
        raise Malformed("both Content-Length and Transfer-Encoding")
    if event.status_code in _BODILESS:
        for name in ("content-length", "transfer-encoding"):
            if name in headers:
                raise Malformed(f"{name} in a {event.status_code}")
    return headers


def _with_body(answer, connection, data, closed):
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            if not closed:
                return None
            by_close = (
                "content-length" not in answer.headers and "transfer-encoding" not in answer.headers
            )
            answer.complete = by_close
            answer.body = bytes(body)
            return answer, len(data)
        if isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            answer.body = bytes(body)
            rest, _ = connection.trailing_data
            return answer, len(data) - len(rest)
        else:
            return None if not closed else (answer, len(data))
