"""Server-sent events."""

import pytest

from .client import EVENTS, PASSWORD, PASSWORDS, Client, Events, basic, wait_until, with_drive


@pytest.fixture
def board(boards, vm):
    return boards(vm=vm, settings={**PASSWORDS, "LIVE_SECONDS": 1, "SAMPLE_SECONDS": 2})


def test_what_comes(board):
    stream = Events(Client(board))
    assert stream.status == 200
    assert stream.response.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert stream.response.getheader("Cache-Control") == "no-store"
    assert stream.response.getheader("X-Accel-Buffering") == "no"  # for proxies such as nginx
    kind, status = stream.next()
    assert kind == "status"
    assert set(status) == set(Client(board).status())
    kind, readings = stream.next()
    assert kind == "readings"
    assert [reading["name"] for reading in readings["readings"]] == [
        "temperature",
        "voltage",
    ]
    first = stream.next("sample")[1]
    second = stream.next("sample")[1]
    assert second["t"] - first["t"] == pytest.approx(2, abs=0.11)
    assert len(first["row"]) == 2 and first["epoch"] is None
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
    third = Client(board, **EVENTS)("GET", "/api/events")
    assert third.status == 503
    assert int(third.headers["Retry-After"]) > 0
    assert Client(board, **EVENTS)("HEAD", "/api/events").status == 503
    streams[0].close()
    again = wait_until(lambda: (found := Events(Client(board))).status == 200 and found)
    assert again.next()[0] == "status"
    streams[1].close()
    again.close()
    head = wait_until(
        lambda: (found := Client(board, **EVENTS)("HEAD", "/api/events")).status == 200 and found
    )
    assert head.body == b""
    for _ in range(5):  # a request for the head alone takes no place
        assert Client(board, **EVENTS)("HEAD", "/api/events").status == 200


def test_pages_are_served_beside_two_streams(board):
    streams = [Events(Client(board)), Events(Client(board))]
    for _ in range(5):
        assert Client(board).get("/").body
    for stream in streams:
        assert stream.next("readings")
        stream.close()


def test_only_what_asks_for_events_takes_a_place(board):
    """Images on a page of another site don't."""
    for accept in ("*/*", "image/avif,image/webp,*/*;q=0.8", "text/html"):
        for _ in range(3):
            refused = Client(board, Accept=accept)("GET", "/api/events")
            assert refused.status == 406 and "text/event-stream" in refused.json["error"]
    streams = [Events(Client(board)), Events(Client(board))]
    for stream in streams:
        assert stream.next()[0] == "status"
        stream.close()


def test_a_program_that_does_not_say_what_it_accepts_gets_events(board):
    """RFC 9110, section 12.5.1: it accepts anything. Browsers always say what they accept."""
    stream = Events(Client(board, Accept=None))
    assert stream.next()[0] == "status"
    stream.close()


def ends(stream):
    """Fails unless the stream ends before its tenth event: it may send what it has begun."""
    with pytest.raises(AssertionError, match="ended"):
        for _ in range(10):
            stream.next()
    stream.close()
    return True


@pytest.fixture
def restricted(boards):
    return boards(settings={**PASSWORDS, "ADMIN_LOGIN_TO_READ": 1, "LIVE_SECONDS": 1})


def test_a_stream_ends_with_the_session_where_reading_needs_one(restricted):
    client = Client(restricted).log_in()
    stream = Events(client)
    stream.next("readings")
    client("POST", "/api/logout", "{}")
    assert ends(stream)
    # An Authorization header that was never checked gives no right either
    client = Client(restricted, Authorization=basic("wrong")).log_in()
    stream = Events(client)
    stream.next("readings")
    client("POST", "/api/logout", "{}")
    assert ends(stream)


def test_a_stream_ends_with_the_password_that_opened_it(restricted):
    with_drive_by_password(restricted)
    by_password = Events(Client(restricted, Authorization=basic()))
    assert by_password.next("status")[1]["login"]["logged_in"] is True
    owner = Client(restricted).log_in()
    by_session = Events(owner)
    by_session.next("readings")
    assert owner.put_settings(ADMIN_PASSWORD="another good one").status == 200
    assert ends(by_password)
    for _ in range(4):  # the session that changed the password goes on
        by_session.next("readings")
    by_session.close()


def test_streams_end_when_reading_is_restricted_meanwhile(boards):
    board = boards(settings={**PASSWORDS, "LIVE_SECONDS": 1})
    with_drive_by_password(board)
    owner = Client(board).log_in()
    streams = [Events(Client(board)), Events(Client(board, Authorization=basic(PASSWORD)))]
    for stream in streams:
        stream.next("readings")
    assert owner.put_settings(ADMIN_LOGIN_TO_READ=True).status == 200
    for stream in streams:  # the password of the second was never checked
        assert ends(stream)
    stream = Events(Client(board, Authorization=basic(PASSWORD)))
    for _ in range(3):
        stream.next("readings")
    stream.close()


def with_drive_by_password(board):
    """Waits until the board has taken the drive, also where reading needs a login."""
    board.change(usb="none", speed=20)
    client = Client(board, Authorization=basic())
    wait_until(lambda: client.status()["drive"]["owner"] == "board")
    board.change(speed=1)
