"""A stream of server-sent events (WHATWG HTML, section 9.2)."""

import json

from micropython import const

from ..on_demand import borrow, give_back, on_demand
from ..web.answers import batches

live = on_demand("readings")

_STATUS_TENTHS = const(100)
_BUSY_TENTHS = const(300)  # while other answers are made: there may be no memory for this one
_PACE_TENTHS = const(10)  # between two status events, whatever happens


class EventStream:
    """The body of an event stream. It is no generator, because closing one that was never started
    does not run its `finally`. `begun` says, as for a Turn, that code is loaded for it."""

    begun = False

    def __init__(self, app, headers):
        """headers: of the request, with the session of the client."""
        self._app = app
        self._cookie = {"cookie": headers.get("cookie", "")}
        # What let it in where reading needs a login and it has no session
        by_password = app.settings["ADMIN_LOGIN_TO_READ"] and not app.login.session(headers)
        self._password = app.settings["ADMIN_PASSWORD"] if by_password else None
        self._looked_at = -1
        self._revision = -1
        self._status_at = 0
        self._readings_at = 0
        self._sample = app.recorder.samples.added
        self._event = None  # pieces of the event that is being sent

    def __iter__(self):
        return self

    def __next__(self):
        if self._event:
            for piece in self._event:
                return piece
            self._event = None
            self.begun = False
        clock = self._app.clock
        if clock.tenths != self._looked_at:
            self._looked_at = clock.tenths
            texts = self._status() or self._readings() or self._samples()
            if texts:
                self._event = batches(texts)
        return b""

    def close(self):
        """Let another stream be opened."""
        if self._event:
            self._event.close()
            self._event = None
        streams = self._app.streams
        if self in streams:
            streams.remove(self)

    def _status(self):
        app = self._app
        now = app.clock.tenths
        revision = app.status.revision()
        waited = now - self._status_at
        if revision == self._revision and waited < _STATUS_TENTHS:
            return None
        logged_in = self._is_logged_in()
        if app.settings["ADMIN_LOGIN_TO_READ"] and not logged_in:
            raise StopIteration  # what let it in has ended
        pace = _BUSY_TENTHS if self._others_are_served() else _PACE_TENTHS
        if self._revision >= 0 and waited < pace:
            return None
        self.begun = True
        self._revision = revision
        self._status_at = now
        return event("status", status(app, logged_in))

    def _others_are_served(self):
        app = self._app
        if app.turns or app.long_turns:
            return True
        for stream in app.streams:
            if stream.begun:
                return True
        return False

    def _is_logged_in(self):
        app = self._app
        password = self._password
        if password is not None and password == app.settings["ADMIN_PASSWORD"]:
            return True
        return app.login.session(self._cookie) is not None

    def _readings(self):
        now = self._app.clock.tenths
        if now < self._readings_at:
            return None
        self._readings_at = now + self._app.settings["LIVE_SECONDS"] * 10
        return event("readings", live.texts(self._app.readings, self._app.clock))

    def _samples(self):
        samples = self._app.recorder.samples
        if self._sample == samples.added:
            return None
        row = self._sample = max(self._sample, samples.added - samples.capacity)
        self._sample += 1
        clock = self._app.clock
        text = '{"t":%s,"epoch":%s,"row":[%s]}' % (
            clock.uptime_text(samples.time(row)),
            json.dumps(clock.epoch(samples.time(row))),
            live.row_json(self._app.readings, samples, row),
        )
        return event("sample", (text,))


def status(app, logged_in):
    """The texts of the status (a generator)."""
    module = borrow("status")
    try:
        yield from module.texts(app, logged_in)
    finally:
        give_back("status")


def event(name, texts):
    """The texts of one event (a generator); texts: its data, without line ends."""
    yield "event: %s\ndata: " % name
    yield from texts
    yield "\n\n"
