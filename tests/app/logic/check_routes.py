"""Who may do what: every route that the admin server has against every kind of visitor.

The routes come from the server's own table, so that a new one can't be forgotten; what is expected
follows from method and path alone.
"""

import ehttpserver
from check_login import PASSWORD, basic, log_in, log_out, session
from ehttpserver import Response
from fakes import FakeSettings, MovedClock, quiet_log

_route = ehttpserver.route
ROUTED = []


def _noted(path, method="GET", *more, **named):
    ROUTED.append((method, path))  # on the board a compiled expression doesn't keep its text
    return _route(path, method, *more, **named)


ehttpserver.route = _noted

from datalogger.web.access import Access
from datalogger.web.login import Login
from datalogger.web.routes import AdminServer

HOST = "datalogger.local"
PAGES = ("/", "/index.html", "/style.css", "/nothing")
LISTING = ("/deployed.txt", "/DEPLOYED.txt", "/deployed.txt.gz")  # FAT knows no case
IN = "let in"


class Network:
    """What Access needs of an AccessPoint."""

    def is_own_name(self, name):
        return name in (HOST, "logger.lan")

    def address(self):
        return "192.168.4.1"


class App:
    """What every request needs of the app."""


def make(restricted=False):
    app = App()
    app.clock = MovedClock()
    app.clock.set(1795485459, 0)
    app.log = quiet_log(app.clock)
    app.settings = FakeSettings(ADMIN_PASSWORD=PASSWORD, ADMIN_LOGIN_TO_READ=restricted)
    app.login = Login(app.clock, app.settings, app.log)
    return AdminServer(app, Access(app.clock, app.settings, Network(), app.login))


def expand(pattern):
    """One path for each combination of the alternatives in a pattern of the route table."""
    paths, rest = _alternatives(pattern)
    assert not rest, pattern
    return paths


def _alternatives(rest):
    found = []
    while True:
        texts = [""]
        while rest and rest[0] not in "|)":
            pieces, rest = _atom(rest)
            texts = [text + piece for text in texts for piece in pieces]
        found += texts
        if rest[:1] != "|":
            return found, rest
        rest = rest[1:]


def _atom(rest):
    if rest[0] == "(":
        pieces, rest = _alternatives(rest[1:])
        rest = rest[1:]
    elif rest[:3] == "[.]":
        pieces, rest = ["."], rest[3:]
    elif rest[:5] == "[^/]+":
        pieces, rest = ["name"], rest[5:]
    elif rest[:2] in (".+", ".*"):
        pieces, rest = ["some/name"], rest[2:]
    else:
        assert rest[0] not in "[].*+?{\\^$", "teach expand() this pattern: " + rest
        pieces, rest = [rest[0]], rest[1:]
    if rest[:1] == "?":
        pieces, rest = pieces + [""], rest[1:]
    return pieces, rest


def routes():
    """(method, path) of all routes; of the pages, those that matter."""
    assert len(ROUTED) == len(ehttpserver._collect(AdminServer, AdminServer)) >= 7
    found = []
    for method, pattern in ROUTED:
        if pattern == "/.*":
            found += [(method, path) for path in PAGES + LISTING]
        else:
            found += [(method, path) for path in expand(pattern)]
    return found


def table(server, headers, client="192.168.4.16"):
    """{(method, path): what a visitor with these headers gets}: a status or IN."""
    server.client_address = client
    found = {}
    for method, path in routes():
        fields = {"host": HOST}
        fields.update(headers)
        answer = server.handle_request(method, path, "", fields, b"", _let_in)
        found[method, path] = IN if answer.body == b"let in" else answer.status_code
    return found


def _let_in(server, path, query_params, headers, body):
    return Response("let in")


def _disturbs(method, path):
    """Whether a route needs a login: it changes something, or it interrupts the network."""
    return method != "GET" or path == "/api/wifi/scan"


def expected(rule):
    """{(method, path): rule(whether the route needs a login, whether it is a page, path)}."""
    found = {}
    for method, path in routes():
        page = path in PAGES
        assert page or path in LISTING + ("/metrics",) or path.startswith("/api/"), path
        found[method, path] = rule(_disturbs(method, path), page, path)
    return found


def _reading_only(changes, page, path):
    return 401 if changes and path != "/api/login" else IN


def _pages_only(changes, page, path):
    return IN if page or path == "/api/login" else 401


def _everything(changes, page, path):
    return IN


def _nothing(changes, page, path):
    return 403


def _portal(changes, page, path):
    return 302 if page else 403


def test_patterns():
    assert expand("/a(b|c(/x|[.]y)?)?/[^/]+") == [
        "/ab/name",
        "/ac/x/name",
        "/ac.y/name",
        "/ac/name",
        "/a/name",
    ]
    assert expand("/a|/b/.+") == ["/a", "/b/some/name"]


def test_every_route_is_in_the_table():
    found = routes()
    for known in (
        ("GET", "/api/events"),
        ("GET", "/metrics"),
        ("GET", "/api/files/name"),
        ("PUT", "/api/settings.toml"),
        ("DELETE", "/api/log"),
        ("POST", "/api/restart"),
        ("GET", "/api/wifi/scan"),
        ("GET", "/api/wifi/try"),
        ("POST", "/api/wifi/try"),
    ):
        assert known in found, known


def test_nobody():
    assert table(make(), {}) == expected(_reading_only)
    assert table(make(True), {}) == expected(_pages_only)


def test_an_unset_clock_may_be_set_by_anybody():
    for restricted in (False, True):
        server = make(restricted)
        before = table(server, {})
        server.app.clock._zero = None
        after = table(server, {})
        assert before.pop(("POST", "/api/time")) == 401
        assert after.pop(("POST", "/api/time")) == IN
        assert before == after


def test_a_session():
    for restricted in (False, True):
        server = make(restricted)
        assert table(server, session(server.app.login)) == expected(_everything)


def test_an_ended_session():
    for restricted in (False, True):
        server = make(restricted)
        headers = session(server.app.login)
        log_out(server.app.login, headers)
        wanted = expected(_pages_only if restricted else _reading_only)
        assert table(server, headers) == wanted
        headers = session(server.app.login)
        server.app.clock.pass_s(3601)
        assert table(server, headers) == wanted


def test_another_cookie():
    for restricted in (False, True):
        server = make(restricted)
        right = session(server.app.login)["cookie"]
        wanted = expected(_pages_only if restricted else _reading_only)
        for cookie in (
            "",
            "session",
            "session=",
            "session=" + "0" * 32,
            right.replace("session", "sessions"),
            right.replace("session", "SESSION"),
            right[:-1],
            right + "0",
        ):
            assert table(server, {"cookie": cookie}) == wanted, cookie
        assert table(server, {"cookie": "a=b; session=0; " + right}) == expected(_everything)


def test_basic():
    for restricted in (False, True):
        server = make(restricted)
        assert table(server, basic("admin:" + PASSWORD)) == expected(_everything)
        wanted = expected(_pages_only if restricted else _reading_only)
        assert table(server, basic("admin:wrong")) == wanted
        assert table(server, {"authorization": "Bearer " + PASSWORD}) == wanted
        server.app.settings.values["ADMIN_PASSWORD"] = None
        assert table(server, basic("admin:" + PASSWORD)) == wanted
        assert table(server, basic("admin:")) == wanted


def test_a_wrong_password_counts_only_where_one_is_needed():
    server = make()
    for number in range(20):
        for method, path in routes():
            if not _disturbs(method, path):
                headers = basic("admin:%d" % number)
                headers["host"] = HOST
                server.client_address = "192.168.4.16"
                server.handle_request(method, path, "", headers, b"", _let_in)
    assert "session=" in log_in(server.app.login)


def test_a_foreign_page():
    server = make()
    for origin in (
        "http://evil.example",
        "https://evil.example",
        "https://datalogger.local.evil.example",
        "https://datalogger.local:8443",
        "http://logger.lan",
        "null",
        "",
        "HTTPS://",
        "ftp://" + HOST,
    ):
        headers = session(server.app.login)
        headers["origin"] = origin
        assert table(server, headers) == expected(_nothing), origin


def test_the_boards_own_pages():
    server = make()
    for host, origin in (
        (HOST, "http://" + HOST),
        (HOST, "https://" + HOST),
        (HOST, "https://logger.lan"),  # a proxy that names the board in its own way
        ("logger.lan:8443", "https://logger.lan:8443"),
        (HOST + ":80", "http://" + HOST + ":80"),
    ):
        headers = session(server.app.login)
        headers["host"] = host
        headers["origin"] = origin
        assert table(server, headers) == expected(_everything), origin


def test_a_foreign_name():
    server = make()
    for host in ("evil.example", "evil.example:80", "datalogger.local.evil.example", "192.168.4.2"):
        headers = session(server.app.login)
        headers["host"] = host
        assert table(server, headers) == expected(_portal), host
        headers["origin"] = "http://" + host  # DNS rebinding: both are the attacker's
        assert table(server, headers) == expected(_portal), host


def test_reading_is_restricted_meanwhile():
    server = make()
    assert table(server, {}) == expected(_reading_only)
    headers = session(server.app.login)
    server.app.settings.values["ADMIN_LOGIN_TO_READ"] = True
    assert table(server, {}) == expected(_pages_only)
    assert table(server, headers) == expected(_everything)
    assert table(server, basic("admin:" + PASSWORD)) == expected(_everything)
