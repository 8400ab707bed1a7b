"""Maxim DS3231, a clock with a battery (datasheet 19-5170). `measured` {"ds3231": {"epoch": ...}} is the
time, in seconds since 1970, that it has at a start; without it the battery is empty."""

import time

from core import clock, conditions

from .chip import Registers

PIN = 0
_STATUS, _STOPPED = 0x0F, 0x80


def attach(item, place, address):
    return [("i2c", DS3231(item, 0x68))]


class DS3231(Registers):
    def __init__(self, item, address):
        super().__init__(item, address)
        known = conditions.now["measured"].get(self.kind, {})
        self.registers[_STATUS] = 0x08 if "epoch" in known else 0x88
        self._begin_s = known.get("epoch", 946684800) - clock.uptime_us() // 1000000

    def written(self, register, value):
        super().written(register, value)
        if register == 6:  # the last of the time
            month, year = _binary(self.registers[5] & 0x1F), 2000 + _binary(value)
            day = (year, month, _binary(self.registers[4]))
            times = [_binary(self.registers[at]) for at in (2, 1, 0)]
            now = time.mktime(time.struct_time(day + tuple(times) + (0, 0, -1)))
            self._begin_s = now - clock.uptime_us() // 1000000

    def refresh(self):
        now = time.localtime(self._begin_s + clock.uptime_us() // 1000000)
        values = (now[5], now[4], now[3], now[6] + 1, now[2], now[1], now[0] % 100)
        for register, value in enumerate(values):
            self.registers[register] = value // 10 << 4 | value % 10


def _binary(value):
    return (value >> 4) * 10 + (value & 0x0F)
