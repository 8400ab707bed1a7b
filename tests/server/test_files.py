"""Cases of files that a table can't express: requests that build on an answer, changing files."""

import json
import os
import time
import zlib

import pytest

from .cases import get, request
from .cases_files import LARGE, LONG_AGO, PLAIN, STYLE, zipped
from .client import Client
from .test_contract import answer_bystander, check_ended, settle

SEGMENT = 1460  # bytes, the most that one send is given
_IDENTITY = b"Accept-Encoding: identity"


@pytest.fixture
def client(bench):
    with Client(bench) as client:
        yield client
    settle(bench)


def tag_of(client, path, *headers):
    answer = client.request(get(path, *headers))
    assert answer.status == 200
    tag = answer.headers["etag"]
    assert tag.startswith('"') and tag.endswith('"'), "only a strong tag is good for Range"
    return tag.encode()


VALIDATED = {
    "plain": ("/file/plain.txt", ()),
    "compressed": ("/file/only.html", ()),
    "preferred compressed": ("/file/both.css", (b"Accept-Encoding: gzip",)),
    "plain beside compressed": ("/file/both.css", (_IDENTITY,)),
}


@pytest.mark.parametrize("name", VALIDATED)
@pytest.mark.parametrize("form", [b"%s", b"W/%s", b'"x", %s', b'%s , "y"', b'"a,b",%s'])
def test_known_tag_is_not_modified(client, name, form):
    path, headers = VALIDATED[name]
    tag = tag_of(client, path, *headers)
    answer = client.request(get(path, b"If-None-Match: " + form % tag, *headers))
    assert answer.status == 304 and answer.body == b""
    assert answer.headers["etag"].encode() == tag


@pytest.mark.parametrize("name", VALIDATED)
def test_other_tag_is_sent_in_full(client, name):
    path, headers = VALIDATED[name]
    tag = tag_of(client, path, *headers)
    for other in (tag[:-2] + b'x"', b'"x' + tag[1:], tag.strip(b'"')[:-1], b'""'):
        answer = client.request(get(path, b"If-None-Match: " + other, *headers))
        assert answer.status == 200, other


def test_tags_of_both_forms_differ(client):
    plain = tag_of(client, "/file/both.css", _IDENTITY)
    assert tag_of(client, "/file/both.css", b"Accept-Encoding: gzip") != plain


def test_head_has_the_headers_of_get(client):
    for path in ("/file/plain.txt", "/file/only.html", "/hello", "/json", "/text", "/file/none"):
        got = client.request(get(path)).headers
        head = client.request(request(b"HEAD", path), "HEAD").headers
        assert head == got, path


def test_head_of_known_tag(client):
    tag = tag_of(client, "/file/plain.txt")
    sent = request(b"HEAD", "/file/plain.txt", b"If-None-Match: " + tag)
    assert client.request(sent, "HEAD").status == 304


def test_if_none_match_comes_before_range(client):
    tag = tag_of(client, "/file/plain.txt")
    headers = (b"If-None-Match: " + tag, b"Range: bytes=0-9")
    assert client.request(get("/file/plain.txt", *headers)).status == 304


@pytest.mark.parametrize(
    "bench", [("cpython", "stock"), ("micropython", "stock")], indirect=True, ids="-".join
)
def test_a_files_odd_bytes_come_first(bench, client):
    """lwIP keeps a short segment until all before it are acknowledged (Nagle's algorithm), which
    clients do 40 to 200 ms later. So the first segment, before which there is none, is the short
    one: the head is in it, and no segment more is needed for that."""
    client.send(get("/file/large.bin"))
    sizes = []
    while sum(sizes) < len(LARGE) or len(client.received) > sum(sizes):
        client.step(1)
        client.read()
        if len(client.received) > sum(sizes):
            sizes.append(len(client.received) - sum(sizes))
    head = bytes(client.received).index(b"\r\n\r\n") + 4
    segments, odd = divmod(head + len(LARGE), SEGMENT)
    assert sizes == [odd] + [SEGMENT] * segments
    assert client.answer().body == LARGE


def test_interrupted_download_is_resumed(bench, client):
    tag = tag_of(client, "/file/large.bin")
    with Client(bench, receive_buffer=8192) as first:
        first.send(get("/file/large.bin"))
        first.wait(lambda: len(first.received) > 20000)
    begun = bytes(first.received).partition(b"\r\n\r\n")[2]
    resume = (b"Range: bytes=%d-" % len(begun), b"If-Range: " + tag)
    rest = client.request(get("/file/large.bin", *resume))
    assert rest.status == 206
    assert begun + rest.body == LARGE


def test_download_of_a_changed_file_is_not_resumed(bench, client, files):
    path = files / f"changing-{bench.vm}-{bench.kind}.csv"
    path.write_bytes(b"1,2\n" * 1000)
    os.utime(path, (LONG_AGO, LONG_AGO))
    tag = tag_of(client, f"/file/{path.name}")
    path.write_bytes(b"3,4\n" * 1001)
    resume = (b"Range: bytes=100-", b"If-Range: " + tag)
    answer = client.request(get(f"/file/{path.name}", *resume))
    assert (answer.status, answer.body) == (200, b"3,4\n" * 1001)


@pytest.mark.parametrize("when", ["now", "in a second", "clock unset", "clock unset for a year"])
def test_a_rewrite_of_equal_size_is_not_taken_for_the_same(bench, client, files, when):
    """Where the time of the last change can't distinguish two contents, there is no tag."""
    now = time.time()
    changed = {
        "now": now,
        "in a second": now + 1,
        "clock unset": 946684805,
        "clock unset for a year": 946684800 + 365 * 86400,
    }[when]
    path = files / f"rewritten-{bench.vm}-{bench.kind}.csv"
    for content in (b"1,2\n" * 1000, b"3,4\n" * 1000):
        path.write_bytes(content)
        os.utime(path, (changed, changed))
        answer = client.request(get(f"/file/{path.name}"))
        assert "etag" not in answer.headers
        assert answer.body == content
    for tag in (b'"fa0-%x"' % int(changed), b"None", b""):
        answer = client.request(get(f"/file/{path.name}", b"If-None-Match: " + tag))
        assert (answer.status, answer.body) == (200, content)
        resume = (b"Range: bytes=100-", b"If-Range: " + tag)
        answer = client.request(get(f"/file/{path.name}", *resume))
        assert (answer.status, answer.body) == (200, content)
    assert client.request(get(f"/file/{path.name}", b"If-None-Match: *")).status == 304
    assert client.request(get(f"/file/{path.name}", b"Range: bytes=100-")).status == 206


def test_a_file_that_was_changed_some_time_ago_has_a_tag(bench, client, files):
    path = files / f"settled-{bench.vm}-{bench.kind}.csv"
    path.write_bytes(b"1,2\n")
    changed = time.time() - 4
    os.utime(path, (changed, changed))
    tag = tag_of(client, f"/file/{path.name}")
    assert client.request(get(f"/file/{path.name}", b"If-None-Match: " + tag)).status == 304


@pytest.mark.parametrize("change", ["size", "time"])
def test_changed_file_has_another_tag(bench, client, files, change):
    path = files / f"changed-{change}-{bench.vm}-{bench.kind}.txt"
    path.write_bytes(b"old")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    tag = tag_of(client, f"/file/{path.name}")
    path.write_bytes(b"longer" if change == "size" else b"new")
    os.utime(path, (1_700_000_000, 1_700_000_000 + 2 * (change == "time")))
    answer = client.request(get(f"/file/{path.name}", b"If-None-Match: " + tag))
    assert answer.status == 200


def test_recompressed_file_has_another_tag(bench, client, files):
    path = files / f"recompressed-{bench.vm}-{bench.kind}.css.gz"
    path.write_bytes(zipped(STYLE))
    name = path.name[:-3]
    tag = tag_of(client, f"/file/{name}")
    path.write_bytes(zipped(STYLE[:-2] + b"!\n"))  # of the same size and perhaps the same second
    answer = client.request(get(f"/file/{name}", b"If-None-Match: " + tag))
    assert answer.status == 200


def _half_sent(bench, files, name):
    """A client that has received part of a file of 200 KB, and the path of the file."""
    path = files / f"{name}-{bench.vm}-{bench.kind}.bin"
    path.write_bytes(LARGE * 2)
    client = Client(bench, receive_buffer=8192)
    client.send(get(f"/file/{path.name}"))
    client.wait(lambda: len(client.received) > 5000)
    return client, path


def test_file_that_shrinks_ends_its_connection(bench, files):
    client, path = _half_sent(bench, files, "shrinking")
    with client:
        if bench.open_files():  # large buffers may have taken all of it
            os.truncate(path, 100)
            assert client.wait_closed()
            assert len(client.received) < len(LARGE) * 2
    answer_bystander(bench)
    settle(bench)


def test_file_that_grows_is_sent_as_announced(bench, files):
    client, path = _half_sent(bench, files, "growing")
    with client:
        with open(path, "ab") as file:
            file.write(b"more")
        answer = client.answer()
        assert answer.body == LARGE * 2
        assert client.request(get("/hello")).body == b"hello"
    settle(bench)


def test_file_that_is_removed_is_sent_or_ends_its_connection(bench, files):
    client, path = _half_sent(bench, files, "removed")
    with client:
        os.remove(path)
        answer = client.answer()
        assert not answer.complete or answer.body == LARGE * 2
    settle(bench)


def test_file_that_appears_is_found(bench, client, files):
    path = files / f"appearing-{bench.vm}-{bench.kind}.txt"
    assert client.request(get(f"/file/{path.name}")).status == 404
    path.write_bytes(b"now")
    assert client.request(get(f"/file/{path.name}")).body == b"now"


def test_files_at_once(bench):
    """Five downloads side by side, each whole."""
    clients = [Client(bench, receive_buffer=8192) for _ in range(5)]
    paths = ("large.bin", "plain.txt", "large.bin", "plain.txt", "large.bin")
    bodies = {"large.bin": LARGE, "plain.txt": PLAIN}
    for client, path in zip(clients, paths, strict=True):
        client.send(get(f"/file/{path}"))
    for client, path in zip(clients, paths, strict=True):
        assert client.answer().body == bodies[path]
        client.close()
    settle(bench)


@pytest.mark.parametrize("chunked", [False, True])
def test_upload_in_pieces(bench, chunked):
    """A streamed route gets every byte, in pieces no larger than the server's buffer."""

    if chunked:
        chunks = [LARGE[at : at + 3000] for at in range(0, len(LARGE), 3000)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
        header = b"Transfer-Encoding: chunked"
    else:
        body, header = LARGE, b"Content-Length: %d" % len(LARGE)
    with Client(bench) as client:
        client.send(request(b"PUT", "/upload/data", header, body=body))
        answer = client.answer("PUT")
        assert answer.status == 201
        stored = json.loads(answer.body)
        assert (stored["size"], stored["crc32"]) == (len(LARGE), zlib.crc32(LARGE))
        assert client.request(get("/hello")).body == b"hello"
    settle(bench)


@pytest.mark.parametrize(
    ("path", "status"),
    [("refused", 403), ("raising", 500), ("raising-midway", 500), ("enough", 409)],
)
def test_upload_that_ends_early(bench, path, status):
    """The answer comes, and the rest of the body is not taken for a request."""
    with Client(bench) as client:
        sent = request(b"PUT", f"/upload/{path}", b"Content-Length: 2000", body=get("/hello") * 4)
        client.send(sent)
        assert client.answer("PUT").status == status
        client.wait_closed(200)
        assert not client.received
    answer_bystander(bench)
    settle(bench)


def test_upload_over_its_limit(bench):
    with Client(bench) as client:
        client.send(request(b"PUT", "/upload/a", b"Content-Length: 300001"))
        assert client.answer("PUT").status == 413
        check_ended(client)
    settle(bench)


def test_empty_upload(bench):
    for header, body in (
        (b"Content-Length: 0", b""),
        (b"Transfer-Encoding: chunked", b"0\r\n\r\n"),
    ):
        with Client(bench) as client:
            answer = client.request(request(b"PUT", "/upload/a", header, body=body), "PUT")
            assert answer.status == 201 and b'"size": 0' in answer.body
    settle(bench)
