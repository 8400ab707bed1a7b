"""The rows of the contract's table "Requests" that are about bodies."""

from .cases import CLOSED, EITHER, ENDED, Each, Expect, case, get, post, request
from .cases_requests import HELLO, LIMIT

BODY_LIMIT = 8192  # max_body_bytes of the bench


def _length(name, value, status=400, body=b"hello"):
    return case(
        f"length {name}",
        request(b"POST", "/echo", b"Content-Length: " + value, body=body),
        status,
        end=ENDED,
        handled=0,
    )


LENGTHS = (
    case("length", post("/echo", b"hello"), Expect(200, b"hello")),
    case("length zero", post("/echo", b""), Expect(200, b"")),
    case(
        "length with zeros before",
        request(b"POST", "/echo", b"Content-Length: 0005", body=b"hello"),
        200,
    ),
    case("no length", request(b"POST", "/echo"), Expect(200, b"")),
    case(
        "GET with a body",
        request(b"GET", "/hello", b"Content-Length: 5", body=b"GET /") + get("/hello"),
        HELLO,
        HELLO,
    ),
    case("body in two segments", (post("/echo", b"hello")[:-3], b"llo"), Expect(200, b"hello")),
    case(
        "body of all bytes",
        post("/echo", bytes(range(256)) * 8),
        Expect(200, bytes(range(256)) * 8),
    ),
    case("largest body", post("/echo", b"a" * BODY_LIMIT), Expect(200, b"a" * BODY_LIMIT)),
    _length("with sign", b"+5"),
    _length("negative", b"-5"),
    _length("with underscore", b"1_0", body=b"helloworld"),
    _length("list of two", b"5, 6"),
    _length("hexadecimal", b"0x5"),
    _length("with a fraction", b"5.0"),
    _length("with a semicolon", b"5;"),
    _length("with a space inside", b"5 5"),
    _length("empty", b""),
    _length("a word", b"five"),
    _length("other digits", "５".encode()),
    _length("superscript", "²".encode()),
    _length("huge", b"9" * 30, (400, 413)),
    _length("very huge", b"9" * 3000, (400, 413)),
    _length("repeated with another value", b"5\r\nContent-Length: 6"),
    _length("beside Transfer-Encoding", b"5\r\nTransfer-Encoding: chunked"),
    case(
        "Transfer-Encoding beside length",
        request(
            b"POST", "/echo", b"Transfer-Encoding: chunked", b"Content-Length: 5", body=b"0\r\n\r\n"
        ),
        400,
        end=ENDED,
        handled=0,
    ),
    case(
        "length repeated with the same value",
        request(b"POST", "/echo", b"Content-Length: 5", b"Content-Length: 5", body=b"hello"),
        (200, 400),
        end=EITHER,
    ),
    case(
        "length too large, not read",
        request(b"POST", "/echo", b"Content-Length: %d" % (BODY_LIMIT + 1)),
        413,
        end=ENDED,
        handled=0,
    ),
    case(
        "body too large, sent",
        post("/echo", b"a" * (BODY_LIMIT + 1)),
        413,
        end=ENDED,
        handled=0,
        only=("stock", "limited", "unpollable"),
    ),
    case("body skipped after 404", post("/missing", get("/hello")), 404, end=EITHER, handled=0),
    case("body skipped after 405", post("/hello", get("/hello")), 405, end=EITHER, handled=0),
)


def chunked(body, *headers):
    return request(b"POST", "/echo", b"Transfer-Encoding: chunked", *headers, body=body)


def _bad_chunk(name, body, status=400):
    return case(f"chunk {name}", chunked(body), status, end=ENDED, handled=0)


CHUNKS_OF_HELLO = b"5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n"
_LARGE = b"%x\r\n%s\r\n" % (BODY_LIMIT // 2, b"a" * (BODY_LIMIT // 2))

CHUNKS = (
    case("chunked", chunked(CHUNKS_OF_HELLO), Expect(200, b"hello world")),
    case("chunked byte by byte", Each(chunked(CHUNKS_OF_HELLO)), Expect(200, b"hello world")),
    case("chunked, nothing", chunked(b"0\r\n\r\n"), Expect(200, b"")),
    case("chunked, then another request", chunked(CHUNKS_OF_HELLO) + get("/hello"), 200, HELLO),
    case("chunked, capitals", chunked(b"A\r\n0123456789\r\n0\r\n\r\n"), Expect(200, b"0123456789")),
    case("chunked, zeros before", chunked(b"0005\r\nhello\r\n000\r\n\r\n"), Expect(200, b"hello")),
    case(
        "chunked, extensions",
        chunked(b'5;a=b;c="d;e"\r\nhello\r\n0;last\r\n\r\n'),
        Expect(200, b"hello"),
    ),
    case(
        "chunked, spaces after the size",
        chunked(b"5 \t;a\r\nhello\r\n0  \r\n\r\n"),
        Expect(200, b"hello"),
    ),
    case(
        "chunked, trailers",
        chunked(b"5\r\nhello\r\n0\r\nX-Sum: 1\r\nHost: other\r\n\r\n") + get("/hello"),
        Expect(200, b"hello"),
        HELLO,
    ),
    case(
        "chunked, data like a chunk",
        chunked(b"b\r\n\r\n0\r\n\r\nGET \r\n0\r\n\r\n"),
        Expect(200, b"\r\n0\r\n\r\nGET "),
    ),
    case(
        "Chunked in capitals",
        request(b"POST", "/echo", b"Transfer-Encoding: CHUNKED", body=CHUNKS_OF_HELLO),
        Expect(200, b"hello world"),
    ),
    case(
        "chunked, as large as allowed",
        chunked(_LARGE + _LARGE + b"0\r\n\r\n"),
        Expect(200, b"a" * BODY_LIMIT),
    ),
    case(
        "chunked over the limit",
        chunked(_LARGE + _LARGE + b"1\r\na\r\n0\r\n\r\n"),
        413,
        end=ENDED,
    ),
    case(
        "one chunk over the limit",
        chunked(b"%x\r\n" % (BODY_LIMIT + 1)),
        413,
        end=ENDED,
        handled=0,
    ),
    case("many small chunks", chunked(b"1\r\na\r\n" * 500 + b"0\r\n\r\n"), Expect(200, b"a" * 500)),
    _bad_chunk("size not hexadecimal", b"zz\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("size empty", b"\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("size negative", b"-5\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("size with sign", b"+5\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("size with 0x", b"0x5\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("size with underscore", b"1_0\r\n0123456789abcdef\r\n0\r\n\r\n"),
    _bad_chunk("size huge", b"f" * 17 + b"\r\nhello\r\n0\r\n\r\n", (400, 413)),
    _bad_chunk("size line endless", b"0" * 2 * LIMIT),
    _bad_chunk("extension endless", b"5;" + b"a" * 2 * LIMIT),
    _bad_chunk("line after the data endless", b"5\r\nhello" + b"a" * 2 * LIMIT),
    _bad_chunk("size after a space", b" 5\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("size after a tab", b"\t5\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("second size after a space", b"5\r\nhello\r\n 0\r\n\r\n"),
    _bad_chunk("size with a space inside", b"0 5\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("data longer than its size", b"3\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("data shorter than its size", b"7\r\nhello\r\n0\r\n\r\n"),
    _bad_chunk("trailers endless", b"0\r\n" + b"X: y\r\n" * 1000, (400, 431)),
    _bad_chunk("NUL in the size", b"5\x00\r\nhello\r\n0\r\n\r\n"),
)


def _bad_upload(name, chunks):
    sent = request(b"PUT", "/upload/a", b"Transfer-Encoding: chunked", body=chunks)
    return case(f"upload {name}", sent, 400, end=ENDED)


BAD_UPLOADS = (
    _bad_upload("whose first chunk has no size", b"zz\r\n"),
    _bad_upload("whose second chunk has no size", b"3\r\nabc\r\nzz\r\n"),
    _bad_upload("whose chunk is longer than its size", b"3\r\nabcd\r\n0\r\n\r\n"),
    _bad_upload("with a bad trailer", b"3\r\nabc\r\n0\r\nnonsense\r\n\r\n"),
)


def _coding(name, value, status=501):
    sent = request(b"POST", "/echo", b"Transfer-Encoding: " + value, body=CHUNKS_OF_HELLO)
    return case(f"coding {name}", sent, status, end=ENDED, handled=0)


CODINGS = (
    _coding("gzip", b"gzip"),
    _coding("gzip, chunked", b"gzip, chunked"),
    _coding("unknown", b"xchunked"),
    _coding("chunked, gzip", b"chunked, gzip", (400, 501)),
    _coding("chunked twice", b"chunked, chunked", (400, 501)),
    _coding("identity", b"identity", (400, 501)),
    _coding("in two headers", b"gzip\r\nTransfer-Encoding: chunked", (400, 501)),
    _coding("chunked in quotes", b'"chunked"', (400, 501)),
)

_CONTINUE = request(b"POST", "/echo", b"Content-Length: 5", b"Expect: 100-continue")

EXPECTATIONS = (
    case("100-continue", (_CONTINUE, b"hello"), 100, Expect(200, b"hello")),
    case(
        "100-Continue, chunked",
        (chunked(b"", b"Expect: 100-Continue"), CHUNKS_OF_HELLO),
        100,
        Expect(200, b"hello world"),
    ),
    case(
        "100-continue, too large",
        request(b"POST", "/echo", b"Content-Length: 100000", b"Expect: 100-continue"),
        413,
        end=ENDED,
        handled=0,
    ),
    case(
        "100-continue, no such path",
        request(b"POST", "/missing", b"Content-Length: 5", b"Expect: 100-continue"),
        404,
        end=EITHER,
        handled=0,
    ),
    case(
        "100-continue, no such method",
        request(b"POST", "/hello", b"Content-Length: 5", b"Expect: 100-continue"),
        405,
        end=EITHER,
        handled=0,
    ),
    case(
        "100-continue, streamed and refused",
        request(b"PUT", "/upload/refused", b"Content-Length: 5", b"Expect: 100-continue"),
        403,
        end=EITHER,
    ),
    case(
        "100-continue, streamed",
        (request(b"PUT", "/upload/a", b"Content-Length: 5", b"Expect: 100-continue"), b"hello"),
        100,
        201,
    ),
    case(
        "100-continue in 1.0",
        request(
            b"POST",
            "/echo",
            b"Content-Length: 5",
            b"Expect: 100-continue",
            body=b"hello",
            version=b"1.0",
        ),
        Expect(200, b"hello"),
        end=CLOSED,
    ),
    case("another expectation", get("/hello", b"Expect: 200-ok"), 417, end=EITHER, handled=0),
)


ALL = {
    "length": LENGTHS,
    "chunks": CHUNKS,
    "upload": BAD_UPLOADS,
    "coding": CODINGS,
    "expectation": EXPECTATIONS,
}
