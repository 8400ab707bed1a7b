"""Sessions, HTTP Basic, and the wait after wrong passwords."""

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
    """What logging in needs of the admin server."""

    client_address = None

    class app:
        clock = None
        login = None


OWNER = "192.168.4.16"
STRANGER = "192.168.4.17"


def allowed(login, headers, client=OWNER):
    """Whether a request that needs a login is let in."""
    return login.check(headers, client) is None


def log_in(login, password=PASSWORD, client=OWNER):
    """Returns the Set-Cookie value, None for a wrong password, or the seconds to wait while no
    password is checked."""
    Server.client_address = client
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
    right = basic("admin:" + PASSWORD)["authorization"]
    assert allowed(login, {"authorization": right})
    assert allowed(login, {"authorization": right.replace("Basic", "basic")})
    for number, headers in enumerate(
        (
            basic("admin:wrong"),
            basic("root:" + PASSWORD),
            basic("admin" + PASSWORD),
            {"authorization": "Basic !!!"},
            {"authorization": "Basic /w=="},
            {"authorization": "Basic"},
        )
    ):
        refused = login.check(headers, "10.0.0.%d" % number)
        assert refused.status_code == 401 and b"Wrong password." in refused.body
    for headers in ({"authorization": "Bearer x"}, {"authorization": ""}, {}):
        for _ in range(10):
            refused = login.check(headers, OWNER)
            assert refused.status_code == 401 and b"Log in first." in refused.body
    assert allowed(login, {"authorization": right})


def test_where_no_login_is_needed_nobody_looks_at_passwords():
    login, _, settings, _ = make()
    for number in range(20):
        assert not login.is_logged_in(basic("admin:%d" % number))
    assert not login.is_logged_in(basic("admin:" + PASSWORD))
    assert "session=" in log_in(login)
    settings.values["ADMIN_LOGIN_TO_READ"] = True
    assert login.is_logged_in(basic("admin:" + PASSWORD))  # Access has checked the password before


def test_without_a_usable_password_nobody_gets_in():
    login, _, settings, _ = make()
    settings.values["ADMIN_PASSWORD"] = None
    assert log_in(login, "") is None
    assert not allowed(login, basic("admin:"))
    assert not allowed(login, basic("admin:None"))


def test_five_wrong_passwords_and_then_one_in_ten_seconds():
    login, clock, _, log = make()
    for number in range(5):
        assert log_in(login, "wrong %d" % number) is None
    wait = log_in(login)
    assert 10 <= wait <= 11
    refused = login.check(basic("admin:" + PASSWORD), OWNER)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(wait)
    for number in range(20):
        clock.pass_s(wait)
        assert log_in(login, "wrong again %d" % number) is None
        wait = log_in(login)
        assert 10 <= wait <= 11
    clock.pass_s(wait)
    assert "session=" in log_in(login)
    assert texts(log).count("Many wrong passwords from " + OWNER) == 1
    assert PASSWORD not in texts(log)


def test_a_stranger_never_keeps_the_owner_out():
    login, clock, _, _ = make()
    looked_at = 0
    for number in range(600):
        looked_at += log_in(login, "guess %d" % number, STRANGER) is None
        if number % 10 == 0:  # nor does the owner open the way for the stranger
            assert "session=" in log_in(login)
            assert allowed(login, basic("admin:" + PASSWORD))
        clock.pass_s(0.1)
    assert looked_at <= 5 + 6


def test_a_forgotten_script_never_keeps_its_owner_out():
    login, clock, settings, _ = make()
    for _ in range(100):
        assert login.check(basic("admin:an old one"), OWNER).status_code == 401
        assert "session=" in log_in(login)
        clock.pass_s(1)
    for _ in range(3):
        settings.values["ADMIN_PASSWORD"] = "an old one"
        assert allowed(login, basic("admin:an old one"))
        settings.values["ADMIN_PASSWORD"] = PASSWORD
        assert not allowed(login, basic("admin:an old one"))


def test_many_addresses_help_nobody():
    login, clock, _, _ = make()
    looked_at = 0
    for number in range(600):
        client = "192.168.4.%d" % (number % 200)
        looked_at += log_in(login, "guess %d" % number, client) is None
        clock.pass_s(0.1)
    assert looked_at <= 8 * (5 + 6)
    clock.pass_s(10)
    assert "session=" in log_in(login)


def test_sessions_work_while_passwords_do_not():
    login, _, _, _ = make()
    headers = session(login)
    for number in range(5):
        log_in(login, "wrong %d" % number)
    assert log_in(login) >= 10
    assert allowed(login, headers)


def test_several_cookies_of_that_name():
    login, _, _, _ = make()
    old = session(login)["cookie"]
    log_out(login, {"cookie": old})
    new = session(login)["cookie"]
    other = "session=of-another-server"
    for cookies in ((old, new), (new, old), (other, new), (new, other), (old, other, new, other)):
        assert allowed(login, {"cookie": "; ".join(cookies)})
        assert allowed(login, {"cookie": ", ".join(cookies)})  # as several Cookie fields are joined
    assert not allowed(login, {"cookie": old + "; " + other})
