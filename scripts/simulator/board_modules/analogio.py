"""`analogio`: the RP2040 has inputs only, of 12 bits."""

from core import analog

_ANALOG_PINS = ("A0", "A1", "A2", "A3")


class AnalogIn:
    def __init__(self, pin):
        if pin._name not in _ANALOG_PINS:
            raise ValueError("Invalid pin")
        if pin._in_use:
            raise ValueError("%s in use" % pin._name)
        pin._in_use = True
        self._pin = pin

    def deinit(self):
        if self._pin is not None:
            self._pin._in_use = False
            self._pin = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.deinit()

    @property
    def value(self):
        if self._pin is None:
            raise ValueError(
                "Object has been deinitialized and can no longer be used. Create a new object."
            )
        return analog.reading(self._pin._name)

    @property
    def reference_voltage(self):
        return 3.3
