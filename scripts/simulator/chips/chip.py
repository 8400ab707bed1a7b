"""What all models have in common."""

import math

from core import clock, conditions, guard, host

_EIO = 5
_ENODEV = 19
_SLOW_US = 1200000  # that a slow chip stretches the clock for, each transfer


class Chip:
    """A chip with faults that can be switched on, and with a world to measure: plausible values
    that drift, or those that the computer sets."""

    def __init__(self, item, address=0):
        """item: as in the condition `sensors`; address: on I2C."""
        self.item = item
        self.kind = item.partition(":")[0]
        self.address = address

    def fault(self):
        """The fault that is switched on, None without."""
        return self._condition("faults")

    def measured(self, quantity, usual, swing):
        """The value of a quantity: it swings around the usual one unless the computer sets it."""
        found = self._condition("measured") or {}
        if quantity in found:
            return found[quantity]
        return round(usual + swing * math.sin(clock.now_us() / 600e6), 1)

    def _condition(self, name):
        known = conditions.now[name]
        return known.get(self.item, known.get(self.kind))

    def check_word(self, content, crc):
        """The checksum of a word, which a fault spoils."""
        return crc ^ 0xFF if self.fault() == "crc" else crc


class I2CChip(Chip):
    """A chip on I2C: write() takes the bytes after the address, read() gives as many as are
    wanted."""

    def transfer(self, out, count):
        """One transfer: bytes written, None for none, then so many read. Raises OSError where the
        chip does not acknowledge."""
        if self.fault() == "slow":
            guard.hold(_SLOW_US)
        if out is not None:
            self.write(out)
        return self.read(count) if count else b""

    def refuse(self):
        """Do not acknowledge."""
        raise host.error(_ENODEV)


class Registers(I2CChip):
    """A chip with registers of one byte and a pointer that grows by one."""

    def __init__(self, item, address):
        super().__init__(item, address)
        self.registers = bytearray(256)
        self._pointer = 0

    def write(self, content):
        if content:
            self._pointer = content[0]
        for value in content[1:]:
            self.written(self._pointer, value)
            self._pointer = (self._pointer + 1) & 0xFF

    def read(self, count):
        self.refresh()
        found = bytearray(count)
        for index in range(count):
            found[index] = self.registers[self._pointer]
            self._pointer = (self._pointer + 1) & 0xFF
        return found

    def written(self, register, value):
        """A register is written."""
        self.registers[register] = value

    def refresh(self):
        """Bring the registers up to date before some are read."""


def crc8(content, start=0xFF, polynomial=0x31):
    """The checksum of Sensirion's and Asair's chips."""
    crc = start
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1) ^ polynomial if crc & 0x80 else crc << 1
            crc &= 0xFF
    return crc


def searched(function, wanted, low, high):
    """The whole number from low to high for which a monotonous function comes closest to the
    wanted value: what an ADC must have read."""
    rising = function(high) > function(low)
    while high - low > 1:
        middle = (low + high) // 2
        if (function(middle) < wanted) == rising:
            low = middle
        else:
            high = middle
    return low if abs(function(low) - wanted) <= abs(function(high) - wanted) else high
