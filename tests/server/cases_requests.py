"""The rows of the contract's table "Requests"."""

import json
import re

from .cases import (
    CLOSED,
    EITHER,
    ENDED,
    HOST,
    Each,
    Expect,
    case,
    get,
    post,
    request,
)

HELLO = Expect(200, b"hello")
LIMIT = 4096  # max_request_line_size of the bench
HEADERS = 50  # max_header_count of the bench

_TWO = get("/hello") + get("/json")
_TWO_ANSWERS = (HELLO, Expect(200, b'{"value": 1}'))


def inspected(**wanted):
    """Check what the handler was given, as /inspect reports it."""

    def check(body):
        seen = json.loads(body)
        for name, value in wanted.items():
            assert seen[name] == value, (name, seen)

    return check


def _headers_given(**wanted):
    def check(body):
        seen = json.loads(body)["headers"]
        for name, value in wanted.items():
            assert seen.get(name.replace("_", "-")) == value, (name, seen)

    return check


SPLITS = (
    case("plain", get("/hello"), HELLO),
    case("byte by byte", Each(get("/hello")), HELLO),
    case(
        "byte by byte with body", Each(post("/echo", b"\x00\r\n\xff")), Expect(200, b"\x00\r\n\xff")
    ),
    case("in sevens", Each(get("/hello", b"X-A: b"), 7), HELLO),
    case("two in one segment", _TWO, *_TWO_ANSWERS),
    case("two byte by byte", Each(_TWO), *_TWO_ANSWERS),
    case("two, the second cut", (_TWO[:-9], _TWO[-9:]), *_TWO_ANSWERS),
    case(
        "five pipelined with bodies",
        post("/echo", b"1")
        + get("/hello")
        + post("/echo", b"22")
        + post("/echo", b"")
        + get("/hello"),
        Expect(200, b"1"),
        HELLO,
        Expect(200, b"22"),
        Expect(200, b""),
        HELLO,
    ),
    case("one hundred pipelined", get("/value/7") * 100, *[Expect(200, b"/value/7")] * 100),
    case(
        "pipelined, the first big",
        get("/big") + get("/hello"),
        Expect(200, b"0123456789" * 3000),
        HELLO,
    ),
    case("line end cut", (b"GET /hello HTTP/1.1\r", b"\n" + HOST + b"\r", b"\n"), HELLO),
    case("header name cut", (b"GET /hello HTTP/1.1\r\nHo", b"st: board\r\n\r\n"), HELLO),
)

LINES = (
    case("empty line first", b"\r\n" + get("/hello"), HELLO),
    case("empty lines first", b"\r\n\r\n\n\r\n" + get("/hello"), HELLO),
    case("empty line between", (get("/hello") + b"\r\n" + get("/hello")), HELLO, HELLO),
    case("empty line after a body", (post("/echo", b"a") + b"\r\n" + get("/hello")), 200, HELLO),
    case("only LF", get("/hello").replace(b"\r\n", b"\n"), HELLO),
    case("LF and CRLF mixed", b"GET /hello HTTP/1.1\n" + HOST + b"X-A: b\n\r\n", HELLO),
    case(
        "only LF with body",
        post("/echo", b"body").replace(b"\r\n", b"\n"),
        Expect(200, b"body"),
    ),
)

TARGETS = (
    case("absolute form", get("http://board/hello"), HELLO),
    case("absolute form, capital scheme", get("HTTP://board/hello"), HELLO),
    case(
        "absolute form with port and query",
        get("http://board:80/inspect?a=b"),
        Expect(200, inspected(path="/inspect", query="a=b")),
    ),
    case("absolute form without path", get("http://board"), 404),
    case("absolute form with a query and no path", get("http://board?a=/hello"), 404),
    case(
        "OPTIONS *", request(b"OPTIONS", "*"), Expect(204, b"", [("allow", re.compile(".*GET.*"))])
    ),
    case(
        "OPTIONS of a path",
        request(b"OPTIONS", "/both"),
        Expect((200, 204), b"", [("allow", re.compile("(?=.*GET)(?=.*PUT)(?=.*DELETE).*"))]),
    ),
    case(
        "query is raw",
        get("/inspect?a=%20b&c=d+e?f"),
        Expect(200, inspected(path="/inspect", query="a=%20b&c=d+e?f")),
    ),
    case("no query", get("/inspect"), Expect(200, inspected(query=""))),
    case("empty query", get("/inspect?"), Expect(200, inspected(query=""))),
    case(
        "path is percent-decoded UTF-8",
        get("/gr%C3%B6%c3%9fe%20x"),
        Expect(200, "/größe x".encode()),
    ),
    case("plus in a path is a plus", get("/inspect+a"), Expect(200, inspected(path="/inspect+a"))),
    case(
        "encoded question mark",
        get("/inspect%3Fa"),
        Expect(200, inspected(path="/inspect?a", query="")),
    ),
    case("encoded percent", get("/inspect%2541"), Expect(200, inspected(path="/inspect%41"))),
    case("percent at the end", get("/inspect%"), (200, 400, 404), end=EITHER),
    case("percent without hex", get("/inspect%zz"), (200, 400, 404), end=EITHER),
    case("percent with sign", get("/inspect%+1"), (200, 400, 404), end=EITHER),
    case("percent-encoded non-UTF-8", get("/inspect%ff%fe"), (400, 404), end=EITHER),
    # More bytes than the character needs are not UTF-8: they would hide a slash or a NUL
    *(
        case(f"overlong {bad}", get("/inspect" + bad), 400, end=ENDED, handled=0)
        for bad in ("%C0%AF", "%C0%80", "%C1%81", "%E0%80%AF", "%E0%9F%BF", "%F0%80%80%AF")
    ),
    case(
        "the least characters of two, three and four bytes",
        get("/inspect%C2%80%E0%A0%80%F0%90%80%80"),
        Expect(200, inspected(path="/inspect\x80\u0800\U00010000")),
    ),
    case("percent-encoded NUL", get("/file/plain.txt%00"), (400, 404), end=EITHER),
    case("target without slash", get("hello"), (400, 404), end=EITHER),
    case("CONNECT", request(b"CONNECT", "board:80"), (400, 404, 405, 501), end=EITHER),
    case("fragment", get("/hello#top"), (200, 400, 404), end=EITHER),
    *(
        case(f"a path of {size} characters", get(path + "a" * size), (200, 404, 414), end=EITHER)
        for path in ("/inspect", "/file/")
        for size in (500, 1000, 3000)
    ),
)

VERSIONS = (
    case("1.0", get("/hello", version=b"1.0"), HELLO, end=CLOSED),
    case("1.0 without Host", b"GET /hello HTTP/1.0\r\n\r\n", HELLO, end=CLOSED),
    case(
        "1.0 keep-alive",
        get("/hello", b"Connection: keep-alive", version=b"1.0"),
        Expect(200, b"hello", [("connection", "keep-alive")]),
    ),
    case("1.0 Keep-Alive", get("/hello", b"Connection: Keep-Alive", version=b"1.0"), HELLO),
    case(
        "1.0 pieces", get("/pieces", version=b"1.0"), Expect(200, b"bytes array view!"), end=CLOSED
    ),
    case(
        "1.0 pieces, keep-alive",
        get("/pieces", b"Connection: keep-alive", version=b"1.0"),
        Expect(200, b"bytes array view!", [("transfer-encoding", None)]),
        end=CLOSED,
    ),
    case("2.0", get("/hello", version=b"2.0"), 505, end=ENDED),
    case("0.9", get("/hello", version=b"0.9"), 505, end=ENDED),
    case("3.0", get("/hello", version=b"3.0"), 505, end=ENDED),
    case("1.2 is served as 1.1 or refused", get("/hello", version=b"1.2"), (200, 505), end=EITHER),
    case("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, end=ENDED),
)


def _bad_line(name, line, status=400):
    return case(name, line + b"\r\n" + HOST + b"\r\n", status, end=ENDED, handled=0)


BAD_LINES = (
    _bad_line("no version", b"GET /hello"),
    _bad_line("no version, one space", b"GET /hello "),
    _bad_line("only a word", b"GET"),
    _bad_line("only spaces", b"   "),
    _bad_line("leading space", b" GET /hello HTTP/1.1"),
    _bad_line("no method", b"/hello HTTP/1.1"),
    _bad_line("text after the version", b"GET /hello HTTP/1.1 x"),
    _bad_line("space in the target", b"GET /hel lo HTTP/1.1"),
    _bad_line("version of one digit", b"GET /hello HTTP/1"),
    _bad_line("version of three digits", b"GET /hello HTTP/1.10"),
    _bad_line("version without a dot", b"GET /hello HTTP/11"),
    _bad_line("version with letters", b"GET /hello HTTP/a.b"),
    _bad_line("version with a sign", b"GET /hello HTTP/+1.1"),
    _bad_line("lower-case protocol", b"GET /hello http/1.1", (400, 505)),
    _bad_line("other protocol", b"GET /hello SPDY/1.1", (400, 505)),
    _bad_line("non-UTF-8 in the target", b"GET /hello\xff HTTP/1.1"),
    _bad_line("non-UTF-8 in the query", b"GET /hello?\xff\xfe HTTP/1.1"),
    _bad_line("non-UTF-8 in the method", b"G\xc3T /hello HTTP/1.1"),
    _bad_line("overlong in the query", b"GET /hello?\xc0\xaf HTTP/1.1"),
    _bad_line("NUL in the target", b"GET /hello\x00 HTTP/1.1"),
    _bad_line("NUL first", b"\x00GET /hello HTTP/1.1"),
    _bad_line("bare CR in the target", b"GET /hello\rx HTTP/1.1"),
    _bad_line("bare CR before the version", b"GET /hello \rHTTP/1.1"),
    _bad_line("tab as separator", b"GET\t/hello\tHTTP/1.1"),
    _bad_line("control character", b"GET /hel\x01lo HTTP/1.1"),
    _bad_line("separators in the method", b"G(E)T /hello HTTP/1.1", (400, 501)),
    _bad_line("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\xaf\x00\x00"),
    _bad_line("a port scanner's help", b"HELP"),
    _bad_line("junk", bytes(range(128, 200))),
    case("two spaces", b"GET  /hello HTTP/1.1\r\n" + HOST + b"\r\n", (200, 400), end=EITHER),
)

_LONG_LINE = b"GET /inspect?" + b"a" * (LIMIT - 24) + b" HTTP/1.1"  # 4094 bytes, 4096 with CRLF
assert len(_LONG_LINE) == LIMIT - 2

SIZES = (
    case("line as long as allowed", _LONG_LINE + b"\r\n" + HOST + b"\r\n", 200),
    _bad_line("line too long", b"GET /inspect?" + b"a" * (LIMIT - 21) + b" HTTP/1.1", 414),
    _bad_line("line far too long", b"GET /hello?" + b"a" * 3 * LIMIT + b" HTTP/1.1", 414),
    case("endless line", b"GET /" + b"a" * 2 * LIMIT, 414, end=ENDED, handled=0),
    case("endless line byte by byte", (b"GET /" + b"a" * LIMIT, Each(b"aaaa")), 414, end=ENDED),
    case("long header", get("/hello", b"X-A: " + b"a" * (LIMIT - 100)), HELLO),
    case("header too long", get("/hello", b"X-A: " + b"a" * LIMIT), 431, end=ENDED, handled=0),
    case("header name too long", get("/hello", b"A" * LIMIT + b": a"), 431, end=ENDED, handled=0),
    case(
        "endless header",
        b"GET /hello HTTP/1.1\r\nX-A: " + b"a" * 2 * LIMIT,
        431,
        end=ENDED,
        handled=0,
    ),
    case(
        "as many headers as allowed",
        get("/hello", *[b"X-%d: a" % i for i in range(HEADERS - 1)]),
        HELLO,
    ),
    case(
        "too many headers",
        get("/hello", *[b"X-%d: a" % i for i in range(HEADERS)]),
        431,
        end=ENDED,
        handled=0,
    ),
    case(
        "a head as long as allowed",
        get("/hello", *[b"X-%d: " % i + b"a" * 3995 for i in range(4)]),
        HELLO,
    ),
    case(
        "a head that is too long, of headers that are not",
        get("/hello", *[b"X-%d: " % i + b"a" * 3995 for i in range(5)]),
        431,
        end=ENDED,
        handled=0,
    ),
    case(
        "header repeated within the limit",
        get("/inspect", *[b"Cookie: a=%d" % i for i in range(3)]),
        Expect(200, _headers_given(cookie="a=0, a=1, a=2")),
    ),
    case(
        "header repeated beyond it",
        get("/hello", *[b"Cookie: " + b"a" * 1000] * 5),
        431,
        end=ENDED,
        handled=0,
    ),
    case(
        "endless headers",
        get("/hello", *[b"X: a"] * 500)[:-2],
        431,
        end=ENDED,
        handled=0,
    ),
)


def _bad_header(name, line, status=400):
    return case(name, get("/hello", line), status, end=ENDED, handled=0)


HEADER_FIELDS = (
    _bad_header("without colon", b"Nonsense"),
    _bad_header("space before the colon", b"X-A : b"),
    _bad_header("tab before the colon", b"X-A\t: b"),
    _bad_header("empty name", b": b"),
    _bad_header("space in the name", b"X A: b"),
    _bad_header("separator in the name", b"X(A): b"),
    _bad_header("slash in the name", b"X/A: b"),
    _bad_header("control character in the name", b"X\x01A: b"),
    _bad_header("non-ASCII name", "Größe: b".encode()),
    _bad_header("folded", b"X-A: b\r\n c"),
    _bad_header("folded with tab", b"X-A: b\r\n\tc"),
    _bad_header("control character in the value", b"X-A: b\x01c"),
    _bad_header("NUL in the value", b"X-A: b\x00c"),
    _bad_header("DEL in the value", b"X-A: b\x7fc"),
    _bad_header("bare CR in the value", b"X-A: b\rc"),
    _bad_header("bare CR before the end", b"X-A: b\r"),
    _bad_header("faulty last header", b"X-A: b\r\nNonsense"),
    case(
        "first line folded",
        b"GET /hello HTTP/1.1\r\n " + HOST + b"\r\n",
        400,
        end=ENDED,
        handled=0,
    ),
    case(
        "tab in the value", get("/inspect", b"X-A: b\tc"), Expect(200, _headers_given(x_a="b\tc"))
    ),
    case(
        "no space after the colon", get("/inspect", b"X-A:b"), Expect(200, _headers_given(x_a="b"))
    ),
    case(
        "spaces around the value",
        get("/inspect", b"X-A: \t b \t"),
        Expect(200, _headers_given(x_a="b")),
    ),
    case("empty value", get("/inspect", b"X-A:"), Expect(200, _headers_given(x_a=""))),
    case(
        "colons in the value",
        get("/inspect", b"X-A: b:c::"),
        Expect(200, _headers_given(x_a="b:c::")),
    ),
    case(
        "names become lower-case",
        get("/inspect", b"X-AbC: De"),
        Expect(200, _headers_given(x_abc="De")),
    ),
    case("all token characters", get("/hello", b"!#$%&'*+-.^_`|~09azAZ: b"), HELLO),
    case("UTF-8 in the value", get("/inspect", "X-A: é".encode()), (200, 400), end=EITHER),
    case("Latin-1 in the value", get("/hello", b"X-A: \xe9"), (200, 400), end=EITHER),
    case("a header twice", get("/hello", b"X-A: b", b"X-A: c"), HELLO),
)

HOSTS = (
    case("no Host", b"GET /hello HTTP/1.1\r\n\r\n", 400, end=ENDED, handled=0),
    case(
        "no Host, other headers", b"GET /hello HTTP/1.1\r\nX: y\r\n\r\n", 400, end=ENDED, handled=0
    ),
    case("two Hosts", get("/hello", b"Host: other"), 400, end=ENDED, handled=0),
    case("the same Host twice", get("/hello", b"Host: board"), 400, end=ENDED, handled=0),
    case("empty Host", b"GET /hello HTTP/1.1\r\nHost:\r\n\r\n", HELLO),
    case("two Hosts in 1.0", get("/hello", b"Host: x", version=b"1.0"), (200, 400), end=CLOSED),
)


_ALLOW_BOTH = re.compile(r"(?=.*\bGET\b)(?=.*\bPUT\b)(?=.*\bDELETE\b)(?!.*\bPOST\b).*")

ROUTES = (
    case("404", get("/missing"), 404, handled=0),
    case("a prefix is no match", get("/value/7x"), 404, handled=0),
    case("nor is a suffix", get("/x/value/7"), 404, handled=0),
    case("first of alternatives", get("/alt-one"), Expect(200, b"/alt-one")),
    case("second of alternatives", get("/alt-two"), Expect(200, b"/alt-two")),
    case("more than the first alternative", get("/alt-onex"), 404, handled=0),
    case("more than the second alternative", get("/xx/alt-two"), 404, handled=0),
    case("a line end after the match", get("/hello%0a"), (400, 404), end=EITHER, handled=0),
    case("405", request(b"POST", "/both"), Expect(405, None, [("allow", _ALLOW_BOTH)]), handled=0),
    case(
        "405 for a known method",
        request(b"PATCH", "/hello"),
        Expect(405, None, [("allow", re.compile(".*GET.*"))]),
    ),
    case(
        "405 for HEAD of a POST route", request(b"HEAD", "/echo"), Expect(405, b"", method="HEAD")
    ),
    case("501", request(b"BREW", "/hello"), 501, end=EITHER, handled=0),
    case("methods are case-sensitive", request(b"get", "/hello"), 501, end=EITHER, handled=0),
    case(
        "501 for a very long method",
        request(b"A" * 500, "/hello"),
        (400, 501),
        end=EITHER,
        handled=0,
    ),
    case("another method of a path", request(b"DELETE", "/both"), Expect(200, b"delete")),
    case(
        "HEAD",
        request(b"HEAD", "/hello"),
        Expect(200, b"", [("content-length", "5")], method="HEAD"),
    ),
    case("HEAD of a missing path", request(b"HEAD", "/missing"), Expect(404, b"", method="HEAD")),
    case("HEAD of pieces", request(b"HEAD", "/pieces"), Expect(200, b"", method="HEAD")),
    case("HEAD of endless pieces", request(b"HEAD", "/endless"), Expect(200, b"", method="HEAD")),
    case(
        "HEAD of a fault", request(b"HEAD", "/raise"), Expect(500, b"", method="HEAD"), end=EITHER
    ),
    case(
        "HEAD, then GET",
        request(b"HEAD", "/big") + get("/hello"),
        Expect(200, b"", [("content-length", "30000")], method="HEAD"),
        HELLO,
    ),
    case("checked before the handler, refused", get("/guarded"), 403),
    case(
        "checked before the handler, let through",
        get("/guarded", b"X-Key: letmein"),
        Expect(200, b"yes"),
    ),
    case("default method is GET", get("/hello"), HELLO),
    case(
        "overlong UTF-8 in a form stays as it is",
        post("/form", b"v=a%C0%AFb"),
        Expect(200, b"a%C0%AFb"),
    ),
    case(
        "form values decoded", post("/form", b"v=a+b%C3%BC%26%3D"), Expect(200, "a bü&=".encode())
    ),
)

ALL = {
    "splits": SPLITS,
    "lines": LINES,
    "targets": TARGETS,
    "versions": VERSIONS,
    "bad line": BAD_LINES,
    "sizes": SIZES,
    "header fields": HEADER_FIELDS,
    "host": HOSTS,
    "routes": ROUTES,
}
