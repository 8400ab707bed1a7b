"""ROHM BH1750FVI (datasheet 11046EDT01)."""

import struct

from .chip import I2CChip

PIN = 0
_POWER_DOWN, _RESET = 0x00, 0x07
_COUNTS = {0x10: 1.2, 0x11: 2.4, 0x13: 1.2}  # by mode of measuring: counts for each lux


def attach(item, place, address):
    return [("i2c", BH1750(item, int(address or "0x23", 16)))]


class BH1750(I2CChip):
    _mode = _POWER_DOWN

    def write(self, content):
        for command in content:
            if command in _COUNTS or command == _POWER_DOWN:
                self._mode = command

    def read(self, count):
        lux = self.measured("brightness", 320, 60)
        found = min(65535, round(lux * _COUNTS.get(self._mode, 0)))
        return struct.pack(">H", found)[:count]
