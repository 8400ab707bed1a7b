"""Restarts the board once the answer to the request has left and the samples are written."""

from micropython import const

from .on_demand import on_demand

_DELAY_TENTHS = const(15)


class Restart:
    """`request()` asks for a restart; the task does it a moment later."""

    def __init__(self, clock, log, recorder, reset, nvm):
        """recorder: a Recorder; reset: function like microcontroller.reset; nvm:
        microcontroller.nvm."""
        self._clock = clock
        self.log = log
        self.recorder = recorder
        self._reset = reset
        self.nvm = nvm
        self._at = self.log_file = self.login = None  # the last two where there are any

    def request(self):
        """Restart in a moment."""
        if self._at is None:
            self.log.info("Restarting.")
            self._at = self._clock.tenths + _DELAY_TENTHS

    def run(self):
        """The task that waits for requests (a generator)."""
        while self._at is None or self._clock.tenths < self._at:
            yield
        try:
            yield from on_demand("last_steps").run(self)
            self._clock.keep()
        except Exception as error:  # noqa: BLE001 - what was asked for comes in any case
            self.log.failure("A last step failed.", error)
        self._reset()
