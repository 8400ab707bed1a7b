"""The app around a drive, wired as on a board, with a clock that the proof moves."""

import binascii
import hashlib
import json
import sys

from board_modules import Runtime, microcontroller, storage

_FIRST_EPOCH = 1795435200  # 2026-11-23T12:00:00Z
_UTC_OFFSET_S = 3600


class _Counting:
    """Counts its own readings, so that every row is different."""

    readings = 0

    def read(self):
        self.readings += 1
        return self.readings, self.readings, self.readings


class Board:
    """The app as it is wired on a board, but without Wi-Fi; stands in for the server that the
    handlers get. `at_s` is the uptime's zero as seconds after noon of 2026-11-23."""

    def __init__(self, witness=None, at_s=0, **values):
        """witness: is told by begins(path) and holds(path) of each recording that is deleted;
        values: settings of this run, in place of those in settings.toml."""
        from datalogger.app import wire
        from datalogger.clock import Clock
        from datalogger.log import Log
        from datalogger.sensors.readings import Channel, Sensor
        from datalogger.settings import Settings

        self._ms = 0
        clock = Clock(lambda: self._ms & ((1 << 29) - 1))
        clock.set(_FIRST_EPOCH + at_s, _UTC_OFFSET_S)
        log = Log(clock, echo=None)
        settings = Settings(log, nvm=microcontroller.nvm)
        settings.values.update(values)
        names = (("first", 1), ("second", 3), ("third", 0))
        channels = [Channel(name, name, "", decimals, 1, 0) for name, decimals in names]
        sensors = [Sensor("counting", _Counting, (), channels)]
        nvm = microcontroller.nvm
        self.app = wire(clock, log, settings, sensors, storage, Runtime, nvm, _no_reset)
        self.appended = set()  # names of recordings, to be cleared by whoever looks at it
        self._watch_growth()
        if witness:
            self._watch_deletions(witness)

    def _watch_growth(self):
        """Note which recordings grow."""
        grown = self.app.recordings.grown

        def watched(name, *more):
            grown(name, *more)
            self.appended.add(name)

        self.app.recordings.grown = watched

    def _watch_deletions(self, witness):
        """Tell the witness of recordings that go, whoever wants that: a client, or the recorder,
        which needs room."""
        recordings = self.app.recordings
        delete = recordings.delete

        def watched(name):
            path = recordings.path(name)[1:]
            witness.begins(path)
            deleted = delete(name)
            witness.holds(path)
            return deleted

        recordings.delete = watched

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
        for _ in self.saving_settings(**values):
            pass

    def saving_settings(self, **values):
        """The same as a generator, one step of the server each."""
        content = json.dumps(values).encode()
        response = yield from self._put("settings", "/api/settings", content)
        self._expect(200, response)

    def restore_settings(self, text):
        """PUT /api/settings.toml."""
        for _ in self._restoring(text.encode()):
            pass

    def _restoring(self, content):
        response = yield from self._put("settings_toml", "/api/settings.toml", content)
        self._expect(200, response)
        for _ in response.body:
            yield

    def delete_recording(self, name):
        """DELETE /api/files/NAME."""
        self._expect(200, self._request("recordings", "delete", "/api/files/" + name, ""))

    def delete_deployed(self, path):
        """DELETE /api/deploy/PATH."""
        self._expect(200, self._request("deploy", "delete", "/api/deploy/" + path, ""))

    def commit(self, uploads):
        """POST /api/deploy; returns whether the board must restart. uploads: (path, content)."""
        found = bytearray(32)
        for path, content in uploads:
            digest = "-"
            if content is not None:
                digest = binascii.hexlify(hashlib.sha256(content).digest()).decode()
            line = hashlib.sha256(("%s /%s" % (digest, path)).encode()).digest()
            for index in range(32):
                found[index] ^= line[index]
        body = {"fingerprint": binascii.hexlify(found).decode()}
        response = self._request("deploy", "post", "/api/deploy", body)
        self._expect(202, response)
        return not self.app.trial.committed

    def settle(self):
        """What the app does with an update after a minute."""
        from datalogger.on_demand import on_demand

        trial = self.app.trial
        trial.passed = trial.committed = True
        for _ in on_demand("settle").run(self.app, trial):
            pass

    def upload(self, path, content, headers):
        """PUT /api/deploy/PATH as a generator: one step per piece received."""
        response = yield from self._put("deploy", "/api/deploy/" + path, content, headers)
        self._expect(200, response)

    def alone(self, steps):
        """As the server has it: nobody else asks for anything here."""
        return steps

    def _put(self, module, path, content, headers=None):
        """Send a body into the handler of a PUT; returns the response."""
        from datalogger.on_demand import on_demand

        receiver = on_demand(module).put(self, path, "", headers or {}, b"")
        if not hasattr(receiver, "send"):
            return receiver
        next(receiver)
        start = 0
        try:
            while True:  # pieces of nothing tell the end, and let the handler take its steps
                receiver.send(memoryview(content)[start : start + 1460])
                start += 1460
                yield
        except StopIteration as end:
            return end.value

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
        if name.startswith(("datalogger", "rescue")) or name in ("ehttpserver", "adafruit_ticks"):
            del sys.modules[name]
