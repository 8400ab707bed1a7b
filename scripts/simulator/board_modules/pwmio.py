"""`pwmio`: pulses of a width that is reported to the computer where it asks for that
(ports/raspberrypi/common-hal/pwmio/PWMOut.c)."""

from core import lights
from core.held_pin import HeldPin as _HeldPin


class PWMOut(_HeldPin):
    def __init__(self, pin, *, duty_cycle=0, frequency=500, variable_frequency=False):
        super().__init__(pin)
        self._frequency = frequency
        self._is_variable = variable_frequency
        self.duty_cycle = duty_cycle

    @property
    def duty_cycle(self):
        self._open_pin()
        return self._duty_cycle

    @duty_cycle.setter
    def duty_cycle(self, value):
        name = self._open_pin()._name
        if not 0 <= value <= 0xFFFF:
            raise ValueError("duty_cycle must be 0-65535")
        self._duty_cycle = value
        lights.switched(name, value)

    @property
    def frequency(self):
        self._open_pin()
        return self._frequency

    @frequency.setter
    def frequency(self, value):
        self._open_pin()
        if not self._is_variable:
            raise AttributeError(
                "PWM frequency not writable when variable_frequency is False on construction."
            )
        self._frequency = value
