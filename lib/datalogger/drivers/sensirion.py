"""Sensirion's chips on I2C: commands, and answers of words that each have a checksum.

Adafruit's drivers take 5.5 KB (SCD4x) and 3.7 KB (SHT4x) on a Pico W, this one 0.6 KB.
"""

import time

from adafruit_bus_device.i2c_device import I2CDevice


class Sensirion:
    """A chip at that address of a bus. Raises ValueError when nothing answers there."""

    def __init__(self, i2c, address):
        self._device = I2CDevice(i2c, address)

    def command(self, code, count=0, wait_ms=1):
        """Write the bytes of a command; when it has an answer, wait for that and return its words
        in a list. Raises OSError, also when a checksum is wrong."""
        answer = bytearray(3 * count)
        with self._device as device:
            device.write(code)
            if count:
                time.sleep(wait_ms / 1000)
                device.readinto(answer)
        found = []
        for at in range(0, len(answer), 3):
            if _crc(answer[at : at + 2]) != answer[at + 2]:
                raise OSError("a checksum (CRC) is wrong")
            found.append(answer[at] << 8 | answer[at + 1])
        return found


def _crc(content):
    """The checksum of a word (SCD4x datasheet, section 3.12): polynomial 0x31, first 0xFF."""
    found = 0xFF
    for byte in content:
        found ^= byte
        for _ in range(8):
            found = found << 1 ^ 0x131 if found & 0x80 else found << 1
    return found
