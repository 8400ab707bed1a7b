"""Code and pages over Wi-Fi."""

import hashlib
import socket
import threading

import pytest

from .client import PASSWORDS, Client, basic, wait_until, with_drive
from .updates import commit, delete, deploy, digest, put, stage


@pytest.fixture
def board(boards, vm):
    return with_drive(boards(vm=vm, settings=PASSWORDS))


def owner(board):
    return Client(board, Authorization=basic())


def content(board, path):
    file = board.drive / path
    return file.read_bytes() if file.is_file() else None


def waiting(board):
    """The names of the entries that wait."""
    return sorted(path.name for path in board.drive.glob("update/new/*"))


def ends(board):
    """Waits until the update is complete, which takes a minute of the board's time."""
    board.change(speed=20)
    wait_until(lambda: Client(board).status()["update"] == "", 60)
    board.change(speed=1)
    assert not list(board.drive.glob("update/*/*"))


@pytest.mark.daily
def test_an_update_is_one_step(boards, vm):
    board = with_drive(boards(vm=vm, settings=PASSWORDS))
    before = {path: content(board, path) for path in ("code.py", "www/index.html.gz")}
    files = {
        "code.py": before["code.py"] + b'print("new code")\n',
        "www/deep/er/file.bin": bytes(range(256)) * 40,
        "www/index.html.gz": None,
        "lib/datalogger/extra.py": b"",
    }
    stage(board, files)
    assert {path: content(board, path) for path in before} == before
    answer = commit(board, files)
    assert answer.status == 202
    assert answer.json == {"files": 4, "restarting": True, "way_back": True}
    board.wait_until_listening(2)
    for path, body in files.items():
        assert content(board, path) == body, path
    status = Client(board).status()
    assert status["update"] == "trial" and status["board"]["reset_reason"] == "SOFTWARE"
    ends(board)
    assert Client(board).status()["errors"] == 0
    with_drive(board)
    deploy(board, {"www/deep/er/file.bin": None, "www/index.html.gz": before["www/index.html.gz"]})
    wait_until(lambda: not (board.drive / "www/deep").exists())
    ends(board)
    assert len(board.events("power")) == 2  # pages need no restart


def test_pages_and_the_ladder_are_put_in_place_by_the_app(board):
    boot = content(board, "boot.py") + b"# newer\n"
    deploy(board, {"www/page.txt": b"page", "boot.py": boot, "lib/rescue/extra.py": b"x = 1\n"})
    ends(board)
    assert content(board, "www/page.txt") == b"page" and content(board, "boot.py") == boot
    assert content(board, "lib/rescue/extra.py") == b"x = 1\n"
    assert len(board.events("power")) == 1


def test_the_ladder_waits_until_the_rest_has_proven_itself(board):
    before = content(board, "boot.py")
    deploy(board, {"code.py": content(board, "code.py") + b"# n\n", "boot.py": before + b"# n\n"})
    board.wait_until_listening(2)
    assert content(board, "code.py").endswith(b"# n\n") and content(board, "boot.py") == before
    with_drive(board)
    ends(board)
    assert content(board, "boot.py") == before + b"# n\n"


def test_an_empty_file(board):
    deploy(board, {"www/empty.txt": b""})
    ends(board)
    assert content(board, "www/empty.txt") == b""


def test_a_file_larger_than_the_memory(boards):
    board = with_drive(boards(vm="micropython", settings=PASSWORDS, clusters=1900))
    large = hashlib.sha256(b"x").digest() * 8000
    deploy(board, {"www/large.bin": large})
    ends(board)
    assert content(board, "www/large.bin") == large


def test_chunked(board):
    def pieces():
        yield b"one "
        yield b"two"

    fields = {"Authorization": basic(), "Content-Digest": digest(b"one two")}
    answer = Client(board)("PUT", "/api/deploy/www/d.txt", pieces(), headers=fields)
    assert answer.status == 200 and answer.json == {"path": "www/d.txt", "size": 7}
    assert commit(board, {"www/d.txt": b"one two"}).status == 202
    ends(board)
    assert content(board, "www/d.txt") == b"one two"


def test_a_wrong_hash_changes_nothing(board):
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
    assert waiting(board) == []


def test_several_digests(board):
    fields = {"Content-Digest": f"sha-512=:AAAA:, {digest(b'x')}"}
    assert put(board, "www/x.txt", b"x", **fields).status == 200


def test_only_what_was_sent_is_committed(board):
    stage(board, {"www/a.txt": b"a", "www/b.txt": b"b"})
    for wrong in ({"www/a.txt": b"a"}, {"www/a.txt": b"b", "www/b.txt": b"b"}, {}):
        answer = commit(board, wrong)
        assert answer.status == 409 and "deploy again" in answer.json["error"]
    assert owner(board)("DELETE", "/api/deploy").json == {"dropped": True}
    assert waiting(board) == []
    assert commit(board, {"www/a.txt": b"a", "www/b.txt": b"b"}).status == 409


def test_what_waits_is_listed_and_survives_a_restart(board):
    stage(board, {"www/a.txt": b"a", "code.py": None})
    for _ in range(2):
        found = Client(board).get("/api/deploy", timeout=60).json
        hashed = hashlib.sha256(b"a").hexdigest()
        assert {one["path"]: one["sha256"] for one in found["waiting"]} == {
            "www/a.txt": hashed,
            "code.py": None,
        }
        board.power_cycle()
    assert content(board, "code.py")


def test_nothing_comes_during_a_trial(board):
    deploy(board, {"code.py": content(board, "code.py") + b"# new\n"})
    board.wait_until_listening(2)
    with_drive(board)
    for answer in (
        put(board, "www/x.txt", b"x"),
        delete(board, "code.py"),
        commit(board, {}),
        owner(board)("DELETE", "/api/deploy"),
    ):
        assert answer.status == 409 and "on trial" in answer.json["error"]
    ends(board)
    assert put(board, "www/x.txt", b"x").status == 200


def test_the_later_of_two_uploads_wins(board):
    """Two uploads of one file would write to one entry. The first is most likely the same
    client's, whose connection broke."""
    body = b"x" * 20000
    with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as link:
        link.sendall(upload_head(board, body) + body[:10000])
        wait_until(lambda: waiting(board))
        assert delete(board, "www/index.html.gz").status == 409
        assert commit(board, {}).status == 409
        assert put(board, "www/other.txt", b"other").status == 200
        assert put(board, "www/index.html.gz", b"second").status == 200
        link.sendall(body[10000:])
        assert b" 409 " in link.recv(1000)
    assert commit(board, {"www/index.html.gz": b"second", "www/other.txt": b"other"}).status == 202


def upload_head(board, body):
    return (
        f"PUT /api/deploy/www/index.html.gz HTTP/1.1\r\nHost: {Client(board).host}\r\n"
        f"Authorization: {basic()}\r\nContent-Digest: {digest(body)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()


def test_a_vanished_client_changes_nothing(board):
    body = b"x" * 20000
    head = upload_head(board, body)
    for sent in (0, 1, 10000, 19999):
        with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as link:
            link.sendall(head + body[:sent])
            if sent > 1:
                wait_until(lambda: waiting(board))
        wait_until(lambda: not waiting(board))
    assert Client(board).status()["errors"] == 0


def test_a_third_upload_at_once_is_told_to_wait(board):
    body = b"x" * 4000
    clients = []
    for path in (b"/www/one.txt", b"/www/two.txt"):
        client = socket.create_connection(("127.0.0.1", board.ports["tcp:80"]), 30)
        client.sendall(upload_head(board, body).replace(b"/www/index.html.gz", path) + body[:2000])
        clients.append(client)
    wait_until(lambda: len(waiting(board)) == 2)
    answer = put(board, "www/three.txt", b"3")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2"), answer
    for client in clients:
        client.close()
    wait_until(lambda: put(board, "www/three.txt", b"3").status == 200)


def test_power_fails_during_the_upload(board):
    body = b"x" * 20000
    with socket.create_connection(("127.0.0.1", board.ports["tcp:80"])) as link:
        link.sendall(upload_head(board, body) + body[:10000])
        wait_until(lambda: waiting(board))
        board.stop()
    board.power_cycle()
    with_drive(board)
    assert Client(board).get("/api/deploy", timeout=60).json["waiting"] == []
    deploy(board, {"www/index.html.gz": body})
    ends(board)
    assert content(board, "www/index.html.gz") == body


def test_a_folder_or_a_file_in_the_way_is_named(board):
    for path in ("www/uplot", "lib/datalogger", "code.py/x", "www/index.html.gz/x"):
        answer = put(board, path, b"x")
        assert answer.status in (403, 409), path
    assert put(board, "www/uplot", b"x").json["error"] == "There is a folder of that name."
    assert waiting(board) == []


OTHER_PATHS = [
    "settings.toml",
    "settings.toml.new",
    "boot_out.txt",
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
    listed = Client(board).get("/api/deploy", timeout=60).json
    found = {entry["path"]: entry for entry in listed["files"]}
    expected = {
        file.relative_to(board.drive).as_posix(): file.read_bytes()
        for folder in ("www", "lib")
        for file in (board.drive / folder).rglob("*")
        if file.is_file()
    }
    for name in ("code.py", "boot.py", "safemode.py"):
        expected[name] = content(board, name)
    assert set(found) == set(expected)
    for path, body in expected.items():
        assert found[path]["size"] == len(body)
        assert found[path]["sha256"] == hashlib.sha256(body).hexdigest(), path
    assert listed["free"] == Client(board).status()["drive"]["free"]


def test_no_room(board):
    free = Client(board).status()["drive"]["free"]
    answer = put(board, "www/index.html.gz", bytes(free - 200))
    assert answer.status == 507
    assert "room" in answer.json["error"]
    assert waiting(board) == []
    assert put(board, "www/x.bin", bytes(500000)).status == 413
    large = bytes(free // 2 - 2000)  # there is room for it once, while it waits, but not twice
    assert put(board, "www/x.bin", large).status == 200
    stage(board, {"www/y.bin": bytes(free // 4)})
    answer = commit(board, {"www/x.bin": large, "www/y.bin": bytes(free // 4)})
    assert answer.status == 507 and "bytes more are needed" in answer.json["error"]
    assert Client(board).get("/api/deploy", timeout=60).json["state"] == ""


def test_two_uploads_at_once_on_a_nearly_full_drive(board):
    """Each is stored whole or refused, and nothing of the refused one stays."""
    free = Client(board).status()["drive"]["free"]
    bodies = {
        f"www/{name}.bin": bytes([number]) * (free * 2 // 3) for number, name in enumerate("ab")
    }
    answers = {}
    threads = [
        threading.Thread(
            target=lambda path=path: answers.update({path: put(board, path, bodies[path])})
        )
        for path in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status for answer in answers.values())
    assert statuses == [200, 507], answers
    assert len(waiting(board)) == 1


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


def test_without_a_limit_no_battery_is_low(boards):
    board = with_drive(boards(settings=PASSWORDS))
    board.change(voltage=0.5)
    client = Client(board, Authorization=basic())
    wait_until(lambda: client.status()["battery"]["volts"] < 1)
    assert client.status()["battery"]["low"] is False
    assert client.put_settings(LIVE_SECONDS=3).status == 200


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
