"""The clock of the server under test. `adafruit_ticks` takes its milliseconds from here.

Time passes only when the test says so, which makes every time limit testable in no time. It starts
shortly before the 29-bit wrap of `supervisor.ticks_ms`, so that the limits are tested across it.
"""

_PERIOD = 1 << 29
_now = _PERIOD - 7000


def ticks_ms():
    return _now


def advance(milliseconds):
    """Let time pass."""
    global _now
    _now = (_now + milliseconds) % _PERIOD
