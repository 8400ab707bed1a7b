"""`analogio`: the RP2040 has inputs only, of 12 bits."""

from core import analog
from core.held_pin import HeldPin as _HeldPin

_ANALOG_PINS = ("A0", "A1", "A2", "A3")


class AnalogIn(_HeldPin):
    def __init__(self, pin):
        if pin._name not in _ANALOG_PINS:
            raise ValueError("Invalid pin")
        super().__init__(pin)

    @property
    def value(self):
        return analog.reading(self._open_pin()._name)

    @property
    def reference_voltage(self):
        return 3.3
