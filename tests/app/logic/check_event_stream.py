"""An event stream ends when the right that opened it ends."""

from check_login import PASSWORD, basic, log_out, session
from datalogger.on_demand import on_demand
from datalogger.turns import Turn
from datalogger.web.login import Login
from fakes import FakeSettings, MovedClock, quiet_log, raises

event_stream = on_demand("event_stream")


class Part:
    """What a stream needs of the recorder, the readings and the status."""

    added = 0

    def __init__(self):
        self.samples = self

    def revision(self):
        return 0


class App:
    """What a stream needs of the app."""

    turns = long_turns = ()

    def __init__(self, restricted):
        self.recorder = self.readings = self.status = Part()
        self.clock = MovedClock()
        self.settings = FakeSettings(
            ADMIN_PASSWORD=PASSWORD, ADMIN_LOGIN_TO_READ=restricted, LIVE_SECONDS=1000000
        )
        self.login = Login(self.clock, self.settings, quiet_log(self.clock))
        self.streams = []


def open_stream(app, headers):
    event_stream.status = lambda app, logged_in: iter(("in" if logged_in else "out",))
    event_stream.live.texts = lambda readings, clock: iter(())
    app.streams.append(event_stream.EventStream(app, headers))
    assert heard(app)
    return app.streams[0]


def heard(app):
    """What the stream sends within twelve seconds, b"" once it has ended."""
    pieces = []
    for _ in range(12):
        app.clock.pass_s(1)
        for _ in range(5):
            try:
                pieces.append(bytes(next(app.streams[0])))
            except StopIteration:
                return b""
    return b"".join(pieces)


def test_with_the_session():
    for end in (
        lambda app, headers: log_out(app.login, headers),
        lambda app, headers: app.clock.pass_s(3600),  # unused
    ):
        app = App(True)
        headers = session(app.login)
        open_stream(app, headers)
        assert b"in" in heard(app)
        end(app, headers)
        assert not heard(app)


def test_with_a_session_that_is_used_until_its_end():
    app = App(True)
    headers = session(app.login)
    open_stream(app, headers)
    for _ in range(23):
        app.clock.pass_s(1800)
        assert app.login.is_logged_in(headers)
        assert heard(app)
    app.clock.pass_s(1800)
    assert not heard(app)


def test_looking_does_not_prolong():
    app = App(True)
    open_stream(app, session(app.login))
    for _ in range(320):
        if not heard(app):
            return
    raise AssertionError("the stream goes on after an hour without a request")


def test_with_the_password():
    app = App(True)
    open_stream(app, basic("admin:" + PASSWORD))
    assert b"in" in heard(app)
    app.settings.values["ADMIN_PASSWORD"] = "another one"
    assert not heard(app)


def test_when_reading_is_restricted_meanwhile():
    for headers in ({}, basic("admin:" + PASSWORD), {"cookie": "session=" + "0" * 32}):
        app = App(False)
        open_stream(app, headers)
        assert b"out" in heard(app)
        app.settings.values["ADMIN_LOGIN_TO_READ"] = True
        assert not heard(app)
    app = App(False)
    open_stream(app, session(app.login))
    app.settings.values["ADMIN_LOGIN_TO_READ"] = True
    assert b"in" in heard(app)


def test_no_status_is_made_beside_something_else():
    app = App(False)
    stream = open_stream(app, {})
    begun = False
    app.turns = [stream]  # somebody's turn
    for _ in range(28):
        app.clock.pass_s(1)
        next(stream)
        begun = begun or stream.begun
    assert not begun
    app.clock.pass_s(3)
    next(stream)
    assert stream.begun  # the page must hear of it some time
    for _ in range(5):
        next(stream)
    assert not stream.begun
    app.turns = ()
    other = event_stream.EventStream(app, {})
    other.begun = True
    app.streams.append(other)
    app.clock.pass_s(12)
    next(stream)
    assert not stream.begun


def test_somebodys_turn_waits_for_a_status_that_is_under_way():
    app = App(False)
    stream = open_stream(app, {})
    stream.begun = True
    steps = Turn([], (app.streams,), app.clock, 60).wait()
    next(steps)
    app.clock.pass_s(1)
    next(steps)
    stream.begun = False
    raises(StopIteration, next, steps)
