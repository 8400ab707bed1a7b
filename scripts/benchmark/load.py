"""Clients in this process, over the loopback interface: one after the other, or several at once without waiting."""

import selectors
import socket
import time

from .device import work
from .device.limits import SEGMENT

_PIECE = 65536
_STALL_SECONDS = 20
_FINISH_SECONDS = 2
_CLOSE_SECONDS = 0.1


class WrongAnswer(RuntimeError):
    """An answer that isn't what the work asks for: the server doesn't do the same as the others."""


class Answer:
    """Collects an answer: complete at the length that it announces, or at the end of the connection."""

    def __init__(self):
        self.data = bytearray()
        self.head = b""
        self.total = None  # bytes of the whole, once known
        self.complete = False

    def add(self, piece):
        if not piece:
            self.complete = self.total is None and bool(self.data)
            return
        self.data += piece
        if not self.head:
            self._look_for_head()
        if self.total is not None and len(self.data) >= self.total:
            self.complete = True

    def _look_for_head(self):
        end = self.data.find(b"\r\n\r\n")
        if end >= 0:
            self.head = bytes(self.data[: end + 4]).lower()
            _, found, rest = self.head.partition(b"\r\ncontent-length:")
            if found:
                self.total = end + 4 + int(rest.partition(b"\r\n")[0])

    @property
    def status(self):
        """0 when there is no status line."""
        parts = bytes(self.data[:32]).split(b" ")
        return int(parts[1]) if len(parts) > 1 and parts[1][:3].isdigit() else 0

    @property
    def body(self):
        return bytes(self.data[len(self.head) :])

    def check(self, name, file):
        """WrongAnswer unless it is the right one to the request of that name."""
        expected = {
            "json": work.JSON_BODY.encode(),
            "post": work.post_body(work.POST_SIZE).encode(),
            "file": file,
        }[name]
        if self.status != 200 or self.body != expected:
            raise WrongAnswer(
                f"{name}: status {self.status}, {len(self.body)} bytes of {len(expected)}"
            )


def ask(port, data, timeout):
    """The Answer to the request in `data`, over a connection of its own; what came when time is over or it breaks."""
    answer = Answer()
    end = time.monotonic() + timeout
    try:
        with socket.create_connection(("127.0.0.1", port), timeout) as connection:
            connection.sendall(data)
            while not answer.complete and time.monotonic() < end:
                connection.settimeout(max(0.01, end - time.monotonic()))
                piece = connection.recv(_PIECE)
                answer.add(piece)
                if not piece:
                    break
    except OSError:
        pass
    return answer


def keeps_connections(port):
    """Whether a connection stays open after an answer."""
    with socket.create_connection(("127.0.0.1", port), _STALL_SECONDS) as connection:
        connection.sendall(work.request_of("json", True))
        answer = Answer()
        while not answer.complete:
            piece = connection.recv(_PIECE)
            answer.add(piece)
            if not piece:
                return False
        connection.settimeout(_CLOSE_SECONDS)
        try:
            return bool(connection.recv(1))
        except TimeoutError:
            return True


def check_work(port, file, timeout=10):
    """Ask once for each kind of work; WrongAnswer when one isn't done."""
    for name in ("json", "file", "post"):
        ask(port, work.request_of(name, False), timeout).check(name, file)


class _Visitor:
    """A connection that makes one request after the other."""

    def __init__(self, crowd):
        self.crowd = crowd
        self.connection = None
        self.answer = None

    def begin(self):
        """Ask the next question, unless the crowd goes home."""
        if self.crowd.ending:
            self.leave()
            return
        self.began = time.perf_counter()
        self.answer = Answer()
        self.name = next(self.crowd.plan)
        self.unsent = self.crowd.requests[self.name]
        if self.connection is None:
            self.connection = socket.socket()
            if hasattr(socket, "TCP_MAXSEG"):  # segments as on the board's link, not the loopback's
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            self.connection.setblocking(False)
            self.connection.connect_ex(("127.0.0.1", self.crowd.port))
            self.crowd.selector.register(self.connection, selectors.EVENT_WRITE, self)
        else:
            self.go_on(selectors.EVENT_WRITE)

    def go_on(self, events):
        try:
            if self.unsent:
                sent = self.connection.send(self.unsent)
                self.unsent = self.unsent[sent:]
                if not self.unsent:
                    self.crowd.selector.modify(self.connection, selectors.EVENT_READ, self)
                return
            piece = self.connection.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            self.crowd.failed += 1
            self.leave()
            self.begin()
            return
        self.answer.add(piece)
        if self.answer.complete:
            self.crowd.finish(self)
            if not (
                self.crowd.keep_alive and piece and b"\nconnection: close" not in self.answer.head
            ):
                self.leave()
            self.begin()
        elif not piece:
            self.crowd.failed += 1
            self.leave()
            self.begin()

    def leave(self):
        if self.connection is not None:
            self.crowd.selector.unregister(self.connection)
            self.connection.close()
            self.connection = None


class Crowd:
    """Several clients, each asking again as soon as it is answered.

    plan: iterator of names of requests (json, file, post) that all take from.
    """

    def __init__(self, port, plan, file, clients=4, keep_alive=False):
        self.port = port
        self.plan = plan
        self.file = file
        self.clients = clients
        self.keep_alive = keep_alive
        self.requests = {
            name: work.request_of(name, keep_alive) for name in ("json", "file", "post")
        }
        self.answered = 0
        self.failed = 0
        self.ending = False
        self.durations = []  # seconds from the beginning of a connection or request to the end of its answer
        self._checked = {}

    def finish(self, visitor):
        answer = visitor.answer
        if self._checked.get(visitor.name) != len(answer.data):
            answer.check(visitor.name, self.file)
            self._checked[visitor.name] = len(answer.data)
        self.answered += 1
        self.durations.append(time.perf_counter() - visitor.began)

    def run(self, seconds, most=None, running=lambda: True):
        """Ask for so long, for at most so many answers, and while `running()`; returns (answers, seconds that they took)."""
        start = time.perf_counter()
        last_answer = start
        answered = self.answered = 0
        with selectors.DefaultSelector() as self.selector:
            visitors = [_Visitor(self) for _ in range(self.clients)]
            try:
                for visitor in visitors:
                    visitor.begin()
                while True:
                    for key, events in self.selector.select(0.1):
                        key.data.go_on(events)
                    now = time.perf_counter()
                    if self.answered != answered:
                        answered = self.answered
                        last_answer = now
                    if now - start >= seconds or most and self.answered >= most or not running():
                        break
                    if now - last_answer > _STALL_SECONDS:
                        raise WrongAnswer(f"no answer within {_STALL_SECONDS} s")
                self._let_them_finish()
                return answered, now - start
            finally:
                for visitor in visitors:
                    visitor.leave()

    def _let_them_finish(self):
        """What is under way ends in order: a client that leaves early is another test."""
        self.ending = True
        end = time.monotonic() + _FINISH_SECONDS
        while self.selector.get_map() and time.monotonic() < end:
            for key, events in self.selector.select(0.1):
                key.data.go_on(events)
        self.ending = False
