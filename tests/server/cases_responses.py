"""The rows of the contract's table "Responses"."""

import re

from .cases import CLOSED, EITHER, ENDED, HOST, UNKNOWN, Expect, case, get, post, request
from .cases_requests import HELLO

_PIECES = Expect(200, b"bytes array view!", [("transfer-encoding", "chunked")])
_CLOSE = [("connection", "close")]


def _uniform(body):
    assert len(body) == 30000
    assert body == b"".join(bytes([number]) * 5000 for number in range(6))


def _not_sent(body):
    assert body != b"sent"


def _reason(report):
    assert any("a fault in the handler" in text for text in report["messages"]), report["messages"]


def _body_fault(report):
    assert any("a fault in the body" in text for text in report["messages"]), report["messages"]


LENGTHS = (
    case("Content-Length", get("/hello"), Expect(200, b"hello", [("content-length", "5")])),
    case(
        "Content-Length of text in bytes",
        get("/text"),
        Expect(200, None, [("content-length", "11")]),
    ),
    case("empty body", get("/empty-body"), Expect(200, b"", [("content-length", "0")])),
    case("bytes as they are", get("/bytearray"), Expect(200, b"\x00\xff\r\n\x00")),
    case("big", get("/big"), Expect(200, b"0123456789" * 3000)),
    case("pieces chunked", get("/pieces"), _PIECES),
    case("pieces, then another request", get("/pieces") + get("/hello"), _PIECES, HELLO),
    case("big pieces", get("/big-pieces"), Expect(200, _uniform)),
    case("no pieces", get("/no-pieces"), Expect(200, b"")),
    case("pieces of a list", get("/list-iterator"), Expect(200, b"ab")),
    case(
        "pieces of text",
        get("/text-pieces"),
        Expect(200, "Grüße € 😀, ASCII".encode(), [("transfer-encoding", "chunked")]),
    ),
    case("pieces of text, then another request", get("/text-pieces") + get("/hello"), 200, HELLO),
    case(
        "pieces of text of known length",
        get("/text-pieces-of-known-length"),
        Expect(200, "Grüße €".encode(), [("content-length", "11")]),
    ),
    case(
        "pieces of text in 1.0",
        get("/text-pieces", version=b"1.0"),
        Expect(200, "Grüße € 😀, ASCII".encode()),
        end=CLOSED,
    ),
    case(
        "pieces of known length", get("/pieces-of-known-length"), Expect(200, b"bytes array view!")
    ),
    case("204", get("/status/204"), Expect(204, b"")),
    case("304", get("/status/304"), Expect(304, b"")),
    case("204 with text", get("/status-with-text/204"), Expect(204, b"")),
    case("304 with text", get("/status-with-text/304"), Expect(304, b"")),
    case("204, then another request", get("/status/204") + get("/hello"), Expect(204, b""), HELLO),
)

_PHRASES = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    206: "Partial Content",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    417: "Expectation Failed",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
    599: "Other",
}
REASONS = tuple(
    case(f"reason of {status}", get(f"/status/{status}"), Expect(status, reason=phrase))
    for status, phrase in _PHRASES.items()
)

TYPES = (
    case("text is UTF-8", get("/text"), Expect(200, "Grüße €".encode())),
    case(
        "charset of text/plain",
        get("/text"),
        Expect(
            200, None, [("content-type", re.compile("text/plain; ?charset=utf-8", re.IGNORECASE))]
        ),
    ),
    case(
        "charset of text/html",
        get("/html"),
        Expect(
            200, None, [("content-type", re.compile("text/html; ?charset=utf-8", re.IGNORECASE))]
        ),
    ),
    case(
        "charset not doubled",
        get("/html-with-charset"),
        Expect(200, None, [("content-type", "text/html; charset=utf-8")]),
    ),
    case(
        "JSON",
        get("/json"),
        Expect(200, b'{"value": 1}', [("content-type", re.compile("application/json.*"))]),
    ),
    case(
        "binary",
        get("/bytearray"),
        Expect(200, None, [("content-type", "application/octet-stream")]),
    ),
    case(
        "headers of the app",
        get("/headers"),
        Expect(203, b"x", [("x-given", "one"), ("x-added", "two"), ("cache-control", "no-store")]),
    ),
)

PERSISTENCE = (
    case("kept", get("/hello") + get("/hello") + get("/hello"), HELLO, HELLO, HELLO),
    case(
        "client closes",
        get("/hello", b"Connection: close"),
        Expect(200, b"hello", _CLOSE),
        end=ENDED,
    ),
    case("client closes, capitals", get("/hello", b"Connection: Close"), HELLO, end=ENDED),
    case("client closes, in a list", get("/hello", b"Connection: x-a, close"), HELLO, end=ENDED),
    case("client closes, after a tab", get("/hello", b"Connection: x,\tclose"), HELLO, end=ENDED),
    *(
        case(f"client does not close: {token}", get("/hello", b"Connection: " + token), HELLO)
        for token in (b"not-close", b"close-not", b"closed", b"x-close, y", b"clo se", b"c,lose")
    ),
    *(
        case(
            f"1.0 is not kept: {token}",
            get("/hello", b"Connection: " + token, version=b"1.0"),
            HELLO,
            end=CLOSED,
        )
        for token in (b"not-keep-alive", b"keep-alive-not", b"keep")
    ),
    case(
        "client closes, in a second header",
        get("/hello", b"Connection: x-a", b"Connection: close"),
        HELLO,
        end=ENDED,
    ),
    case(
        "nothing is answered after a close",
        get("/hello", b"Connection: close") + get("/json"),
        HELLO,
        end=ENDED,
        handled=1,
    ),
    case("app closes", get("/close"), Expect(200, b"bye", _CLOSE), end=ENDED),
    case("app closes, in capitals", get("/close-in-capitals"), Expect(200, b"bye"), end=ENDED),
    case("closed after pieces", get("/pieces", b"Connection: close"), _PIECES, end=ENDED),
    case("closed after 404", get("/missing", b"Connection: close"), 404, end=ENDED),
    case("closing is said", b"nonsense\r\n\r\n", Expect(400, None, _CLOSE), end=ENDED),
    case(
        "closing is said in 1.0", get("/hello", version=b"1.0"), Expect(200, b"hello"), end=CLOSED
    ),
    case("upgrade is declined", get("/hello", b"Connection: Upgrade", b"Upgrade: h2c"), HELLO),
)

INJECTION = tuple(
    case(
        f"{what} refused {when}",
        get(f"/injected-{when}/{what}"),
        Expect(statuses, _not_sent, headers=[("set-cookie", None)]),
        end=EITHER,
    )
    for what in ("cr", "lf", "nul", "name", "name-lf", "name-nul")
    for when, statuses in (("at-once", (200, 500)), ("later", 500))
)

FAULTS = (
    case("handler raises", get("/raise"), 500, end=EITHER, more=_reason),
    case("handler raises, then another request", get("/raise"), 500, end=EITHER),
    case("handler runs out of memory", get("/raise-memory"), 500, end=EITHER),
    case("handler raises StopIteration", get("/raise-stop"), 500, end=EITHER),
    case("handler raises EAGAIN", get("/raise-os"), 500, end=EITHER, handled=1),
    case(
        "handler of a POST raises",
        post("/raise-at-post", get("/hello")),
        500,
        end=EITHER,
        more=_reason,
    ),
    case("handler returns None", get("/nothing"), 500, end=EITHER),
    case("handler returns a text", get("/wrong-type"), 500, end=EITHER),
    case(
        "body raises at first",
        get("/raise-first"),
        Expect((200, 500), complete=None),
        end=UNKNOWN,
        more=_body_fault,
    ),
    case(
        "body raises midway",
        get("/raise-midway"),
        Expect(200, b"piecepiece", complete=False),
        end=CLOSED,
        more=_body_fault,
    ),
    case(
        "body raises midway in 1.0",
        b"GET /raise-midway HTTP/1.0\r\n" + HOST + b"\r\n",
        Expect(200, b"piecepiece"),
        end=CLOSED,
    ),
    case("fewer pieces than announced", get("/pieces/99"), Expect(complete=False), end=CLOSED),
    case("more pieces than announced", get("/pieces/6"), Expect(200, b"bytes "), end=CLOSED),
    case("debug raises", get("/raise-in-debug"), 500, end=EITHER),
    case(
        "upload ends without a response before its first piece",
        request(b"PUT", "/upload/nothing", b"Content-Length: 3", body=b"abc"),
        500,
        end=EITHER,
    ),
    case(
        "upload ends without a response",
        request(b"PUT", "/upload/forgotten", b"Content-Length: 3", body=b"abc"),
        500,
        end=EITHER,
    ),
    case(
        "upload raises before its first piece",
        request(b"PUT", "/upload/raising", b"Content-Length: 3", body=b"abc"),
        500,
        end=EITHER,
    ),
    case(
        "upload raises after a piece",
        request(b"PUT", "/upload/raising-midway", b"Content-Length: 3", body=b"abc"),
        500,
        end=EITHER,
    ),
)

ALL = {
    "length": LENGTHS,
    "reason": REASONS,
    "type": TYPES,
    "persistence": PERSISTENCE,
    "injection": INJECTION,
    "faults": FAULTS,
}
