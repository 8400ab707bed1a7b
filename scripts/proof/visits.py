"""Requests to a board, one connection each or several on one."""

import http.client
import json
import socket
import threading
import time
from dataclasses import dataclass, field

TIMEOUT_S = (
    90  # a system's fifth attempt to get into a full queue comes after 31 s, the sixth after 63
)


_AGAIN_S = 0.1  # after which somebody asks again whose connection broke


class WrongAnswer(RuntimeError):
    """The answer is not the expected one."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict  # names in lower case
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Visitor:
    """Asks with a connection for each request; `keep()` gives one that is kept."""

    def __init__(self, port, headers=None):
        self.port = port
        self.headers = headers or {}

    def __call__(self, method, path, body=None, timeout=TIMEOUT_S, headers=None, connection=None):
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        fields = {**self.headers, **(headers or {})}
        if connection is None:
            fields["Connection"] = "close"
        link = connection or self.keep(timeout)
        try:
            link.request(method, path, body=body, headers=fields)
            response = link.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, names, response.read())
        finally:
            if connection is None:
                link.close()

    def keep(self, timeout=TIMEOUT_S):
        """A connection for several requests."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def expect(self, status, method, path, body=None, **more):
        answer = self(method, path, body, **more)
        if answer.status != status:
            raise WrongAnswer(f"{method} {path}: {answer.status} {answer.body[:200]!r}")
        return answer

    def get(self, path, **more):
        return self.expect(200, "GET", path, **more)

    def log_in(self, password):
        answer = self.expect(200, "POST", "/api/login", {"password": password})
        self.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]


@dataclass
class Waited:
    """How long a person has waited for answers (s), and what went wrong."""

    seconds: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    def percentile(self, share):
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0

    def slower_than(self, limit):
        return sum(seconds > limit for seconds in self.seconds)


class Person:
    """Looks at the pages now and then, each time with fresh connections: GET / and GET
    /api/status. Works in a thread while in `with`; `waited` has the result."""

    def __init__(self, port, pause_s=0.3):
        self._visitor = Visitor(port)
        self._pause_s = pause_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self.waited = Waited()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join()

    def _live(self):
        while True:
            for path in ("/", "/api/status"):
                self._ask(path)
                if self._ended.wait(self._pause_s):
                    return

    def _ask(self, path):
        """Ask until there is an answer: lwIP resets the connection of a client for whom its queue
        has no place. What counts is how long it takes in all."""
        start = time.monotonic()
        while True:
            try:
                self._visitor.get(path)
                break
            except (OSError, http.client.HTTPException) as error:
                if time.monotonic() - start > TIMEOUT_S:
                    self.waited.problems.append(f"GET {path}: {error!r} after {_since(start)}")
                    break
                time.sleep(_AGAIN_S)
            except (WrongAnswer, ValueError) as error:
                self.waited.problems.append(f"GET {path}: {error!r} after {_since(start)}")
                break
        self.waited.seconds.append(time.monotonic() - start)


def _since(start):
    return f"{time.monotonic() - start:.1f} s"


def talk(port, content, timeout=10, size=65536):
    """All bytes that come back for some bytes, until the board closes or says nothing for
    `timeout` seconds; None when it closes without a word, or has no place for another client."""
    received = b""
    try:
        link = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    except OSError:
        return None
    with link:
        try:
            link.sendall(content)
        except OSError:
            pass  # it has refused before it was told everything
        try:
            while len(received) < size:
                piece = link.recv(65536)
                if not piece:
                    break
                received += piece
        except OSError:
            pass
    return received or None


def listen(port, over, seconds):
    """The names of the events that GET /api/events sends, for so many seconds or until the
    threading.Event `over` (a generator). WrongAnswer when it ends by itself or is no event stream.

    The two places for listeners may be taken for a moment by somebody whose end the board hasn't
    noticed yet: then it is asked again.
    """
    end = time.monotonic() + seconds
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        while True:
            link.request("GET", "/api/events", headers={"Accept": "text/event-stream"})
            response = link.getresponse()
            if response.status == 200:
                break
            if response.status != 503 or time.monotonic() > end:
                raise WrongAnswer(f"GET /api/events: {response.status}")
            response.read()
            time.sleep(0.1)
        while not over.is_set() and time.monotonic() < end:
            yield _next_event(response)
    finally:
        link.close()


def _next_event(response):
    lines = []
    while not lines or lines[-1]:
        line = response.readline()
        if not line.endswith(b"\n"):
            raise WrongAnswer("GET /api/events: the stream has ended")
        lines.append(line.rstrip(b"\n").decode())
    name, data, _ = lines
    json.loads(data.removeprefix("data: "))
    return name.removeprefix("event: ")
