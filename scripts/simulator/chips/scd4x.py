"""Sensirion SCD41 (datasheet version 1.7)."""

from core import clock

from .chip import I2CChip
from .sht4x import words

PIN = 0
_START, _STOP, _READY, _READ, _SERIAL = 0x21B1, 0x3F86, 0xE4B8, 0xEC05, 0x3682
_PERIOD_US = 5000000


def attach(item, place, address):
    return [("i2c", SCD41(item, int(address or "0x62", 16)))]


class SCD41(I2CChip):
    _next_us = None  # when the next measurement is complete; None: it is idle
    _answer = b""

    def write(self, content):
        if len(content) < 2:
            return
        command = content[0] << 8 | content[1]
        self._answer = b""
        if command == _STOP:
            self._next_us = None
        elif command == _START:
            self._next_us = clock.now_us() + _PERIOD_US
        elif command == _READY:
            self._answer = words(self, 0x8006 if self._is_ready() else 0x8000)
        elif command == _READ:
            if not self._is_ready():
                self.refuse()
            self._next_us = clock.now_us() + _PERIOD_US
            celsius = self.measured("temperature", 23.0, 1.0)
            self._answer = words(
                self,
                round(self.measured("co2", 650, 80)),
                round((celsius + 45) * 65535 / 175),
                round(self.measured("humidity", 40.0, 5.0) * 65535 / 100),
            )
        elif self._next_us is not None:
            self.refuse()  # while it measures it takes nothing else
        elif command == _SERIAL:
            self._answer = words(self, 0x1234, 0x5678, 0x9ABC)

    def _is_ready(self):
        slow = self.fault() == "slow"
        return self._next_us is not None and clock.now_us() >= self._next_us and not slow

    def read(self, count):
        if not self._answer:
            self.refuse()
        return self._answer[:count]
