"""analog:PIN: the voltage at a pin. Factor and offset of the channel make another unit of it."""

import analogio
import board
from micropython import const

_TIMES = const(16)  # that a value is read: one alone is noisy


class Device:
    """An analog input of the RP2040: 0 to 3.3 V, 12 bits."""

    channels = (("analog", "Voltage", "V", 3),)

    def __init__(self, pin="GP26"):
        self._input = analogio.AnalogIn(getattr(board, pin))
        self.channels = (("analog_" + pin.lower(), "Voltage at " + pin, "V", 3),)

    def read(self):
        total = 0
        for _ in range(_TIMES):
            total += self._input.value
        return total / _TIMES * self._input.reference_voltage / 65535

    def deinit(self):
        """After a failure the pin is taken anew."""
        self._input.deinit()
