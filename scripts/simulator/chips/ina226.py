"""Texas Instruments INA226 (datasheet SBOS547B) with a shunt of 0.1 ohm."""

from .ina219 import INA219

PIN = 0
_SHUNT, _BUS, _MAKER, _DIE = 1, 2, 0xFE, 0xFF


def attach(item, place, address):
    return [("i2c", INA226(item, int(address or "0x40", 16)))]


class INA226(INA219):
    _power_up = 0x4127

    def register(self, pointer):
        if pointer == _SHUNT:
            return round(self.measured("load_current", 150, 40) * 40)  # 2.5 µV each
        if pointer == _BUS:
            return round(self.measured("load_voltage", 5.0, 0.2) / 0.00125)
        if pointer in (_MAKER, _DIE):
            return 0x5449 if pointer == _MAKER else 0x2260
        return super().register(pointer)
