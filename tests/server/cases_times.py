"""The rows of the contract's table "Requests" about time and clients that disappear."""

from .cases import (
    CLOSED,
    ENDED,
    UNKNOWN,
    Abort,
    Each,
    Elapse,
    Expect,
    HalfClose,
    case,
    get,
    post,
    request,
)
from .cases_bodies import CHUNKS_OF_HELLO, chunked
from .cases_requests import HELLO

_PART = b"GET /hello HTTP/1.1\r\nHost: bo"

TIMES = (
    case("408 in the line", (b"GET /hel", Elapse(10.1)), 408, end=ENDED, handled=0),
    case("408 in the headers", (_PART, Elapse(10.1)), 408, end=ENDED, handled=0),
    case(
        "408 in the body", (post("/echo", b"hello")[:-1], Elapse(10.1)), 408, end=ENDED, handled=0
    ),
    case(
        "408 in a chunk", (chunked(CHUNKS_OF_HELLO)[:-20], Elapse(10.1)), 408, end=ENDED, handled=0
    ),
    case(
        "408 however it dribbles",
        tuple(item for byte in _PART[:6] for item in (bytes([byte]), Elapse(2))),
        408,
        end=ENDED,
        handled=0,
    ),
    case(
        "408 although the body dribbles",
        (post("/echo", b"hello")[:-4],)
        + tuple(item for byte in b"hel" for item in (Elapse(4), bytes([byte]))),
        408,
        end=ENDED,
        handled=0,
    ),
    case(
        "408 although whole lines dribble",
        tuple(
            item
            for line in (b"GET /hello HTTP/1.1\r\n", b"Host: board\r\n", b"X: 1\r\n", b"Y: 2\r\n")
            for item in (line, Elapse(3))
        ),
        408,
        end=ENDED,
        handled=0,
    ),
    case(
        "408 although empty lines dribble",
        (b"\r\n", Elapse(3)) * 4,
        Expect((408, None)),
        end=ENDED,
        handled=0,
    ),
    case(
        "a head may take longer than an idle connection stays",
        (b"GET /hello HTTP/1.1\r\n", Elapse(6), b"Host: board\r\n\r\n"),
        HELLO,
    ),
    case("slow but in time", (b"GET /hello", Elapse(9.5), get("/hello")[10:]), HELLO),
    case(
        "slow twice but in time",
        (
            b"GET /hello",
            Elapse(9.5),
            get("/hello")[10:] + b"GET /hello",
            Elapse(9.5),
            get("/hello")[10:],
        ),
        HELLO,
        HELLO,
    ),
    case("idle from the start", Elapse(5.1), end=CLOSED),
    case("idle when kept", (get("/hello"), Elapse(5.1)), HELLO, end=CLOSED),
    case(
        "idle within its time",
        (Elapse(4.5), get("/hello"), Elapse(4.5), get("/hello")),
        HELLO,
        HELLO,
    ),
    case("idle for hours", (Elapse(100000), get("/hello")), end=CLOSED),
)


def _upload_incomplete(report):
    assert report["last_upload"] == "begun"


def _at_once(data):
    """Send it without letting the server get far."""
    return Each(data, len(data))


GONE = (
    case("gone at once", Abort(), end=CLOSED),
    case("gone in the line", (b"GET /hel", Abort()), end=CLOSED, handled=0),
    case("gone in the headers", (_PART, Abort()), end=CLOSED, handled=0),
    case("gone in the body", (post("/echo", b"hello")[:-1], Abort()), end=CLOSED, handled=0),
    case("gone in a big body", (post("/echo", b"a" * 8000)[:-9], Abort()), end=CLOSED, handled=0),
    case("gone in a chunk", (chunked(CHUNKS_OF_HELLO)[:-9], Abort()), end=CLOSED, handled=0),
    case("gone before a big answer", (_at_once(get("/big")), Abort()), end=CLOSED),
    case("gone in a big answer", (get("/big"), Abort()), end=CLOSED),
    case("gone before a file", (_at_once(get("/file/large.bin")), Abort()), end=CLOSED),
    case("gone in a file", (get("/file/large.bin"), Abort()), end=CLOSED),
    case("gone in the pieces", (get("/big-pieces"), Abort()), end=CLOSED),
    case("gone in the events", (get("/events"), Abort()), end=CLOSED),
    case("gone in a quiet stream", (get("/quiet"), Abort()), end=CLOSED),
    case("gone in a quiet stream, politely", get("/quiet"), end=UNKNOWN),
    case(
        "gone in an upload",
        (request(b"PUT", "/upload/a", b"Content-Length: 9", body=b"abc"), Abort()),
        end=CLOSED,
    ),
    case("gone with a pipeline", (get("/big") * 20, Abort()), end=CLOSED),
    case("closed at once", HalfClose(), end=CLOSED),
    case(
        "closed in the body",
        (post("/echo", b"hello")[:-1], HalfClose()),
        (None, 400),
        end=CLOSED,
        handled=0,
    ),
    case(
        "closed in the line",
        (b"GET /hello HTTP/1.1", HalfClose()),
        (None, 400),
        end=CLOSED,
        handled=0,
    ),
    case("closed in the headers", (_PART, HalfClose()), (None, 400), end=CLOSED, handled=0),
    case(
        "closed before the last line",
        (get("/hello")[:-2], HalfClose()),
        (None, 400),
        end=CLOSED,
        handled=0,
    ),
    case(
        "closed in a chunk",
        (chunked(CHUNKS_OF_HELLO)[:-9], HalfClose()),
        (None, 400),
        end=CLOSED,
        handled=0,
    ),
    case(
        "closed after the last chunk's size",
        (chunked(b"1\r\na\r\n0\r\n"), HalfClose()),
        (None, 400),
        end=CLOSED,
        handled=0,
    ),
    case(
        "half-closed at once",
        (_at_once(get("/hello")), HalfClose()),
        HELLO,
        end=CLOSED,
        only=("stock",),
    ),
    case(
        "half-closed at once, EPIPE",
        (_at_once(get("/hello")), HalfClose()),
        (None, 200),
        end=CLOSED,
    ),
    case("half-closed in a big answer", (get("/big"), HalfClose()), end=UNKNOWN),
    case(
        "half-closed in an upload",
        (request(b"PUT", "/upload/a", b"Content-Length: 9", body=b"abc"), HalfClose()),
        (None, 400),
        end=CLOSED,
        more=_upload_incomplete,
    ),
)


ALL = {
    "time": TIMES,
    "gone": GONE,
}
