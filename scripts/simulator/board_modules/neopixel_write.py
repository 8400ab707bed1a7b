"""`neopixel_write`: a strip's bytes as they would go out on the wire."""

from core import lights
from digitalio import Direction


def neopixel_write(digitalinout, buf):
    if digitalinout.direction is not Direction.OUTPUT:
        raise ValueError("pin must be an output")
    lights.shown(digitalinout._pin._name, buf)
