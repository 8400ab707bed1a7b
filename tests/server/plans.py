"""What hypothesis lets clients do: any bytes, cut anywhere, with pauses and disconnections."""

from dataclasses import dataclass

from hypothesis import strategies as st

from .cases import get, post, request

CONNECTIONS = 3

_GOOD = [
    get("/hello"),
    get("/json", b"Accept: */*", b"Accept-Encoding: gzip"),
    get("/missing"),
    get("/raise"),
    get("/raise-midway"),
    get("/pieces"),
    get("/no-pieces"),
    get("/events"),
    get("/quiet"),
    get("/big"),
    get("/status/204"),
    get("/injected-later/cr"),
    get("/file/plain.txt"),
    get("/file/plain.txt", b"Range: bytes=5-", b"If-None-Match: x"),
    get("/file/both.css", b"Accept-Encoding: gzip"),
    get("/file/folder"),
    get("/hello", b"Connection: close"),
    get("/hello", version=b"1.0"),
    get("/hello", b"Connection: keep-alive", version=b"1.0"),
    get("http://board/value/12?x=%20"),
    request(b"HEAD", "/big"),
    request(b"OPTIONS", "*"),
    request(b"DELETE", "/hello"),
    post("/echo", b"body\r\n\r\nGET / HTTP/1.1\r\n"),
    post("/echo", bytes(range(256)) * 4),
    post("/missing", b"body"),
    request(b"POST", "/echo", b"Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\nX: y\r\n\r\n"),
    request(b"POST", "/echo", b"Content-Length: 3", b"Expect: 100-continue", body=b"abc"),
    request(b"POST", "/echo", b"Content-Length: 99999"),
    request(b"PUT", "/upload/a", b"Content-Length: 2000", body=b"u" * 2000),
    request(b"PUT", "/upload/a", b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),
    request(b"PUT", "/upload/enough", b"Content-Length: 20", body=b"u" * 20),
    request(b"PUT", "/upload/raising-midway", b"Content-Length: 20", body=b"u" * 20),
]

_TROUBLE = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\x00",
    b" ",
    b":",
    b"%",
    b"\xff",
    b"\xc3",
    b"Content-Length: ",
    b"Transfer-Encoding: chunked\r\n",
    b"Expect: 100-continue\r\n",
    b"Host: x\r\n",
    b"Range: bytes=",
    b"If-None-Match: *\r\n",
    b"Connection: close\r\n",
    b"0\r\n\r\n",
    b"ffffffffffffffff\r\n",
    b"HTTP/1.1",
    b"GET /",
    b"a" * 1500,
    b"X: y\r\n" * 60,
]


@st.composite
def _damaged(draw):
    """A good request with something put in, left out or replaced."""
    data = draw(st.sampled_from(_GOOD))
    start = draw(st.integers(0, len(data)))
    removed = draw(st.integers(0, 12))
    put_in = draw(st.sampled_from(_TROUBLE) | st.binary(max_size=6))
    return data[:start] + put_in + data[start + removed :]


_FRAGMENT = st.one_of(
    st.sampled_from(_GOOD),
    _damaged(),
    st.sampled_from(_TROUBLE),
    st.binary(max_size=80),
)


@dataclass(frozen=True)
class Event:
    """Something a client does: what, on which connection, with which value."""

    what: str
    connection: int = 0
    value: object = None


_CONNECTION = st.integers(0, CONNECTIONS - 1)
_EVENT = st.one_of(
    st.builds(Event, st.just("send"), _CONNECTION, _FRAGMENT),
    st.builds(Event, st.just("cut"), _CONNECTION, st.tuples(_FRAGMENT, st.integers(1, 40))),
    st.builds(Event, st.just("step"), st.just(0), st.integers(1, 40)),
    st.builds(Event, st.just("read"), _CONNECTION, st.integers(1, 4000)),
    st.builds(Event, st.just("advance"), st.just(0), st.sampled_from((1, 500, 3000, 6000, 11000))),
    st.builds(Event, st.sampled_from(("half_close", "abort", "leave")), _CONNECTION),
)

_OPERATION = st.sampled_from((-1, 1, 2, 7, 100, 1460))


@dataclass(frozen=True)
class Plan:
    """What happens in one example: the events, and what the server's sockets do."""

    events: list
    sends: list
    receives: list


PLANS = st.builds(
    Plan,
    st.lists(_EVENT, min_size=1, max_size=14),
    st.lists(_OPERATION, max_size=4).filter(lambda script: not script or max(script) > 0),
    st.lists(_OPERATION, max_size=4).filter(lambda script: not script or max(script) > 0),
)
