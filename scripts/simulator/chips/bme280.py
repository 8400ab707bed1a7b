"""Bosch BME280 (datasheet BST-BME280-DS002, revision 1.6)."""

import struct

from core import clock

from .chip import Registers, searched

PIN = 0

# Calibration: temperature and pressure as in the example of the BMP280's datasheet, section 3.12.
_T = (27504, 26435, -1000)
_P = (36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
_H = (75, 362, 0, 313, 50, 30)

_ID, _RESET, _CTRL_HUM, _STATUS, _CTRL_MEAS = 0xD0, 0xE0, 0xF2, 0xF3, 0xF4
_MEASURE_US = 46000  # with pressure 16 times, the others once (section 9.1)
_SKIPPED = 0x80000  # what a value reads that was not measured


def attach(item, place, address):
    return [("i2c", Bosch(item, int(address or "0x77", 16), 0x60))]


class Bosch(Registers):
    """A BME280, or a BMP280, which has no humidity."""

    def __init__(self, item, address, chip_id):
        super().__init__(item, address)
        self._id = chip_id
        self._world = None  # what is measured
        self._raw = None  # and what the ADC makes of it
        self._done_at = None  # when the measurement under way ends, in µs
        self._reset()

    def _reset(self):
        registers = self.registers
        registers[0x80:] = bytes(128)
        registers[_ID] = self._id
        registers[0x88:0xA0] = struct.pack("<HhhHhhhhhhhh", *(_T + _P))
        if self._id == 0x60:
            registers[0xA1] = _H[0]
            h2, h3, h4, h5, h6 = _H[1:]
            packed = struct.pack("<hBbBbb", h2, h3, h4 >> 4, h4 & 15 | (h5 & 15) << 4, h5 >> 4, h6)
            registers[0xE1:0xE8] = packed
        self._put(_SKIPPED, _SKIPPED, 0x8000)

    def written(self, register, value):
        if register == _RESET:
            if value == 0xB6:
                self._reset()
        elif register in (_CTRL_HUM, _CTRL_MEAS, 0xF5):
            super().written(register, value)
            if register == _CTRL_MEAS and value & 3:
                self._done_at = clock.now_us() + _MEASURE_US

    def refresh(self):
        mode = self.registers[_CTRL_MEAS] & 3
        busy = self._done_at is not None and clock.now_us() < self._done_at
        if self.fault() == "slow" and mode in (1, 2):
            busy = False  # the clock was stretched for longer than that
        self.registers[_STATUS] = 8 if busy else 0
        if mode and not busy:
            self._measure()
            if mode != 3:
                self.registers[_CTRL_MEAS] &= ~3

    def _measure(self):
        world = (
            self.measured("temperature", 21.0, 2.0),
            self.measured("pressure", 1009.0, 4.0),
            self.measured("humidity", 48.0, 5.0),
        )
        if world != self._world:  # the search leaves garbage, which in MicroPython is the program's
            self._world = world
            self._raw = raw_values(*world)
        raw_p, raw_t, raw_h = self._raw
        control = self.registers[_CTRL_MEAS]
        self._put(
            raw_p if control >> 2 & 7 else _SKIPPED,
            raw_t if control >> 5 else _SKIPPED,
            raw_h if self.registers[_CTRL_HUM] & 7 else 0x8000,
        )

    def _put(self, raw_p, raw_t, raw_h):
        for register, raw in ((0xF7, raw_p), (0xFA, raw_t)):
            self.registers[register : register + 3] = struct.pack(">I", raw << 4)[1:]
        if self._id == 0x60:
            self.registers[0xFD:0xFF] = struct.pack(">H", raw_h)


def raw_values(celsius, hectopascal, percent):
    """(pressure, temperature, humidity) as the ADC reads them."""
    raw_t = searched(temperature, celsius, 0, 0xFFFFF)
    fine = temperature(raw_t) * 5120
    raw_p = searched(lambda raw: pressure(raw, fine), hectopascal, 0, 0xFFFFF)
    raw_h = searched(lambda raw: humidity(raw, fine), percent, 0, 0xFFFF)
    return raw_p, raw_t, raw_h


# The formulas of section 8.1, in floating point.


def temperature(raw):
    """°C."""
    first = (raw / 16384 - _T[0] / 1024) * _T[1]
    second = (raw / 131072 - _T[0] / 8192) ** 2 * _T[2]
    return (first + second) / 5120


def pressure(raw, fine):
    """hPa."""
    first = fine / 2 - 64000
    second = first * first * _P[5] / 32768 + first * _P[4] * 2
    second = second / 4 + _P[3] * 65536
    first = (_P[2] * first * first / 524288 + _P[1] * first) / 524288
    first = (1 + first / 32768) * _P[0]
    found = (1048576 - raw - second / 4096) * 6250 / first
    found += (_P[8] * found * found / 2147483648 + found * _P[7] / 32768 + _P[6]) / 16
    return found / 100


def humidity(raw, fine):
    """%, beyond 0 and 100 too."""
    first = fine - 76800
    second = raw - (_H[3] * 64 + _H[4] / 16384 * first)
    second *= _H[1] / 65536 * (1 + _H[5] / 67108864 * first * (1 + _H[2] / 67108864 * first))
    return second * (1 - _H[0] * second / 524288)
