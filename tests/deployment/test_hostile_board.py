"""Something other than a board, or a broken board: its answers cost neither memory nor time."""

import gzip
import json
import socket
import threading
import tracemalloc
from pathlib import PurePosixPath

import pytest
from toolkit import manifest
from toolkit.deploy import board_client, firmware, messages, wifi_session
from toolkit.deploy.board_client import BoardClient
from toolkit.errors import ToolkitError

BOARD = {"name": "Pico", "id": "raspberry_pi_pico_w", "firmware": "CircuitPython 10.3.1"}
FILE = {"path": "code.py", "size": 5, "sha256": "0" * 64}
NO_LOGGER = "answers, but not as a data logger"


@pytest.fixture
def answering(monkeypatch):
    """Makes a server that sends each visitor these pieces, with `endless` the last one for ever."""
    monkeypatch.setattr(board_client, "PAUSE_SECONDS", 0.01)
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve(pieces, endless):
        while True:
            try:
                visitor = listener.accept()[0]
            except OSError:
                return
            with visitor:
                visitor.recv(4096)
                try:
                    for piece in pieces:
                        visitor.sendall(piece)
                    while endless and not ended.wait(0.001 if len(pieces[-1]) > 100 else 0.02):
                        visitor.sendall(pieces[-1])
                except OSError:
                    pass

    threads = []

    def make(*pieces, endless=False):
        thread = threading.Thread(target=serve, args=(pieces, endless))
        thread.start()
        threads.append(thread)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield make
    ended.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in threads:
        thread.join()


def answer(value):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        5,
        "text",
        None,
        b"\xff\xfe",
        b"[" * 100_000,
        {"board": []},
        {"board": {"name": 5}},
        {"board": {"firmware": ["CircuitPython 10.3.1"]}},
        {"board": {"name": "Pico\nDeployed to another board."}},
        {"board": BOARD, "update": "proven\n"},
        {"board": BOARD, "uptime_s": "5"},
        {"board": BOARD, "drive": "board"},
    ],
)
def test_an_odd_status_is_refused(answering, value):
    with pytest.raises(ToolkitError, match=NO_LOGGER):
        wifi_session.Session(answering(answer(value)), "password", False, False)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"files": []},
        {"files": 5, "free": 5},
        {"files": [5], "free": 5},
        {"files": [{**FILE, "size": "5"}], "free": 5},
        {"files": [{**FILE, "size": -1}], "free": 5},
        {"files": [{**FILE, "sha256": None}], "free": 5},
        {"files": [{**FILE, "sha256": "0" * 63}], "free": 5},
        {"files": [{**FILE, "path": 5}], "free": 5},
        {"files": [{**FILE, "path": "lib/a.py\nDeployed."}], "free": 5, "waiting": []},
        {"files": [FILE], "free": "5"},
        {"files": [FILE], "free": True},
        {"files": [FILE], "free": 5, "waiting": 5},
        {"files": [FILE], "free": 5, "waiting": [{**FILE, "size": None}]},
        {"files": [FILE], "free": 5, "waiting": [], "state": None},
        {"files": [FILE], "free": 5, "waiting": [], "state": "trial\n"},
        {"files": [FILE], "free": float("inf")},
    ],
)
def test_an_odd_list_of_files_is_refused(answering, value):
    with pytest.raises(ToolkitError, match=NO_LOGGER):
        BoardClient(answering(answer(value)), "password").files()


def test_a_sound_list_of_files_is_taken(answering):
    waiting = {"path": "boot.py", "size": 0, "sha256": None}
    value = {"files": [FILE], "waiting": [waiting], "state": "", "free": 5}
    client = BoardClient(answering(answer(value)), "password")
    assert client.listing() == {
        "files": {PurePosixPath("code.py"): FILE},
        "waiting": {PurePosixPath("boot.py"): waiting},
        "state": "",
        "free": 5,
    }


def test_a_board_of_an_earlier_version_is_told(answering):
    client = BoardClient(answering(answer({"files": [FILE], "free": 5})), "password")
    with pytest.raises(ToolkitError, match="Deploy by cable once"):
        client.files()


@pytest.mark.parametrize(
    "head", [b"", b"Content-Length: 99999999999\r\n", b"Transfer-Encoding: chunked\r\n"]
)
def test_an_endless_answer_is_cut_short(answering, head):
    filler = b" " * 65536
    if b"chunked" in head:
        filler = b"10000\r\n" + filler + b"\r\n"
    url = answering(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n", filler, endless=True)
    with pytest.raises(ToolkitError, match=NO_LOGGER):
        BoardClient(url, "password").status()


@pytest.mark.parametrize("size", [b"-1", b"-5", b"ffffffffffffffffff"])
def test_a_chunk_of_an_odd_size_is_no_way_to_send_without_end(answering, monkeypatch, size):
    monkeypatch.setattr(board_client, "MAX_SECONDS", 2)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\n"
    client = BoardClient(answering(head, b" " * 65536, endless=True), "password")
    tracemalloc.start()
    try:
        with pytest.raises(ToolkitError, match=f"{NO_LOGGER}|can't be reached"):
            client.status()
        assert tracemalloc.get_traced_memory()[1] < 4 * board_client.MAX_ANSWER
    finally:
        tracemalloc.stop()


def test_a_time_to_wait_that_is_none_is_not_shown(answering):
    head = b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nRetry-After: 5\r\n Deployed to it.\r\n\r\n"
    with pytest.raises(ToolkitError, match="asks to wait some seconds"):
        BoardClient(answering(head), "password").status()


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://\x1b[2J", "http://a..b", "http://" + "a" * 64, "\ud800", "a\u202e.b"],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ToolkitError, match="is not the address of a board"):
        BoardClient(url, "password")


@pytest.mark.parametrize("piece", [b"HTTP/1.1 100 Continue\r\n\r\n", b"H"])
def test_an_answer_that_never_comes_to_its_end_is_not_waited_for(answering, monkeypatch, piece):
    monkeypatch.setattr(board_client, "MAX_SECONDS", 0.5)
    with pytest.raises(ToolkitError, match="can't be reached: it does not answer"):
        BoardClient(answering(piece, endless=True), "password").status()


def test_a_body_that_trickles_is_not_waited_for(answering, monkeypatch):
    monkeypatch.setattr(board_client, "MAX_SECONDS", 0.5)
    url = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" ", endless=True)
    with pytest.raises(ToolkitError, match="can't be reached: it does not answer"):
        BoardClient(url, "password").status()


def test_a_manifest_that_unpacks_to_far_more_counts_as_none():
    bomb = gzip.compress(b"0123456789abcdef  lib/a.py\n" * 400_000)
    assert len(bomb) < board_client.MAX_ANSWER
    assert manifest.read(bomb) == {}


def test_a_refusal_with_an_odd_reason_is_one_line(answering):
    body = json.dumps({"error": {"deep": 1}}).encode()
    head = b"HTTP/1.1 409 Conflict\r\nContent-Length: %d\r\n\r\n" % len(body)
    with pytest.raises(ToolkitError, match=r"The board refuses \(409\): Conflict"):
        BoardClient(answering(head + body), "password").status()


def test_a_reason_of_several_lines_is_shown_as_one(answering):
    body = json.dumps({"error": "No.\n\nDeployed to it."}).encode()
    head = b"HTTP/1.1 409 Conflict\r\nContent-Length: %d\r\n\r\n" % len(body)
    with pytest.raises(ToolkitError, match=r"refuses \(409\): No\. Deployed to it\.$"):
        BoardClient(answering(head + body), "password").status()


# ---- What is shown on the terminal ----

HOSTILE = "Pico\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\r"


@pytest.mark.parametrize("show", [messages.tell, messages.warn])
def test_control_characters_are_not_shown(show, capfd):
    show(f"Deployed to {HOSTILE}.")
    shown = "".join(capfd.readouterr())
    assert "Pico?[2J?]0;owned??31m??" in shown
    assert not set("\x1b\x07\x9b\u202e\r") & set(shown)


def test_an_error_shows_no_control_characters(project, fresh_drive):
    boot_out = fresh_drive / "boot_out.txt"
    text = boot_out.read_text().replace("10.3.1", "9.1.0\x1b[2J")
    boot_out.write_text(text)
    result = project.run("deploy.py", "--to", fresh_drive)
    assert result.stderr.startswith("deploy.py: The board runs CircuitPython 9.1.0?[2J;")


def test_the_name_in_the_status_may_be_hostile(answering, capfd):
    status = {"board": {**BOARD, "id": HOSTILE}}
    wifi_session.Session(answering(answer(status)), "password", False, False)
    assert "\x1b" not in "".join(capfd.readouterr())
    assert firmware.of_status(status).id == HOSTILE
