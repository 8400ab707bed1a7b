"""pulses:PIN: counts pulses, of a rain gauge, a flow or energy meter, an anemometer.

The pin has an odd number (CircuitPython counts with the second half of a PWM slice). What gives the
pulses switches it to ground; the board pulls it up.
"""

import board
import countio
import digitalio
from adafruit_ticks import ticks_ms
from micropython import const

_MIN_MS = const(900)  # to tell a rate from; the recorder may read sooner than that
_MAX = const(1000000)  # then the count begins anew: with three decimals no more could be kept
_TICKS_MASK = const(0x1FFFFFFF)


class Device:
    """The pulses since the start, and how many a second there are. A channel's factor makes
    millimetres of rain, litres or kilowatt-hours of them."""

    channels = (("pulses", "Pulses", "", 0), ("pulse_rate", "Pulse rate", "1/s", 3))

    def __init__(self, pin="GP15"):
        self._counter = countio.Counter(
            getattr(board, pin), edge=countio.Edge.FALL, pull=digitalio.Pull.UP
        )
        self._latest = 0
        self._at = ticks_ms()
        self._rate = 0

    def read(self):
        count = self._counter.count
        ms = (ticks_ms() - self._at) & _TICKS_MASK
        if ms >= _MIN_MS:
            self._rate = (count - self._latest) * 1000 / ms
            self._latest = count
            self._at = ticks_ms()
        return count % _MAX, self._rate

    def deinit(self):
        """After a failure the pin is taken anew."""
        self._counter.deinit()
