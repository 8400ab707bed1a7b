"""Sessions, HTTP Basic, the brake on wrong passwords."""

from binascii import b2a_base64

from datalogger.rare.actions import post
from datalogger.web.login import Login, equal
from fakes import FakeSettings, MovedClock, quiet_log, texts

PASSWORD = "correct horse"


def make():
    clock = MovedClock()
    log = quiet_log(clock)
    settings = FakeSettings(ADMIN_PASSWORD=PASSWORD)
    return Login(clock, settings, log), clock, settings, log


class Server:
    """As much of the admin server as logging in takes."""

    class app:
        clock = None
        login = None


def log_in(login, password=PASSWORD):
    """The Set-Cookie value, None for a wrong password; the seconds to wait while none is checked."""
    Server.app.login = login
    Server.app.clock = login.clock
    answer = post(Server, "/api/login", "", {}, ('{"password": "%s"}' % password).encode())
    if answer.status_code == 429:
        return int(answer.headers["Retry-After"])
    return answer.headers.get("Set-Cookie")


def log_out(login, headers):
    Server.app.login = login
    return post(Server, "/api/logout", "", headers, b"").headers["Set-Cookie"]


def session(login):
    return {"cookie": log_in(login).split(";")[0]}


def basic(text):
    return {"authorization": "Basic " + b2a_base64(text.encode()).decode().strip()}


def test_equal():
    assert equal("ä same", "ä same")
    for left, right in (
        ("a", "b"),
        ("", "a"),
        ("a", ""),
        ("a", "aa"),
        ("aa", "a"),
        ("a" * 300, "a"),
    ):
        assert not equal(left, right)
    assert equal("", "")


def test_a_session():
    login, _, _, _ = make()
    headers = session(login)
    assert login.is_logged_in(headers)
    assert login.session(headers)
    assert not login.is_logged_in({})
    assert not login.is_logged_in({"cookie": "session="})
    assert not login.is_logged_in({"cookie": "session=" + "0" * 32})
    assert not login.is_logged_in({"cookie": headers["cookie"][:-1]})
    assert login.is_logged_in({"cookie": "a=b; " + headers["cookie"] + "; c=d"})


def test_cookie_attributes():
    login, _, _, _ = make()
    cookie = log_in(login)
    for attribute in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="):
        assert attribute in cookie
    assert cookie.split("=")[1] != log_in(login).split("=")[1]


def test_logout():
    login, _, _, _ = make()
    headers = session(login)
    other = session(login)
    assert "Max-Age=0" in log_out(login, headers)
    assert not login.is_logged_in(headers)
    assert login.is_logged_in(other)


def test_sessions_end_when_unused_and_at_last():
    login, clock, _, _ = make()
    headers = session(login)
    clock.pass_s(3599)
    assert login.is_logged_in(headers)
    clock.pass_s(3601)
    assert not login.is_logged_in(headers)
    headers = session(login)
    for _ in range(23):
        clock.pass_s(1800)
        assert login.is_logged_in(headers)
    clock.pass_s(1801)
    assert not login.is_logged_in(headers)


def test_looking_does_not_prolong():
    login, clock, _, _ = make()
    headers = session(login)
    for _ in range(3):
        clock.pass_s(1000)
        assert login.session(headers)
    clock.pass_s(1000)
    assert not login.session(headers)


def test_at_most_four_sessions():
    login, clock, _, _ = make()
    sessions = []
    for _ in range(5):
        sessions.append(session(login))
        clock.pass_s(1)
    assert [login.is_logged_in(headers) for headers in sessions] == [False] + [True] * 4


def test_basic():
    login, _, _, _ = make()
    assert login.is_logged_in(basic("admin:" + PASSWORD))
    assert login.is_logged_in(
        {"authorization": basic("admin:" + PASSWORD)["authorization"].replace("Basic", "basic")}
    )
    for headers in (
        basic("admin:wrong"),
        basic("root:" + PASSWORD),
        basic("admin" + PASSWORD),
        {"authorization": "Basic !!!"},
    ):
        assert not login.is_logged_in(headers)
    login, _, _, _ = make()
    for headers in (
        {"authorization": "Basic /w=="},
        {"authorization": "Basic"},
        {"authorization": "Bearer x"},
        {"authorization": ""},
    ):
        assert not login.is_logged_in(headers)


def test_failures_slow_down():
    login, clock, _, log = make()
    for _ in range(5):
        assert log_in(login, "wrong") is None
    wait = log_in(login)
    assert 1 <= wait <= 3
    refused = login.check(basic("admin:" + PASSWORD))
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(wait)
    waits = []
    for _ in range(8):
        clock.pass_s(61)
        assert log_in(login, "wrong") is None
        waits.append(log_in(login, "wrong"))
    assert waits == sorted(waits)
    assert 60 <= waits[-1] <= 61
    clock.pass_s(61)
    assert "session=" in log_in(login)
    for _ in range(4):
        assert log_in(login, "wrong") is None
    assert "session=" in log_in(login)
    assert "wrong passwords" in texts(log)
    assert PASSWORD not in texts(log)


def test_sessions_work_while_passwords_do_not():
    login, _, _, _ = make()
    headers = session(login)
    for _ in range(5):
        log_in(login, "wrong")
    assert login.is_logged_in(headers)
