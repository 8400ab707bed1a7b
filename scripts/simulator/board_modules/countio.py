"""`countio`: pulses that the computer sends at the rates of the condition `pulses`
(ports/raspberrypi/common-hal/countio/Counter.c)."""

from core import pulses, wiring
from core.held_pin import HeldPin as _HeldPin


class Edge:
    RISE = None
    FALL = None
    RISE_AND_FALL = None

    def __init__(self):
        pass


Edge.RISE = Edge()
Edge.FALL = Edge()
Edge.RISE_AND_FALL = Edge()


class Counter(_HeldPin):
    def __init__(self, pin, *, edge=Edge.FALL, pull=None):
        if wiring.pin_number(pin._name) % 2 == 0:
            raise RuntimeError("Pin must be on PWM Channel B")
        if edge is Edge.RISE_AND_FALL:
            raise NotImplementedError("RISE_AND_FALL not available on this chip")
        super().__init__(pin)
        self._base = pulses.counted(pin._name)

    def reset(self):
        self.count = 0

    @property
    def count(self):
        return pulses.counted(self._open_pin()._name) - self._base

    @count.setter
    def count(self, value):
        self._base = pulses.counted(self._pin._name) - value
