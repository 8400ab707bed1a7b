"""A clock chip with a battery on I2C: DS3231 (Maxim datasheet 19-5170) or PCF8523 (NXP, Rev. 7). It
holds UTC.

Adafruit's driver of the DS3231 takes 8.5 KB with its register library; seven registers need less.
"""

import sys
import time

import board
import busio
from micropython import const

from ..on_demand import on_demand

dates = on_demand("dates")

_ADDRESS = const(0x68)  # both
_SDA = "GP0"
# Register of the seconds; which of the seven are hours, day, month and year; which is the day of the
# week, and its first; register whose highest bit tells that the clock has stopped.
_DS3231 = (0, (2, 4, 5, 6), 3, 1, 0x0F)
_PCF8523 = (3, (2, 3, 5, 6), 4, 0, 0x03)
_POWER = const(2)  # register of the PCF8523: 0 lets the battery take over
_TRIES = const(100)


class Chip:
    """The chip that the setting RTC_CHIP names. Close it after use."""

    def __init__(self, setting):
        """setting: such as "ds3231:GP4", the pin that SDA is at; SCL is the next one. Raises
        RuntimeError, OSError or ValueError when no such chip answers."""
        kind, _, sda = setting.partition(":")
        self._is_pcf = kind == "pcf8523"
        self._map = _PCF8523 if self._is_pcf else _DS3231
        sda = sda or _SDA
        buses = sys.modules.get("datalogger.sensors.buses")  # there when a sensor is on I2C
        self._own = None
        self._bus = buses.made.get(sda) if buses else None
        if self._bus is None:
            scl = getattr(board, "GP%d" % (int(sda[2:]) + 1))
            self._bus = self._own = busio.I2C(scl, getattr(board, sda))
        for _ in range(_TRIES):
            if self._bus.try_lock():
                return
        raise OSError("the I2C bus is in use")

    def close(self):
        """Let others use the bus."""
        self._bus.unlock()
        if self._own:
            self._own.deinit()

    def read(self):
        """Seconds since 1970, None when the chip has lost the time. Raises OSError, and ValueError
        for what is no time."""
        start, places, _, _, status = self._map
        if self._registers(status, 1)[0] & 0x80:
            return None
        found = self._registers(start, 7)
        hour, day, month, year = [found[place] for place in places]
        number = dates.day_number(2000 + _binary(year), _binary(month & 0x1F), _binary(day & 0x3F))
        seconds = _binary(found[0] & 0x7F) + 60 * _binary(found[1] & 0x7F)
        return number * 86400 + seconds + 3600 * _binary(hour & 0x3F)

    def write(self, epoch):
        """Set the chip to seconds since 1970 of this century. Raises OSError."""
        start, places, weekday, first, status = self._map
        year, month, day, hour, minute, second, name = time.localtime(epoch)[:7]
        content = bytearray(8)
        content[0] = start
        content[weekday + 1] = name + first
        values = (second, minute, hour, day, month, year % 100)
        for place, value in zip((0, 1) + places, values):
            content[place + 1] = value // 10 << 4 | value % 10
        self._bus.writeto(_ADDRESS, content)
        if self._is_pcf:
            self._bus.writeto(_ADDRESS, bytes((_POWER, 0)))
        else:
            left = self._registers(status, 1)[0] & 0x7F
            self._bus.writeto(_ADDRESS, bytes((status, left)))

    def _registers(self, first, count):
        found = bytearray(count)
        self._bus.writeto_then_readfrom(_ADDRESS, bytes((first,)), found)
        return found


def _binary(value):
    """The number that a byte of two decimal digits means. Raises ValueError."""
    if value & 0x0F > 9 or value > 0x99:
        raise ValueError("the clock chip holds no time")
    return (value >> 4) * 10 + (value & 0x0F)


def read(setting):
    """Seconds since 1970 of the chip, None when it has lost the time; raises as Chip does."""
    chip = Chip(setting)
    try:
        return chip.read()
    finally:
        chip.close()


def write(setting, epoch):
    """Set the chip; raises as Chip does."""
    chip = Chip(setting)
    try:
        chip.write(epoch)
    finally:
        chip.close()
