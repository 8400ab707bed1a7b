"""The rows of the contract's table "Files"."""

import gzip
import os
import re

from .cases import CLOSED, EITHER, Expect, case, get, request
from .cases_requests import HELLO

PLAIN = b"".join(b"line %04d\r\n" % number for number in range(150))  # longer than one segment
LARGE = bytes(index * 7 % 251 for index in range(100_000))
STYLE = b"body { color: black }\n" * 100
LONG_AGO = 1_700_000_000
_ZIPPED = {}


def zipped(data):
    """The data compressed, the same bytes each time."""
    return _ZIPPED.setdefault(data, gzip.compress(data, mtime=0))


TYPES = {
    "html": "text/html",
    "htm": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "svg": "image/svg\\+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "bmp": "image/bmp",
    "avif": "image/avif",
    "gif": "image/gif",
    "ico": "image/(x-icon|vnd.microsoft.icon)",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "woff": "font/woff",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "zip": "application/zip",
    "txt": "text/plain",
    "csv": "text/csv",
    "xml": "(application|text)/xml",
    "webmanifest": "application/manifest\\+json",
    "wasm": "application/wasm",
    "pdf": "application/pdf",
    "gz": "application/(gzip|x-gzip)",
    "log": "text/plain",
    "bin": "application/octet-stream",
}


def make_files(folder):
    """Write the files that the cases ask for."""
    (folder / "plain.txt").write_bytes(PLAIN)
    (folder / "large.bin").write_bytes(LARGE)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "one.bin").write_bytes(b"1")
    (folder / "only.html.gz").write_bytes(zipped(b"<p>only</p>"))
    (folder / "both.css").write_bytes(STYLE)
    (folder / "both.css.gz").write_bytes(zipped(STYLE))
    (folder / "short.js.gz").write_bytes(b"short")  # too short to have gzip's trailer
    (folder / "größe x.txt").write_bytes(b"named")
    (folder / "no-suffix").write_bytes(b"nothing to go by")
    (folder / "folder").mkdir()
    (folder / "folder" / "inside.txt").write_bytes(b"inside")
    (folder / "folder.gz").mkdir()
    for suffix in TYPES:
        (folder / f"type.{suffix}").write_bytes(suffix.encode())
    for path in folder.rglob("*"):  # a file that has just changed gets no tag
        os.utime(path, (LONG_AGO, LONG_AGO))


_GZIP = [("content-encoding", "gzip"), ("vary", re.compile(".*accept-encoding.*", re.IGNORECASE))]
_PLAINLY = [("content-encoding", None)]
_ACCEPT = b"Accept-Encoding: gzip, deflate, br"
_REFUSE = b"Accept-Encoding: identity"
_STYLE_ZIPPED = Expect(200, zipped(STYLE), _GZIP)
_STYLE_PLAIN = Expect(200, STYLE, _PLAINLY)
_SIZE = len(PLAIN)


def _either_style(body):
    assert body in (STYLE, zipped(STYLE))


SENT = (
    case("file", get("/file/plain.txt"), Expect(200, PLAIN, [("content-length", str(_SIZE))])),
    case("large file", get("/file/large.bin"), Expect(200, LARGE)),
    case("large file with its own buffer size", get("/typed-file/large.bin"), Expect(200, LARGE)),
    case("empty file", get("/file/empty.txt"), Expect(200, b"", [("content-length", "0")])),
    case("file of one byte", get("/file/one.bin"), Expect(200, b"1")),
    case(
        "files in a pipeline",
        get("/file/plain.txt") * 3 + get("/hello"),
        *[Expect(200, PLAIN)] * 3,
        HELLO,
    ),
    case("file in 1.0", get("/file/plain.txt", version=b"1.0"), Expect(200, PLAIN), end=CLOSED),
    case("file in a folder", get("/file/folder/inside.txt"), Expect(200, b"inside")),
    case("doubled slash", get("/file//plain.txt"), Expect(200, PLAIN)),
    case("name that needs decoding", get("/file/gr%C3%B6%C3%9Fe%20x.txt"), Expect(200, b"named")),
    case("missing file", get("/file/missing.txt"), 404),
    case("folder", get("/file/folder"), 404),
    case("folder with a slash", get("/file/folder/"), 404),
    case("the folder of all", get("/file/"), 404),
    case(
        "HEAD of a file",
        request(b"HEAD", "/file/plain.txt"),
        Expect(200, b"", [("content-length", str(_SIZE))], "HEAD"),
    ),
    case(
        "HEAD of a missing file",
        request(b"HEAD", "/file/missing.txt"),
        Expect(404, b"", method="HEAD"),
    ),
    case(
        "caching header",
        get("/cached-file/plain.txt"),
        Expect(200, PLAIN, [("cache-control", "max-age=2592000")]),
    ),
    case(
        "no caching header when missing",
        get("/cached-file/missing.txt"),
        Expect(404, None, [("cache-control", None)]),
    ),
    case(
        "no caching header of a folder",
        get("/cached-file/folder"),
        Expect(404, None, [("cache-control", None)]),
    ),
    case(
        "given type",
        get("/typed-file/plain.txt"),
        Expect(200, PLAIN, [("content-type", "application/octet-stream")]),
    ),
    case(
        "no suffix",
        get("/file/no-suffix"),
        Expect(200, None, [("content-type", "application/octet-stream")]),
    ),
)

COMPRESSED = (
    case(
        "only compressed",
        get("/file/only.html", _ACCEPT),
        Expect(200, zipped(b"<p>only</p>"), _GZIP),
    ),
    case(
        "only compressed, type",
        get("/file/only.html"),
        Expect(200, None, [("content-type", re.compile("text/html.*"))]),
    ),
    case(
        "only compressed, not accepted",
        get("/file/only.html", _REFUSE),
        Expect(200, zipped(b"<p>only</p>"), _GZIP),
    ),
    case("compressed preferred", get("/file/both.css", _ACCEPT), _STYLE_ZIPPED),
    case(
        "compressed accepted alone", get("/file/both.css", b"Accept-Encoding: gzip"), _STYLE_ZIPPED
    ),
    case(
        "compressed accepted in capitals",
        get("/file/both.css", b"Accept-Encoding: GZIP"),
        _STYLE_ZIPPED,
    ),
    case(
        "compressed accepted by weight",
        get("/file/both.css", b"Accept-Encoding: br;q=1.0, gzip;q=0.8"),
        _STYLE_ZIPPED,
    ),
    case("not accepted", get("/file/both.css", _REFUSE), _STYLE_PLAIN),
    case("weight of zero", get("/file/both.css", b"Accept-Encoding: gzip;q=0"), _STYLE_PLAIN),
    case(
        "weight of zero with a fraction",
        get("/file/both.css", b"Accept-Encoding: gzip; q=0.000"),
        _STYLE_PLAIN,
    ),
    case("any accepted", get("/file/both.css", b"Accept-Encoding: *"), Expect(200, _either_style)),
    case(
        "nothing accepted", get("/file/both.css", b"Accept-Encoding:"), Expect(200, _either_style)
    ),
    case("nothing said", get("/file/both.css"), Expect(200, _either_style)),
    case(
        "compressed HEAD",
        request(b"HEAD", "/file/both.css", _ACCEPT),
        Expect(200, b"", [*_GZIP, ("content-length", str(len(zipped(STYLE))))], "HEAD"),
    ),
    case(
        "no range of a compressed file",
        get("/file/both.css", _ACCEPT, b"Range: bytes=0-9"),
        _STYLE_ZIPPED,
    ),
    case(
        "range of its plain file",
        get("/file/both.css", _REFUSE, b"Range: bytes=0-9"),
        Expect((200, 206), lambda body: None),
    ),
    case("compressed without trailer", get("/file/short.js", _ACCEPT), Expect(200, b"short")),
    case(
        "asked for by its whole name",
        get("/file/only.html.gz"),
        Expect(200, zipped(b"<p>only</p>")),
    ),
)

CONTENT_TYPES = tuple(
    case(
        f"type of .{suffix}",
        get(f"/file/type.{suffix}"),
        Expect(200, suffix.encode(), [("content-type", re.compile(f"{kind}(;.*)?"))]),
    )
    for suffix, kind in TYPES.items()
)


def _range(name, value, body, content_range):
    return case(
        f"range {name}",
        get("/file/plain.txt", b"Range: " + value),
        Expect(
            206,
            body,
            [
                ("content-range", f"bytes {content_range}/{_SIZE}"),
                ("content-length", str(len(body))),
            ],
        ),
    )


def _no_range(name, *headers):
    sent = get("/file/plain.txt", *headers)
    return case(f"range {name}", sent, Expect(200, PLAIN, [("content-range", None)]))


def _beyond(name, value, path="/file/plain.txt", size=_SIZE):
    return case(
        f"range {name}",
        get(path, b"Range: " + value),
        Expect(416, None, [("content-range", f"bytes */{size}")]),
    )


_LAST = _SIZE - 1

RANGES = (
    _range("from the start", b"bytes=0-9", PLAIN[:10], "0-9"),
    _range("of one byte", b"bytes=0-0", PLAIN[:1], "0-0"),
    _range("in the middle", b"bytes=100-1599", PLAIN[100:1600], "100-1599"),
    _range("to the end", b"bytes=100-", PLAIN[100:], f"100-{_LAST}"),
    _range("of all", b"bytes=0-", PLAIN, f"0-{_LAST}"),
    _range("beyond the end", b"bytes=100-99999999", PLAIN[100:], f"100-{_LAST}"),
    _range("last byte", b"bytes=%d-" % _LAST, PLAIN[-1:], f"{_LAST}-{_LAST}"),
    _range("of the last ten", b"bytes=-10", PLAIN[-10:], f"{_SIZE - 10}-{_LAST}"),
    _range("of more than there is", b"bytes=-99999", PLAIN, f"0-{_LAST}"),
    _beyond("past the end", b"bytes=%d-" % _SIZE),
    _beyond("far past the end", b"bytes=99999999-99999999"),
    _beyond("of the last none", b"bytes=-0"),
    _beyond("of an empty file", b"bytes=0-", "/file/empty.txt", 0),
    _no_range("of several parts", b"Range: bytes=0-1,5-6"),
    _no_range("of another unit", b"Range: lines=0-1"),
    _no_range("backwards", b"Range: bytes=9-5"),
    _no_range("without numbers", b"Range: bytes=-"),
    _no_range("with letters", b"Range: bytes=a-b"),
    _no_range("with sign", b"Range: bytes=+1-5"),
    _no_range("with underscore", b"Range: bytes=1_0-20"),
    _no_range("without unit", b"Range: 0-9"),
    _no_range("without equals", b"Range: bytes 0-9"),
    _no_range("that is empty", b"Range:"),
    _no_range("with another If-Range", b"Range: bytes=0-9", b'If-Range: "another"'),
    _no_range(
        "with a date as If-Range", b"Range: bytes=0-9", b"If-Range: Mon, 02 Jan 2023 03:04:05 GMT"
    ),
    _range("in capitals", b"BYTES=0-9", PLAIN[:10], "0-9"),
    _range("with a capital", b"Bytes=0-9", PLAIN[:10], "0-9"),
    case("range with spaces", get("/file/plain.txt", b"Range: bytes= 0-9"), (200, 206)),
    case(
        "range of huge numbers",
        get("/file/plain.txt", b"Range: bytes=" + b"9" * 400 + b"-"),
        (200, 416),
    ),
    case(
        "range and HEAD",
        request(b"HEAD", "/file/plain.txt", b"Range: bytes=0-9"),
        Expect((200, 206), b"", method="HEAD"),
    ),
    case("range of a missing file", get("/file/missing.txt", b"Range: bytes=0-9"), 404),
    case("range of what is no file", get("/hello", b"Range: bytes=0-1"), HELLO),
    case(
        "ranges are announced",
        get("/file/plain.txt"),
        Expect(200, PLAIN, [("accept-ranges", "bytes")]),
    ),
)

CONDITIONS = (
    case("If-None-Match: *", get("/file/plain.txt", b"If-None-Match: *"), Expect(304, b"")),
    case(
        "If-None-Match of another",
        get("/file/plain.txt", b'If-None-Match: "x"'),
        Expect(200, PLAIN),
    ),
    case("If-None-Match of a page that tells 404", get("/no-page", b"If-None-Match: *"), 404),
    case("range of a page that tells 404", get("/no-page", b"Range: bytes=0-9"), 404),
    case(
        "one FileResponse for two requests",
        get("/same-response") * 2,
        Expect(200, PLAIN),
        Expect(200, PLAIN),
    ),
    case("If-None-Match: * of a missing file", get("/file/missing.txt", b"If-None-Match: *"), 404),
    case("If-None-Match that is nonsense", get("/file/plain.txt", b"If-None-Match: ,,x"), 200),
    case(
        "If-None-Match in a POST",
        request(b"POST", "/file/plain.txt", b"If-None-Match: *"),
        405,
        end=EITHER,
    ),
)

ALL = {
    "sent": SENT,
    "compressed": COMPRESSED,
    "content type": CONTENT_TYPES,
    "ranges": RANGES,
    "conditions": CONDITIONS,
}
