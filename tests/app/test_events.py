"""Server-sent events."""

import pytest

from .client import PASSWORDS, Client, Events, wait_until, with_drive


@pytest.fixture
def board(boards, vm):
    return boards(vm=vm, settings={**PASSWORDS, "LIVE_SECONDS": 1, "SAMPLE_SECONDS": 2})


def test_what_comes(board):
    stream = Events(Client(board))
    assert stream.status == 200
    assert stream.response.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert stream.response.getheader("Cache-Control") == "no-store"
    kind, status = stream.next()
    assert kind == "status"
    assert set(status) == set(Client(board).status())
    kind, readings = stream.next()
    assert kind == "readings"
    assert [reading["name"] for reading in readings["readings"]] == [
        "temperature",
        "voltage",
        "memory",
    ]
    first = stream.next("sample")[1]
    second = stream.next("sample")[1]
    assert second["t"] - first["t"] == pytest.approx(2, abs=0.11)
    assert len(first["row"]) == 3 and first["epoch"] is None
    stream.close()


def test_changes_come_soon(board):
    client = Client(board).log_in()
    stream = Events(client)
    assert stream.next("status")[1]["login"]["logged_in"] is True
    client.set_time()

    def comes(test):
        for _ in range(8):
            if test(stream.next("status")[1]):
                return
        raise AssertionError("no such status came")

    comes(lambda status: status["clock"]["set"])
    with_drive(board)
    comes(lambda status: status["drive"]["owner"] == "board")
    client.put_settings(AP_SSID="other")
    comes(lambda status: status["restart_needed"])
    client("POST", "/api/logout", "{}")
    comes(lambda status: not status["login"]["logged_in"])
    stream.close()


def test_at_most_two(board):
    streams = [Events(Client(board)), Events(Client(board))]
    for stream in streams:
        assert stream.next()[0] == "status"
    third = Client(board)("GET", "/api/events")
    assert third.status == 503
    assert int(third.headers["Retry-After"]) > 0
    assert Client(board)("HEAD", "/api/events").status == 503
    streams[0].close()
    again = wait_until(lambda: (found := Events(Client(board))).status == 200 and found)
    assert again.next()[0] == "status"
    streams[1].close()
    again.close()
    head = wait_until(
        lambda: (found := Client(board)("HEAD", "/api/events")).status == 200 and found
    )
    assert head.body == b""
    for _ in range(5):  # those that only asked for the head hold no place
        assert Client(board)("HEAD", "/api/events").status == 200


def test_pages_are_served_beside_two_streams(board):
    streams = [Events(Client(board)), Events(Client(board))]
    for _ in range(5):
        assert Client(board).get("/").body
    for stream in streams:
        assert stream.next("readings")
        stream.close()


def test_a_stream_ends_with_the_session_where_reading_needs_one(boards):
    board = boards(settings={**PASSWORDS, "ADMIN_LOGIN_TO_READ": 1, "LIVE_SECONDS": 1})
    client = Client(board).log_in()
    stream = Events(client)
    stream.next("readings")
    client("POST", "/api/logout", "{}")
    with pytest.raises(AssertionError, match="ended"):
        for _ in range(60):
            stream.next()
    stream.close()
