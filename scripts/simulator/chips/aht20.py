"""Asair AHT20 (datasheet A1)."""

from core import clock

from .chip import I2CChip, crc8

PIN = 0
_INITIALISE, _MEASURE, _RESET = 0xBE, 0xAC, 0xBA
_BUSY, _CALIBRATED = 0x80, 0x08
_MEASURE_US = 80000
_SLOW_US = 60000000


def attach(item, place, address):
    return [("i2c", AHT20(item, int(address or "0x38", 16)))]


class AHT20(I2CChip):
    _status = 0x10
    _values = bytes(5)
    _ready_us = 0

    def write(self, content):
        command = content[0] if content else None
        if command == _INITIALISE:
            self._status |= _CALIBRATED
        elif command == _MEASURE:
            lasts = _SLOW_US if self.fault() == "slow" else _MEASURE_US
            self._ready_us = clock.now_us() + lasts
            self._measure()
        elif command == _RESET:
            self._ready_us = 0
        elif command is not None:
            self.refuse()  # also 0xE1, which the AHT10 has in the place of 0xBE

    def _measure(self):
        humidity = round(self.measured("humidity", 45.0, 5.0) * 0x100000 / 100)
        celsius = round((self.measured("temperature", 20.0, 2.0) + 50) * 0x100000 / 200)
        both = humidity << 20 | celsius
        self._values = bytes([both >> shift & 255 for shift in (32, 24, 16, 8, 0)])

    def read(self, count):
        busy = _BUSY if clock.now_us() < self._ready_us else 0
        found = bytes((self._status | busy,)) + self._values
        return (found + bytes((self.check_word(found, crc8(found)),)))[:count]
