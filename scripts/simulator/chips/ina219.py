"""Texas Instruments INA219 (datasheet SBOS448G) with a shunt of 0.1 ohm."""

import struct

from .chip import I2CChip

PIN = 0
_CONFIGURATION, _SHUNT, _BUS, _CALIBRATION = 0, 1, 2, 5
_RESET = 0x8000
_OVERFLOW = 1
_MOST_MA = 3200  # at 320 mV


def attach(item, place, address):
    return [("i2c", INA219(item, int(address or "0x40", 16)))]


class INA219(I2CChip):
    _power_up = 0x399F

    def __init__(self, item, address):
        super().__init__(item, address)
        self._pointer = 0
        self._written = {_CONFIGURATION: self._power_up}

    def write(self, content):
        if content:
            self._pointer = content[0]
        if len(content) == 3:
            value = content[1] << 8 | content[2]
            if self._pointer == _CONFIGURATION and value & _RESET:
                self._written = {_CONFIGURATION: self._power_up}
            else:
                self._written[self._pointer] = value

    def read(self, count):
        return struct.pack(">H", self.register(self._pointer) & 0xFFFF)[:count]

    def register(self, pointer):
        """The value of a register."""
        milliamperes = self.measured("load_current", 150, 40)
        if pointer == _SHUNT:
            return round(milliamperes * 10)  # 10 µV each
        if pointer == _BUS:
            raw = round(self.measured("load_voltage", 5.0, 0.2) / 0.004)
            return raw << 3 | 2 | (_OVERFLOW if abs(milliamperes) > _MOST_MA else 0)
        return self._written.get(pointer, 0)
