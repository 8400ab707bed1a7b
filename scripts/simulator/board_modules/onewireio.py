"""`onewireio`: the slots of 1-Wire, with the chips that are wired to the pin."""

from core import wiring
from core.held_pin import HeldPin as _HeldPin


class OneWire(_HeldPin):
    def __init__(self, pin):
        super().__init__(pin)
        self._wired = wiring.one_wire.get(wiring.pin_number(pin._name), ())

    def _chips(self):
        self._open_pin()
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
