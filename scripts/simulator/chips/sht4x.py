"""Sensirion SHT4x (datasheet version 6.5)."""

import struct

from core import clock

from .chip import I2CChip, crc8

PIN = 0
_SERIAL, _RESET = 0x89, 0x94
_MEASURE_US = {0xFD: 8300, 0xF6: 4500, 0xE0: 1600}  # the longest times of section 3.1


def attach(item, place, address):
    return [("i2c", SHT4x(item, int(address or "0x44", 16)))]


def words(chip, *values):
    """Words of 16 bits as Sensirion's chips send them: each with its checksum."""
    found = b""
    for value in values:
        word = struct.pack(">H", value)
        found += word + bytes((chip.check_word(word, crc8(word)),))
    return found


class SHT4x(I2CChip):
    _answer = b""
    _ready_us = 0

    def write(self, content):
        command = content[0] if content else None
        if command in _MEASURE_US:
            self._ready_us = clock.now_us() + _MEASURE_US[command]
            celsius = self.measured("temperature", 22.0, 2.0)
            percent = self.measured("humidity", 50.0, 5.0)
            self._answer = words(
                self, round((celsius + 45) * 65535 / 175), round((percent + 6) * 65535 / 125)
            )
        elif command == _SERIAL:
            self._answer = words(self, 0x1234, 0x5678)
        elif command == _RESET:
            self._answer = b""

    def read(self, count):
        if not self._answer or clock.now_us() < self._ready_us:
            self.refuse()  # as long as there is nothing to read
        found = self._answer[:count]
        self._answer = b""
        return found
