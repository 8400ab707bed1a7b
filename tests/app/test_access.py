"""Who may do what: every route against every kind of visitor."""

import contextlib
import gzip
import re
import socket
import time

import pytest

from .client import PASSWORD, PASSWORDS, TIME, Client, basic, raw, wait_until, with_drive

# method, path, body, status without a login, status with a session
ROUTES = [
    ("GET", "/", None, 200, 200),
    ("GET", "/index.html", None, 200, 200),
    ("GET", "/nothing.html", None, 404, 404),
    ("GET", "/api/nothing", None, 404, 404),
    ("GET", "/api/status", None, 200, 200),
    ("GET", "/api/readings", None, 200, 200),
    ("GET", "/api/history", None, 200, 200),
    ("GET", "/api/history?since=5", None, 200, 200),
    ("GET", "/api/history?points=5", None, 200, 200),
    ("GET", "/api/outputs", None, 200, 200),
    ("GET", "/api/i2c", None, 200, 200),
    ("GET", "/api/files", None, 200, 200),
    ("GET", "/api/files/boot-9.csv", None, 200, 200),
    ("GET", "/api/files/boot-8.csv", None, 404, 404),
    ("GET", "/api/log", None, 200, 200),
    ("GET", "/api/log?format=text", None, 200, 200),
    ("GET", "/api/settings", None, 200, 200),
    ("GET", "/api/settings.toml", None, 200, 200),
    ("GET", "/api/deploy", None, 200, 200),
    ("GET", "/metrics", None, 200, 200),
    ("GET", "/api/wifi/scan", None, 401, 200),
    ("GET", "/api/wifi/try", None, 200, 200),
    ("POST", "/api/wifi/try", '{"ssid": ""}', 401, 400),
    ("PUT", "/api/settings", '{"LIVE_SECONDS": 3}', 401, 200),
    ("PUT", "/api/settings", "nonsense", 401, 400),
    ("PUT", "/api/settings.toml?preview", "LIVE_SECONDS = 4\n", 401, 200),
    ("PUT", "/api/deploy/www/new.txt", "x", 401, 400),
    ("PUT", "/api/deploy/settings.toml", "x", 401, 403),
    ("DELETE", "/api/deploy/www/none.txt", None, 401, 404),
    ("DELETE", "/api/deploy", None, 401, 200),
    ("POST", "/api/deploy", "{}", 401, 409),
    ("DELETE", "/api/files/boot-9.csv", None, 401, 200),
    ("DELETE", "/api/log", None, 401, 200),
    ("POST", "/api/time", '{"epoch": 1795521601, "utc_offset_s": 0}', 401, 200),
    ("POST", "/api/recorder", '{"action": "sample"}', 401, 200),
    ("POST", "/api/outputs/none", '{"value": true}', 401, 404),
    ("POST", "/api/drive", '{"owner": "board"}', 401, 200),
    ("POST", "/api/drive", '{"owner": "dog"}', 401, 400),
    ("POST", "/api/login", f'{{"password": "{PASSWORD}"}}', 200, 200),
    ("POST", "/api/login", '{"password": "wrong"}', 401, 401),
    ("POST", "/api/logout", "{}", 401, 200),
    ("POST", "/api/restart", "{}", 401, 202),
]


@pytest.fixture
def board(boards):
    board = boards(
        settings=PASSWORDS,
        files={"data/boot-9.csv": "seconds,a\n1,2\n", "data/boot-8.txt": "mine"},
        usb="none",
    )
    Client(board).set_time()
    return with_drive(board)


def statuses(board, headers_of, routes=ROUTES):
    """{(method, path, body): status} of a new visitor for each route; a POST of a wrong password
    is followed by a right one, so that it slows nobody down."""
    found = {}
    for method, path, body, *_ in routes:
        client = Client(board, **headers_of())
        found[method, path, body] = client(method, path, body).status
        if body == '{"password": "wrong"}':
            Client(board).log_in()
    return found


def expected(of, routes=ROUTES):
    return {(method, path, body): of(method, path, row) for method, path, body, *row in routes}


@pytest.mark.daily
def test_nobody(board):
    assert statuses(board, dict) == expected(lambda method, path, row: row[0])


def test_a_wrong_session(board):
    forged = {"Cookie": "session=0123456789abcdef0123456789abcdef"}
    assert statuses(board, lambda: forged) == expected(lambda method, path, row: row[0])


def test_an_ended_session(board):
    client = Client(board).log_in()
    ended = dict(client.headers)
    assert client("POST", "/api/logout", "{}").status == 200
    assert statuses(board, lambda: ended) == expected(lambda method, path, row: row[0])


def session(board):
    return lambda: Client(board).log_in().headers


@pytest.mark.daily
def test_a_session(board):
    assert statuses(board, session(board)) == expected(lambda method, path, row: row[1])


def test_the_password(board):
    headers = {"Authorization": basic()}
    assert statuses(board, lambda: headers) == expected(lambda method, path, row: row[1])


def test_a_session_from_the_boards_own_page(board):
    def headers():
        return {**session(board)(), "Origin": "http://" + Client(board).host}

    assert statuses(board, headers) == expected(lambda method, path, row: row[1])


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1:1",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
    ],
)
def test_a_foreign_page_with_the_session(board, origin):
    def headers():
        return {**session(board)(), "Origin": origin}

    assert statuses(board, headers) == expected(lambda method, path, row: 403)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "10.0.0.1", "192.168.4.1.evil"]
)
def test_a_foreign_name_with_the_session(board, host):
    def headers():
        return {**session(board)(), "Host": host}

    def status(method, path, row):
        return 302 if method == "GET" and not path.startswith(("/api/", "/metrics")) else 403

    assert statuses(board, headers) == expected(status)


def test_a_foreign_page_by_its_foreign_name(board):
    """DNS rebinding: Origin and Host agree, and both are the attacker's."""

    def headers():
        return {**session(board)(), "Host": "evil.example", "Origin": "http://evil.example"}

    assert set(statuses(board, headers).values()) <= {302, 403}


def test_login_to_read(boards):
    board = boards(settings={**PASSWORDS, "ADMIN_LOGIN_TO_READ": 1})
    Client(board).set_time()

    def status(method, path, row):
        page = method == "GET" and not path.startswith(("/api/", "/metrics"))
        return row[0] if page or path == "/api/login" else 401

    assert statuses(board, dict) == expected(status)
    events = Client(board)("GET", "/api/events")
    assert events.status == 401
    # It would tell attackers which code the board runs; FAT ignores case
    (board.drive / "www/deployed.txt.gz").write_bytes(gzip.compress(b"0123456789abcdef  code.py\n"))
    for name in ("deployed.txt", "DEPLOYED.TXT", "%64eployed.txt"):
        for path in (f"/{name}", f"/{name}.gz", f"/{name}.GZ", f"/{name}%2egz"):
            assert Client(board)("GET", path).status == 401, path
    for path in ("/deployed.txt", "/deployed.txt.gz"):
        assert Client(board, Authorization=basic())("GET", path).status == 200
    client = Client(board).log_in()
    assert client.status()["login"] == {
        "logged_in": True,
        "required_to_read": True,
        "default_password": False,
        "default_passwords": [],
    }
    assert Client(board, Authorization=basic()).get("/metrics").body


def test_the_boards_names(board):
    port = board.ports["tcp:80"]
    client = Client(board).log_in()
    for name in (
        "127.0.0.1",
        "datalogger",
        "datalogger.local",
        "DATALOGGER.local",
        "datalogger.local.",
    ):
        for host in (name, f"{name}:{port}"):
            assert client("GET", "/api/status", headers={"Host": host}).status == 200
            assert client("POST", "/api/time", TIME, headers={"Host": host}).status == 200


def test_names_of_ones_own(boards):
    board = boards(settings={**PASSWORDS, "EXTRA_HOST_NAMES": "logger.lan, l2.example.org"})
    for host in ("logger.lan", "l2.example.org:80"):
        assert Client(board, Host=host).get("/api/status")
    assert Client(board, Host="lan")("GET", "/api/status").status == 403


def test_setting_an_unset_clock_needs_no_login(boards):
    board = boards(settings=PASSWORDS)
    host = Client(board).host
    for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
        assert Client(board)("POST", "/api/time", TIME, headers=headers).status == 403
    assert (
        Client(board)("POST", "/api/time", TIME, headers={"Origin": "http://" + host}).status == 200
    )
    assert Client(board)("POST", "/api/time", TIME).status == 401


def test_other_methods(board):
    client = Client(board).log_in()
    assert client("POST", "/api/status").status == 405
    assert client("DELETE", "/").status == 405
    assert client("PATCH", "/api/settings").status == 405
    head = client("HEAD", "/api/status")
    assert head.status == 200 and head.body == b""
    assert Client(board)("HEAD", "/api/status", headers={"Host": "evil.example"}).status == 403


def test_errors_are_told_as_the_api_says(board):
    for method, path, body, *_ in ROUTES:
        answer = Client(board)(method, path, body)
        if answer.status >= 400:
            assert set(answer.json) <= {"error", "field"}
            assert answer.json["error"].endswith(".")
            assert answer.headers["Content-Type"] == "application/json"
    refused = Client(board)("POST", "/api/logout", "{}")
    assert "basic" not in refused.headers["WWW-Authenticate"].lower()  # no browser dialogue


def test_five_failures_slow_down(board):
    client = Client(board)
    for number in range(5):
        assert client("POST", "/api/login", {"password": f"wrong {number}"}).status == 401
    answer = client("POST", "/api/login", {"password": PASSWORD})
    assert answer.status == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 11
    # This password was refused before
    assert client("POST", "/api/login", {"password": "wrong 4"}).status == 401
    by_script = Client(board, Authorization=basic())("POST", "/api/restart", "{}")
    assert by_script.status == 429
    assert client.get("/api/status")
    board.change(speed=100)
    wait_until(lambda: client("POST", "/api/login", {"password": PASSWORD}).status == 200)


def test_a_restart_logs_nobody_out_but_a_loss_of_power_does(boards, vm):
    board = with_drive(boards(vm=vm, settings=PASSWORDS, usb="none"))
    client = Client(board).log_in()
    stranger = Client(board, Cookie="session=" + "0" * 32)
    assert client("POST", "/api/restart").status == 202
    board.wait_until_listening(2)
    assert [one.status()["login"]["logged_in"] for one in (client, stranger)] == [True, False]
    assert client("POST", "/api/recorder", {"action": "stop"}).status == 200
    board.power_cycle()
    assert not client.status()["login"]["logged_in"]


def test_a_stranger_never_keeps_the_owner_out(board):
    stranger = Client(board, source="127.0.0.2")
    looked_at = 0
    for number in range(30):
        guess = stranger("POST", "/api/login", {"password": f"guess {number}"})
        looked_at += guess.status == 401
        assert Client(board, Authorization=basic())("POST", "/api/logout").status == 200
        assert Client(board).log_in()
    assert 5 <= looked_at <= 9
    assert stranger("POST", "/api/login", {"password": PASSWORD}).status == 429


def test_a_forgotten_script_never_keeps_its_owner_out(board):
    script = Client(board, Authorization=basic("the password of last year"))
    for _ in range(12):
        assert script.status()["login"]["logged_in"] is False
        refused = script("DELETE", "/api/log")
        assert refused.status == 401 and refused.json["error"] == "Wrong password."
        assert Client(board).log_in()


def test_a_megabyte_of_cookies(boards, vm):
    board = boards(vm=vm, settings=PASSWORDS)
    cookies = b"Cookie: " + b"a=" + b"b" * 1000 + b"\r\n"
    head = b"GET /api/status HTTP/1.1\r\nHost: " + Client(board).host.encode() + b"\r\n"
    answer = raw(board, head + cookies * 1000 + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 431 "), answer[:200]
    assert Client(board).get("/api/status")


def test_five_heads_made_to_fill_the_memory(boards, vm):
    """Neither a line nor the number of lines is too large, but all together are."""
    board = boards(vm=vm, settings=PASSWORDS)
    head = b"GET /api/log HTTP/1.1\r\nHost: " + Client(board).host.encode() + b"\r\n"
    address = ("127.0.0.1", board.ports["tcp:80"])
    links = [socket.create_connection(address, timeout=30) for _ in range(5)]
    for number in range(37):  # side by side, as the network's memory has no room for all at once
        for link in links:
            with contextlib.suppress(OSError):
                link.sendall(head or b"X-%d: " % number + b"v" * 700 + b"\r\n")
        head = b""
        time.sleep(0.05)
    for link in links:
        with link:
            assert link.recv(12) == b"HTTP/1.1 431"
    assert Client(board).get("/api/status")


def test_headers_of_all_answers(board):
    for path in ("/", "/api/status", "/api/files", "/api/files/boot-9.csv", "/metrics", "/none"):
        headers = Client(board)("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "Access-Control-Allow-Origin" not in headers
    for path in ("/api/status", "/api/settings", "/metrics"):
        assert Client(board)("GET", path).headers["Cache-Control"] == "no-store"


def test_secrets_are_nowhere(board):
    """No secret is in an answer, in the log or on the console, whatever a client does."""
    client = Client(board).log_in()
    secrets = [*PASSWORDS.values(), "new secret 1", "new secret 2", "new secret 3"]
    seen = []
    seen.append(client.put_settings(ADMIN_PASSWORD="new secret 1", SAMPLE_SECONDS=0))
    seen.append(client.put_settings(AP_PASSWORD="new secret 2\n"))
    seen.append(client("PUT", "/api/settings.toml", 'AP_PASSWORD = "new secret 2" x\n'))
    seen.append(client.put_settings(AP_PASSWORD="new secret 2", STATION_PASSWORD="new secret 3"))
    assert seen[-1].status == 200
    seen.append(client("PUT", "/api/settings.toml", 'AP_PASSWORD = "new secret 1"\n'))
    seen.append(client("POST", "/api/login", {"password": PASSWORDS["AP_PASSWORD"]}))
    for path in (
        "/api/status",
        "/api/settings",
        "/api/settings.toml",
        "/api/log",
        "/api/log?format=text",
        "/metrics",
        "/api/deploy",
        "/settings.toml",
        "/../settings.toml",
        "/api/files/settings.toml",
    ):
        seen.append(client("GET", path))
    for answer in seen:
        for secret in secrets:
            assert secret not in answer.text, answer
            assert secret not in str(answer.headers), answer
    for secret in secrets:
        assert secret not in board.output()


def test_the_table_has_every_route(board):
    """Every route in the app's source is in the table above, except that of event streams."""
    routed = set()
    for path in (board.drive / "lib/datalogger").rglob("*.py"):
        for pattern, method in re.findall(
            r'@route\(\s*"(.+?)",\s*"(\w+)"', path.read_text("utf-8")
        ):
            routed.add((pattern, method))
    in_table = {(verb, path.partition("?")[0]) for verb, path, *_ in ROUTES}
    assert len(routed) >= 8
    for pattern, method in routed - {("/api/events", "GET")}:
        assert any(verb == method and re.fullmatch(pattern, path) for verb, path in in_table), (
            pattern
        )
    for alternatives, method in routed:
        for before, group in re.findall(r"([^|()]*)\(([^()]*\|[^()]*)\)", alternatives):
            for name in group.replace("[.]", ".").split("|"):
                example = before + name
                assert any(
                    verb == method and re.fullmatch(example, path) for verb, path in in_table
                ), (method, example)
