"""Bosch BME280 (datasheet BST-BME280-DS002, revision 1.6) and BMP280 (BST-BMP280-DS001), on I2C.

Adafruit's drivers take 6.5 KB and 5.2 KB on a Pico W, for both of these chips this one less than
half of one of them.
"""

import struct

from adafruit_bus_device.i2c_device import I2CDevice
from micropython import const

BME280 = const(0x60)  # what the register of the identity says
BMP280 = const(0x58)

_IDENTITY = const(0xD0)  # registers
_CALIBRATION = const(0x88)  # of temperature and pressure
_CALIBRATION_H1 = const(0xA1)
_CALIBRATION_H2 = const(0xE1)
_VALUES = const(0xF7)  # pressure, temperature, humidity
# Register and content: humidity measured once, 125 ms between two measurements, no filter; then
# temperature measured once, pressure 16 times, on and on
_SETTINGS = (b"\xf2\x01", b"\xf5\x40", b"\xf4\x37")
_NOT_MEASURED = const(0x80000)


class Bosch:
    """A chip that measures by itself, the first time 44 ms after it was made (section 9.1)."""

    def __init__(self, i2c, address, identity):
        """i2c: a bus; address: 0x76 or 0x77; identity: BME280 or BMP280. Raises ValueError when
        nothing answers there, OSError when it is another chip."""
        self._device = I2CDevice(i2c, address)
        self._has_humidity = identity == BME280
        if self._read(_IDENTITY, 1)[0] != identity:
            raise OSError("another chip is at this address")
        self._dig = struct.unpack("<HhhHhhhhhhhh", self._read(_CALIBRATION, 24))
        if self._has_humidity:
            h2, h3, high4, low, high5, h6 = struct.unpack("<hBbBbb", self._read(_CALIBRATION_H2, 7))
            h1 = self._read(_CALIBRATION_H1, 1)[0]
            self._dig_h = h1, h2, h3, high4 << 4 | low & 15, high5 << 4 | low >> 4, h6
        with self._device as device:
            for setting in _SETTINGS:
                device.write(setting)

    def _read(self, register, count):
        found = bytearray(count)
        with self._device as device:
            device.write_then_readinto(bytes((register,)), found)
        return found

    def measure(self):
        """(°C, hPa), of a BME280 (°C, %, hPa). Raises OSError when it has not measured."""
        raw = self._read(_VALUES, 8 if self._has_humidity else 6)
        adc_p = raw[0] << 12 | raw[1] << 4 | raw[2] >> 4
        adc_t = raw[3] << 12 | raw[4] << 4 | raw[5] >> 4
        if adc_t == _NOT_MEASURED:
            raise OSError("it does not measure")
        fine = self._fine(adc_t)
        if not self._has_humidity:
            return fine / 5120, self._pressure(adc_p, fine)
        return fine / 5120, self._humidity(raw[6] << 8 | raw[7], fine), self._pressure(adc_p, fine)

    # The formulas of section 8.1, in floating point.

    def _fine(self, adc):
        t1, t2, t3 = self._dig[:3]
        first = adc / 16384 - t1 / 1024
        second = adc / 131072 - t1 / 8192
        return first * t2 + second * second * t3

    def _pressure(self, adc, fine):
        p1, p2, p3, p4, p5, p6, p7, p8, p9 = self._dig[3:]
        first = fine / 2 - 64000
        second = first * first * p6 / 32768 + first * p5 * 2
        second = second / 4 + p4 * 65536
        first = (p3 * first * first / 524288 + p2 * first) / 524288
        first = (1 + first / 32768) * p1
        found = (1048576 - adc - second / 4096) * 6250 / first
        return (found + (p9 * found * found / 2147483648.0 + found * p8 / 32768 + p7) / 16) / 100

    def _humidity(self, adc, fine):
        h1, h2, h3, h4, h5, h6 = self._dig_h
        first = fine - 76800
        found = adc - (h4 * 64 + h5 / 16384 * first)
        found *= h2 / 65536 * (1 + h6 / 67108864 * first * (1 + h3 / 67108864 * first))
        return min(100, max(0, found * (1 - h1 * found / 524288)))
