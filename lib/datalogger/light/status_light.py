"""Shows the state by the LED on the board or a NeoPixel."""

import board
import digitalio
from micropython import const

from ..status import FAULT

# By state: length of the animation, and until when in it the LED is on, in ms.
_PERIOD_MS = (400, 3000, 1200, 1000)
_ON_UNTIL_MS = (200, 60, 600, 100)
_SECOND_FLASH_MS = const(250)  # of FAULT
_STEP_MS = const(20)


class LedLight:
    """The LED on the board. The radio chip drives it, over its bus, so it is written only when it
    changes."""

    def __init__(self):
        self._pin = digitalio.DigitalInOut(board.LED)
        self._pin.direction = digitalio.Direction.OUTPUT
        self._on = None

    def show(self, state, at_ms, period_ms):
        """The animation of that state, so many ms after its start."""
        if state == FAULT and at_ms >= _SECOND_FLASH_MS:
            at_ms -= _SECOND_FLASH_MS
        on = at_ms < _ON_UNTIL_MS[state]
        if on != self._on:
            self._on = on
            self._pin.value = on


class StatusLight:
    """Runs the animation of the present state."""

    def __init__(self, clock, settings, log, state):
        """state: function that returns one of the states in status.py."""
        self._clock = clock
        self._settings = settings
        self._log = log
        self._state = state
        self._light = None

    def _make_light(self):
        pin_name = self._settings["NEOPIXEL_PIN"]
        if pin_name:
            try:
                from .pixel_light import PixelLight

                return PixelLight(self._settings, pin_name)
            except Exception as error:  # noqa: BLE001 - any driver may raise anything
                self._log.failure("No NeoPixel on %s." % pin_name, error)
        return LedLight()

    def run(self):
        """The task that animates (a generator)."""
        self._light = self._light or self._make_light()
        shown = self._state()
        start = due = self._clock.ticks
        while True:
            now = self._clock.ticks
            if not (now - due) & 0x10000000:  # due, in the arithmetic of wrapping ticks
                due = (now + _STEP_MS) & 0x1FFFFFFF
                state = self._state()
                at = (now - start) & 0x1FFFFFFF
                if state != shown or at >= _PERIOD_MS[state]:
                    shown = state
                    start = now
                    at = 0
                self._light.show(state, at, _PERIOD_MS[state])
            yield
