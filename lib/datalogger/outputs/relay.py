"""relay:PIN: a relay, an LED, or anything else that a pin switches."""

import board
from digitalio import DigitalInOut


class Device:
    safe = False  # its state at the start

    def __init__(self, pin):
        self._pin = DigitalInOut(getattr(board, pin))

    def set(self, value):
        self._pin.switch_to_output(value)
