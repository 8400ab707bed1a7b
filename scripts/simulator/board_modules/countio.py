"""`countio`: pulses that the computer sends at the rates of the condition `pulses`
(ports/raspberrypi/common-hal/countio/Counter.c)."""

from core import pulses, wiring


class Edge:
    RISE = None
    FALL = None
    RISE_AND_FALL = None

    def __init__(self):
        pass


Edge.RISE = Edge()
Edge.FALL = Edge()
Edge.RISE_AND_FALL = Edge()


class Counter:
    def __init__(self, pin, *, edge=Edge.FALL, pull=None):
        if pin._in_use:
            raise ValueError("%s in use" % pin._name)
        if wiring.pin_number(pin._name) % 2 == 0:
            raise RuntimeError("Pin must be on PWM Channel B")
        if edge is Edge.RISE_AND_FALL:
            raise NotImplementedError("RISE_AND_FALL not available on this chip")
        pin._in_use = True
        self._pin = pin
        self._base = pulses.counted(pin._name)

    def deinit(self):
        if self._pin is not None:
            self._pin._in_use = False
            self._pin = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.deinit()

    def reset(self):
        self.count = 0

    @property
    def count(self):
        if self._pin is None:
            raise ValueError(
                "Object has been deinitialized and can no longer be used. Create a new object."
            )
        return pulses.counted(self._pin._name) - self._base

    @count.setter
    def count(self, value):
        self._base = pulses.counted(self._pin._name) - value
