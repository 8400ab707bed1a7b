"""The pages as the board serves them."""

import gzip

import pytest

from .client import Client, raw

POLICY = "Content-Security-Policy"


@pytest.fixture
def board(boards, vm):
    return boards(
        vm=vm,
        files={
            "www/.hidden": "hidden",
            "www/half.txt.new": "half",
            "www/sub/plain.txt": "plain",
            "www/.dir/x.txt": "hidden",
            "secret.txt": "secret",
            "data/boot-9.csv": "seconds,a\n1,2\n",
        },
        usb="mounted",
    )


def test_the_index(board):
    answer = Client(board).get("/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(answer.body).lower()
    assert Client(board).get("/index.html", headers={"Accept-Encoding": "gzip"}).body == answer.body


def test_headers(board):
    headers = Client(board).get("/").headers
    policy = headers[POLICY]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    capitals = Client(board).get("/INDEX.HTML").headers  # FAT knows no case
    assert capitals[POLICY] == policy and capitals["X-Frame-Options"] == "DENY"
    for path in ("/", "/sub/plain.txt"):
        headers = Client(board).get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_second_visit_costs_little(board):
    first = Client(board).get("/", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Cache-Control"] == "no-cache"
    again = Client(board)("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304 and again.body == b""
    request = (
        f"GET / HTTP/1.1\r\nHost: {Client(board).host}\r\nAccept-Encoding: gzip\r\n"
        f"If-None-Match: {first.headers['ETag']}\r\nConnection: close\r\n\r\n"
    )
    assert len(raw(board, request.encode())) < 600
    versioned = Client(board).get("/sub/plain.txt?v=1a2b").headers["Cache-Control"]
    assert "immutable" in versioned and "max-age=31536000" in versioned
    assert Client(board).get("/sub/plain.txt?x=1").headers["Cache-Control"] == "no-cache"


def test_missing_pages_are_not_kept(board):
    answer = Client(board)("GET", "/missing.js?v=1")
    assert answer.status == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_person_who_opens_what_is_not_there_gets_a_page(board):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = Client(board)("GET", "/nothing", headers=browser)
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"There is nothing here" in answer.body
    for path, headers in (("/nothing", {"Accept": "*/*"}), ("/api/nothing", browser)):
        assert "error" in Client(board)("GET", path, headers=headers).json


HOSTILE_PATHS = [
    "/secret.txt",
    "/../secret.txt",
    "/../settings.toml",
    "/sub/../../secret.txt",
    "/sub/..%2f..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%5csecret.txt",
    "/%252e%252e/secret.txt",
    "//secret.txt",
    "//etc/passwd",
    "/./sub/plain.txt",
    "/sub//plain.txt",
    "/sub/plain.txt/",
    "/sub/plain.txt.",
    "/sub/plain.txt%20",
    "/sub/plain.txt%00",
    "/sub/plain.txt%00.html",
    "/sub/plain.txt%0a",
    "/sub",
    "/sub/",
    "/.hidden",
    "/%2ehidden",
    "/.dir/x.txt",
    "/half.txt.new",
    "/half.txt.NEW",
    "/half.txt",
    "/~",
    "/SUB~1/PLAIN.TXT",
    "/%c3%bc",
    "/%ff",
    "/%",
    "/%zz",
    "/" + "a" * 500,
    "/" + "a/" * 250,
    "/lib/datalogger/clock.py",
    "/code.py",
    "/data/boot-9.csv",
    "/boot_out.txt",
]


def test_no_path_leaves_the_pages(board):
    for path in HOSTILE_PATHS:
        request = f"GET {path} HTTP/1.1\r\nHost: {Client(board).host}\r\nConnection: close\r\n\r\n"
        answer = raw(board, request.encode("latin-1"))
        assert int(answer.split()[1]) in (400, 404, 414), (path, answer[:200])
        for secret in (b"secret", b"hidden", b"plain", b"root:", b"PASSWORD", b"half"):
            assert secret not in answer.partition(b"\r\n\r\n")[2], path


def test_absolute_paths_of_requests(board):
    host = Client(board).host
    request = (
        f"GET http://{host}/sub/plain.txt HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    assert raw(board, request.encode()).endswith(b"plain")


def test_five_visitors_at_once(board):
    import threading

    sizes = []

    def visit():
        client = Client(board, **{"Accept-Encoding": "gzip"})
        sizes.append(len(client.get("/uplot/uPlot.js", timeout=60).body))

    visitors = [threading.Thread(target=visit) for _ in range(5)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(sizes) == 5 and len(set(sizes)) == 1 and sizes[0] > 10000
