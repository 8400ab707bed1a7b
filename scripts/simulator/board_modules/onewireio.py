"""`onewireio`: the slots of 1-Wire, with the chips that are wired to the pin."""

from core import wiring


class OneWire:
    def __init__(self, pin):
        if pin._in_use:
            raise ValueError("%s in use" % pin._name)
        pin._in_use = True
        self._pin = pin
        self._wired = wiring.one_wire.get(wiring.pin_number(pin._name), ())

    def deinit(self):
        if self._pin is not None:
            self._pin._in_use = False
            self._pin = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.deinit()

    def _chips(self):
        if self._pin is None:
            raise ValueError(
                "Object has been deinitialized and can no longer be used. Create a new object."
            )
        return wiring.present(self._wired)

    def reset(self):
        chips = self._chips()
        for chip in chips:
            chip.reset()
        return not chips or wiring.is_stuck(chips)

    def read_bit(self):
        chips = self._chips()
        bits = [chip.read_bit() for chip in chips]
        return not wiring.is_stuck(chips) and 0 not in bits

    def write_bit(self, value):
        for chip in self._chips():
            chip.write_bit(int(bool(value)))
