"""What a case of the contract is made of. The cases themselves are in cases_*.py."""

import re
from dataclasses import dataclass
from typing import Any

KEPT = "kept"  # the connection must answer one more request
ENDED = "ended"  # nothing more is answered; the server waits for the client to close
CLOSED = "closed"  # by the server
EITHER = "either"  # kept or ended, as the last answer says
UNKNOWN = None  # what becomes of the connection is not checked

HOST = b"Host: board\r\n"


@dataclass(frozen=True)
class Each:
    """Send the data in pieces of that size, with a single step of the server for each."""

    data: bytes
    size: int = 1


@dataclass(frozen=True)
class Elapse:
    """Let this many seconds pass."""

    seconds: float


@dataclass(frozen=True)
class HalfClose:
    """The client shuts down its sending side."""


@dataclass(frozen=True)
class Abort:
    """The client resets the connection; nothing more can come."""


@dataclass(frozen=True)
class Expect:
    """One response. Header values: a text, a compiled expression, or None for absent."""

    status: Any = 200  # one or several that are allowed; None: closed without an answer
    body: Any = None  # bytes, or a function that checks them
    headers: Any = ()  # pairs
    method: str = "GET"
    complete: Any = True  # None: either will do
    reason: Any = None  # the phrase

    def check(self, answer):
        allowed = self.status if isinstance(self.status, tuple) else (self.status,)
        if answer is None:
            assert None in allowed, f"closed without the answer {self.status}"
            return
        assert answer.status in allowed, answer
        assert self.complete in (answer.complete, None), answer
        assert self.reason in (answer.reason, None), answer
        if callable(self.body):
            self.body(answer.body)
        elif self.body is not None:
            assert answer.body == self.body
        for name, value in self.headers:
            given = answer.headers.get(name)
            if value is None:
                assert given is None, (name, given)
            elif isinstance(value, re.Pattern):
                assert given is not None and value.fullmatch(given), (name, given)
            else:
                assert given is not None and given.lower() == value.lower(), (name, given)


@dataclass(frozen=True)
class Case:
    """Bytes and events on one connection, and the outcome that they must have."""

    name: str
    send: tuple
    expect: tuple = ()
    end: Any = KEPT
    handled: Any = None  # how many handlers may have run
    only: tuple = ()  # kinds of sockets (all when empty)
    more: Any = None  # a function that checks the bench's report


def case(name, send, *expect, end=KEPT, **more):
    """A Case; `send` may be one action, `expect` may hold statuses in place of an Expect."""
    send = send if isinstance(send, tuple) else (send,)
    expect = tuple(item if isinstance(item, Expect) else Expect(item) for item in expect)
    return Case(name, send, expect, end, **more)


def get(path, *headers, version=b"1.1"):
    """A GET with Host and the given header lines."""
    return request(b"GET", path, *headers, version=version)


def request(method, path, *headers, body=b"", version=b"1.1"):
    """A request with Host; the body's length is not added."""
    path = path.encode() if isinstance(path, str) else path
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"%s %s HTTP/%s\r\n%s%s\r\n%s" % (method, path, version, HOST, lines, body)


def post(path, body, *headers):
    """A POST with Content-Length."""
    return request(b"POST", path, b"Content-Length: %d" % len(body), *headers, body=body)
