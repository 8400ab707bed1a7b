"""Code and pages over Wi-Fi."""

import base64
import hashlib
import socket

import pytest

from .client import PASSWORDS, Client, basic, wait_until, with_drive


@pytest.fixture
def board(boards, vm):
    return with_drive(boards(vm=vm, settings=PASSWORDS))


def digest(content):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def put(board, path, content, **headers):
    fields = {"Authorization": basic(), "Content-Digest": digest(content), **headers}
    return Client(board)("PUT", "/api/deploy/" + path, content, headers=fields, timeout=60)


def delete(board, path):
    return Client(board, Authorization=basic())("DELETE", "/api/deploy/" + path)


def content(board, path):
    file = board.drive / path
    return file.read_bytes() if file.is_file() else None


def leftovers(board):
    return [path.name for path in board.drive.rglob("*.new")]


def test_a_new_file_and_its_replacement(board):
    first = bytes(range(256)) * 40
    answer = put(board, "www/deep/er/file.bin", first)
    assert answer.status == 201
    assert answer.json == {"path": "www/deep/er/file.bin", "size": len(first)}
    assert content(board, "www/deep/er/file.bin") == first
    answer = put(board, "www/deep/er/file.bin", b"second")
    assert answer.status == 200
    assert content(board, "www/deep/er/file.bin") == b"second"
    assert delete(board, "www/deep/er/file.bin").json == {"deleted": "www/deep/er/file.bin"}
    assert not (board.drive / "www/deep").exists()
    assert (board.drive / "www").is_dir()
    assert leftovers(board) == []
    log = Client(board).log()
    assert "Deployed www/deep/er/file.bin" in log and "Deleted www/deep/er/file.bin" in log


def test_an_empty_file(board):
    assert put(board, "www/empty.txt", b"").status == 201
    assert content(board, "www/empty.txt") == b""


def test_a_file_larger_than_the_memory(boards):
    board = with_drive(boards(vm="micropython", settings=PASSWORDS, clusters=1900))
    large = hashlib.sha256(b"x").digest() * 8000
    assert put(board, "www/large.bin", large).status == 201
    assert content(board, "www/large.bin") == large


def test_chunked(board):
    def pieces():
        yield b"one "
        yield b"two"

    answer = put(board, "www/c.txt", b"one two")
    assert answer.status == 201
    fields = {"Authorization": basic(), "Content-Digest": digest(b"one two")}
    answer = Client(board)("PUT", "/api/deploy/www/d.txt", pieces(), headers=fields)
    assert answer.status == 201
    assert content(board, "www/d.txt") == b"one two"


def test_a_wrong_hash_changes_nothing(board):
    before = content(board, "code.py")
    for wrong in (
        digest(b"other"),
        "sha-256=:AAAA:",
        "sha-256=AAAA",
        "sha-512=:AAAA:",
        "sha-256=:!!!!:",
        "",
        None,
    ):
        answer = put(board, "code.py", b"x = 1\n", **{"Content-Digest": wrong})
        assert answer.status == 400, wrong
        assert "SHA-256" in answer.json["error"]
        assert put(board, "www/x/new.txt", b"x", **{"Content-Digest": wrong}).status == 400
    assert content(board, "code.py") == before
    assert not (board.drive / "www/x").exists()
    assert leftovers(board) == []


def test_several_digests(board):
    fields = {"Content-Digest": f"sha-512=:AAAA:, {digest(b'x')}"}
    assert put(board, "www/x.txt", b"x", **fields).status == 201


def test_the_later_of_two_uploads_wins(board):
    """Two uploads of one file would write to one NAME.new. The first is most likely that of the
    same client, whose connection broke."""
    body = b"x" * 20000
    with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as link:
        link.sendall(upload_head(board, body) + body[:10000])
        wait_until(lambda: leftovers(board))
        assert delete(board, "www/index.html.gz").status == 409
        assert put(board, "www/other.txt", b"other").status == 201
        assert put(board, "www/index.html.gz", b"second").status == 200
        assert content(board, "www/index.html.gz") == b"second"
        link.sendall(body[10000:])
        assert b" 409 " in link.recv(1000)
    assert content(board, "www/index.html.gz") == b"second"
    assert put(board, "www/index.html.gz", b"third").status == 200
    assert leftovers(board) == []


def test_a_client_that_goes_after_its_upload(board):
    """A file that was received whole takes its place, even if the client leaves before the answer."""
    body = b"x" * 20000
    with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as link:
        link.sendall(upload_head(board, body) + body)
    wait_until(lambda: content(board, "www/index.html.gz") == body or not leftovers(board))
    wait_until(lambda: put(board, "www/index.html.gz", b"other").status == 200)
    assert leftovers(board) == []


def upload_head(board, body):
    return (
        f"PUT /api/deploy/www/index.html.gz HTTP/1.1\r\nHost: {Client(board).host}\r\n"
        f"Authorization: {basic()}\r\nContent-Digest: {digest(body)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()


def test_a_vanished_client_changes_nothing(board):
    before = content(board, "www/index.html.gz")
    body = b"x" * 20000
    head = upload_head(board, body)
    for sent in (0, 1, 10000, 19999):
        with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as link:
            link.sendall(head + body[:sent])
            if sent > 1:
                wait_until(lambda: leftovers(board) == ["index.html.gz.new"])
        wait_until(lambda: leftovers(board) == [])
        assert content(board, "www/index.html.gz") == before
    assert Client(board).status()["errors"] == 0


def test_power_fails_during_the_upload(board):
    before = content(board, "www/index.html.gz")
    body = b"x" * 20000
    head = upload_head(board, body)
    with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as link:
        link.sendall(head + body[:10000])
        wait_until(lambda: leftovers(board))
        board.stop()
    board.power_cycle()
    assert leftovers(board) == []
    assert content(board, "www/index.html.gz") == before


OTHER_PATHS = [
    "settings.toml",
    "settings.toml.new",
    "boot_out.txt",
    "safemode.py",
    "data/2026-11-24.csv",
    "www",
    "www/",
    "lib/",
    "/www/x.txt",
    "www//x.txt",
    "../settings.toml",
    "www/../settings.toml",
    "www/%2e%2e/settings.toml",
    "www/..%2fsettings.toml",
    "www/..%5csettings.toml",
    "www/.hidden",
    "www/.x/y",
    "www/x.txt.new",
    "www/x.txt.NEW",
    "www/x.txt.",
    "www/x%20y.txt",
    "www/x%00y.txt",
    "www/x%0ay.txt",
    "www/%C3%BC.txt",
    "www/x:y",
    "www/x~1.txt",
    "WWW/x.txt",
    "Code.py",
    "CODE.PY",
    "code.py/x",
    "lib/a/b/c/d/e/f/g.py",
    "www/" + "x" * 200,
    "sd/x.txt",
]


def test_other_paths_are_refused(board):
    before = {file: file.read_bytes() for file in board.drive.rglob("*") if file.is_file()}
    for path in OTHER_PATHS:
        for answer in (put(board, path, b"owned"), delete(board, path)):
            assert answer.status in (400, 403, 404), (path, answer)
    after = {file: file.read_bytes() for file in board.drive.rglob("*") if file.is_file()}
    assert after == before


def test_listing(board):
    put(board, "www/extra.txt", b"hello")
    listed = Client(board).get("/api/deploy", timeout=60).json
    found = {entry["path"]: entry for entry in listed["files"]}
    expected = {
        file.relative_to(board.drive).as_posix(): file.read_bytes()
        for folder in ("www", "lib")
        for file in (board.drive / folder).rglob("*")
        if file.is_file()
    }
    for name in ("code.py", "boot.py"):
        expected[name] = content(board, name)
    assert set(found) == set(expected)
    for path, body in expected.items():
        assert found[path]["size"] == len(body)
        assert found[path]["sha256"] == hashlib.sha256(body).hexdigest(), path
    assert listed["free"] == Client(board).status()["drive"]["free"]


def test_no_room(board):
    free = Client(board).status()["drive"]["free"]
    before = content(board, "www/index.html.gz")
    answer = put(board, "www/index.html.gz", bytes(free - 512))
    assert answer.status == 507
    assert "room" in answer.json["error"]
    assert content(board, "www/index.html.gz") == before
    assert leftovers(board) == []
    assert put(board, "www/x.bin", bytes(500000)).status == 413


def test_off_with_the_shipped_passwords(boards):
    for settings in (
        {"AP_PASSWORD": PASSWORDS["AP_PASSWORD"]},
        {"ADMIN_PASSWORD": PASSWORDS["ADMIN_PASSWORD"]},
    ):
        board = with_drive(boards(settings=settings))
        password = settings.get("ADMIN_PASSWORD", "datalogger")
        answer = put(board, "www/x.txt", b"x", Authorization=basic(password))
        assert answer.status == 409 and "password" in answer.json["error"]
        answer = Client(board, Authorization=basic(password))("DELETE", "/api/deploy/code.py")
        assert answer.status == 409
        assert content(board, "code.py")


def test_off_with_a_low_battery(boards):
    board = with_drive(boards(settings={**PASSWORDS, "LOW_BATTERY_VOLTS": "3.3"}))
    board.change(voltage=3.0)
    client = Client(board, Authorization=basic())
    status = wait_until(lambda: (found := client.status())["battery"]["low"] and found)
    assert status["battery"]["limit"] == 3.3 and status["battery"]["volts"] == pytest.approx(
        3, abs=0.1
    )
    for answer in (
        put(board, "www/x.txt", b"x"),
        client("DELETE", "/api/deploy/www/index.html.gz"),
        client.put_settings(LIVE_SECONDS=3),
        client("PUT", "/api/settings.toml", "LIVE_SECONDS = 3\n"),
    ):
        assert answer.status == 409
        assert "battery" in answer.json["error"]
    assert client("PUT", "/api/settings.toml?preview", "LIVE_SECONDS = 3\n").status == 200
    assert client.status()["recorder"]["state"] == "recording"
    board.change(voltage=4.9)
    wait_until(lambda: client.put_settings(LIVE_SECONDS=3).status == 200)


def test_new_code_runs_after_a_restart(board):
    code = content(board, "code.py").replace(b'"""Starts', b'print("deployed code")\n"""Starts')
    assert put(board, "code.py", code).status == 200
    assert "deployed code" not in board.output()
    Client(board, Authorization=basic())("POST", "/api/restart", "{}")
    board.wait_until_listening(2)
    assert "deployed code" in board.output()
    assert Client(board).status()["errors"] == 0
