"""Restarts the board once the answer to the request has left and the samples are written."""

from micropython import const

_DELAY_TENTHS = const(15)


class Restart:
    """`request()` asks for a restart; the task does it a moment later."""

    def __init__(self, clock, log, recorder, reset):
        """recorder: a Recorder; reset: function like microcontroller.reset."""
        self._clock = clock
        self._log = log
        self._recorder = recorder
        self._reset = reset
        self._at = None
        self.log_file = None

    def request(self):
        """Restart in a moment."""
        if self._at is None:
            self._log.info("Restarting.")
            self._at = self._clock.tenths + _DELAY_TENTHS

    def run(self):
        """The task that waits for requests (a generator)."""
        while self._at is None or self._clock.tenths < self._at:
            yield
        while self._recorder.write_step():
            yield
        if self.log_file:
            try:
                self.log_file.write()
            except OSError as error:
                self._log.failure("The log could not be written.", error)
        self._clock.keep()
        self._reset()
