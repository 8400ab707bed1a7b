"""Maxim DS18B20 (datasheet 19-7487): ROM commands, scratchpad and conversion, bit by bit. Two of
them on a pin, or those whose serial numbers the item names."""

import binascii
import struct

from core import clock, conditions

from .chip import Chip

PIN = 4
_CONVERSION_US = 750000  # with 12 bits
_SLOW_US = 1400000  # the same of a faulty one

_SEARCH_ROM, _MATCH_ROM, _SKIP_ROM = 0xF0, 0x55, 0xCC
_CONVERT, _READ, _WRITE = 0x44, 0xBE, 0x4E


def attach(item, place, address):
    serials = [one for one in address.split(",") if one] or ["1a2b", "3c4d"]
    return [("1-wire", DS18B20(item, number, serial)) for number, serial in enumerate(serials)]


def maxim_crc(content):
    """The checksum of ROM and scratchpad: polynomial x^8 + x^5 + x^4 + 1, bits reversed."""
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
    return crc


class DS18B20(Chip):
    """One thermometer, with its own power supply. Faults of this one alone: condition `faults` with
    the item, "/" and its serial number."""

    def __init__(self, item, number, serial):
        super().__init__(item)
        self._name = item + "/" + serial
        high, low = binascii.unhexlify(serial)
        rom = bytes((0x28, low, high, 0, 0, 0, 0))
        self.rom = rom + bytes((maxim_crc(rom),))
        self._number = number
        self._scratch = bytearray(b"\x50\x05\x4b\x46\x7f\xff\x0c\x10\x00")  # 85 °C
        self._done_at = None
        self.reset()

    def fault(self):
        return conditions.now["faults"].get(self._name, super().fault())

    def reset(self):
        """The master's reset pulse."""
        self._state = "rom"
        self._shift = self._count = 0
        self._out = None

    def read_bit(self):
        """What the chip lets the bus be in a read slot: 0 pulls it down."""
        if self._state == "search":
            return self._search_bit()
        if self._state == "converting":
            return int(clock.now_us() >= self._done_at)
        if self._state != "reading" or self._count >= 72:
            return 1
        bit = self._out[self._count >> 3] >> (self._count & 7) & 1
        self._count += 1
        return bit

    def _search_bit(self):
        bit = self.rom[self._count >> 3] >> (self._count & 7) & 1
        self._turn += 1
        return bit if self._turn == 1 else 1 - bit

    def write_bit(self, bit):
        """The master writes a bit."""
        if self._state == "search":
            if self.rom[self._count >> 3] >> (self._count & 7) & 1 != bit:
                self._state = "idle"
            self._turn = 0
            self._count += 1
            if self._count == 64:
                self._state = "idle"
        elif self._state == "match":
            if self.rom[self._count >> 3] >> (self._count & 7) & 1 != bit:
                self._state = "idle"
            self._count += 1
            if self._state == "match" and self._count == 64:
                self._expect("function")
        elif self._state in ("rom", "function", "writing"):
            self._shift |= bit << self._count
            self._count += 1
            if self._count == (24 if self._state == "writing" else 8):
                self._complete(self._shift)

    def _expect(self, state):
        self._state = state
        self._shift = self._count = self._turn = 0

    def _complete(self, value):
        if self._state == "writing":
            self._scratch[2:5] = struct.pack("<I", value)[:3]
            self._expect("idle")
        elif self._state == "rom":
            states = {_SEARCH_ROM: "search", _MATCH_ROM: "match", _SKIP_ROM: "function"}
            self._expect(states.get(value, "idle"))
        elif value == _CONVERT:
            self._convert()
        elif value == _READ:
            self._expect("reading")
            self._finish()
            self._out = bytes(self._scratch[:8])
            crc = self.check_word(self._out, maxim_crc(self._out))
            self._out += bytes((crc,))
        else:
            self._expect("writing" if value == _WRITE else "idle")

    def _convert(self):
        self._expect("converting")
        lasts = _SLOW_US if self.fault() == "slow" else _CONVERSION_US
        self._done_at = clock.now_us() + lasts

    def _finish(self):
        """The end of a conversion, if it has come."""
        if self._done_at is not None and clock.now_us() >= self._done_at:
            celsius = self.measured("temperature", 18.0 + 3 * self._number, 1.5)
            self._scratch[:2] = struct.pack("<h", round(celsius * 16))
