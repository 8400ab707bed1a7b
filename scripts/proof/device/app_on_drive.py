"""The app around a drive, wired as on a board, with a clock that the proof moves."""

import json
import sys

from board_modules import Runtime, microcontroller, storage

_FIRST_EPOCH = 1795435200  # 2026-11-23T12:00:00Z
_UTC_OFFSET_S = 3600


class _Sensor:
    """Counts its own readings, so that every row is different."""

    unit = ""
    decimals = 0
    readings = 0

    def read(self):
        type(self).readings += 1
        return self.readings


class First(_Sensor):
    name = label = "first"
    decimals = 1


class Second(_Sensor):
    name = label = "second"
    decimals = 3


class Third(_Sensor):
    name = label = "third"


class Board:
    """The app as it is wired on a board, but without Wi-Fi; stands in for the server that the
    handlers get. `at_s` is the uptime's zero as seconds after noon of 2026-11-23."""

    def __init__(self, at_s=0, **values):
        """values: settings of this run, in place of those in settings.toml."""
        from datalogger.app import wire
        from datalogger.clock import Clock
        from datalogger.log import Log
        from datalogger.settings import Settings

        self._ms = 0
        clock = Clock(lambda: self._ms & ((1 << 29) - 1))
        clock.set(_FIRST_EPOCH + at_s, _UTC_OFFSET_S)
        log = Log(clock, echo=None)
        settings = Settings(log)
        settings.values.update(values)
        sensors = (First, Second, Third)
        nvm = microcontroller.nvm
        self.app = wire(clock, log, settings, sensors, storage, Runtime, nvm, _no_reset)
        self.appended = set()  # names of recordings, to be cleared by whoever looks at it
        self._watch_recordings()

    def _watch_recordings(self):
        """Note which of them grow."""
        grown = self.app.recordings.grown

        def watched(name, *more):
            grown(name, *more)
            self.appended.add(name)

        self.app.recordings.grown = watched

    def step(self):
        """One round of the main loop."""
        self.app.tasks.step()
        if self.app.tasks.failing():
            raise RuntimeError("".join([self.app.log.line(one) for one in self.app.log.entries()]))

    def pass_s(self, seconds, step_s=60, after=None):
        """Let time pass, with some rounds of the main loop every `step_s`; `after()` follows each
        round."""
        for _ in range(0, seconds, step_s):
            self._ms += step_s * 1000
            for _ in range(80):  # an extent is filled sector by sector
                self.step()
                if after:
                    after()

    def put_settings(self, **values):
        """PUT /api/settings."""
        self._expect(200, self._request("settings", "put", "/api/settings", values))

    def restore_settings(self, text):
        """PUT /api/settings.toml."""
        self._expect(200, self._request("settings", "put", "/api/settings.toml", text))

    def delete_recording(self, name):
        """DELETE /api/files/NAME."""
        self._expect(200, self._request("recordings", "delete", "/api/files/" + name, ""))

    def delete_deployed(self, path):
        """DELETE /api/deploy/PATH."""
        self._expect(200, self._request("deploy", "delete", "/api/deploy/" + path, ""))

    def upload(self, path, content, headers):
        """PUT /api/deploy/PATH as a generator: one step per piece received or sent."""
        from datalogger.on_demand import on_demand

        module = on_demand("deploy")
        receiver = module.put(self, "/api/deploy/" + path, "", headers, b"")
        if not hasattr(receiver, "send"):
            self._expect(200, receiver)
        next(receiver)
        response = None
        for start in range(0, len(content) + 1460, 1460):
            try:
                receiver.send(memoryview(content)[start : start + 1460])
            except StopIteration as end:
                response = end.value
            yield
        self._expect((200, 201), response)
        for _ in response.body:
            yield

    def abandon_upload(self, path, content, headers, after):
        """An upload whose client goes away after so many bytes."""
        from datalogger.on_demand import on_demand

        receiver = on_demand("deploy").put(self, "/api/deploy/" + path, "", headers, b"")
        next(receiver)
        for start in range(0, after, 1460):
            receiver.send(memoryview(content)[start : start + 1460])
        receiver.close()

    def _request(self, module, method, path, body):
        from datalogger.on_demand import on_demand

        if not isinstance(body, str):
            body = json.dumps(body)
        return getattr(on_demand(module), method)(self, path, "", {}, body.encode())

    def _expect(self, status_code, response):
        allowed = (status_code,) if isinstance(status_code, int) else status_code
        if response.status_code not in allowed:
            raise RuntimeError("%d %s" % (response.status_code, response.body))


def _no_reset():
    raise RuntimeError("nobody asked for a restart")


def forget_modules():
    """Let the next Board import the app's modules from the drive again."""
    for name in list(sys.modules):
        if name.startswith("datalogger") or name in ("ehttpserver", "adafruit_ticks"):
            del sys.modules[name]
