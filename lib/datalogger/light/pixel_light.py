"""The status light on a NeoPixel."""

import board
import neopixel

_COLOURS = ((0, 0, 255), (0, 255, 0), (255, 160, 0), (255, 0, 0))  # by state
_STEPS = 64  # of brightness


class PixelLight:
    """A NeoPixel that breathes in the state's colour."""

    def __init__(self, settings, pin_name):
        """pin_name: such as "GP16"; ValueError or AttributeError when that can't be."""
        self._settings = settings
        self._pixels = neopixel.NeoPixel(
            getattr(board, pin_name), 1, brightness=1, auto_write=False
        )
        self._shown = -1

    def show(self, state, at_ms, period_ms):
        """The animation of that state, so many ms after its start."""
        rise = min(at_ms, period_ms - at_ms) * 2
        level = 8 + (_STEPS - 8) * rise // period_ms
        level = level * self._settings["NEOPIXEL_PERCENT"] // 100
        shown = level * 4 + state
        if shown != self._shown:
            self._shown = shown
            red, green, blue = _COLOURS[state]
            self._pixels[0] = (
                red * level // _STEPS,
                green * level // _STEPS,
                blue * level // _STEPS,
            )
            self._pixels.show()
