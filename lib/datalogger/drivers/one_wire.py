"""A 1-Wire bus with several devices (Maxim application note 126; the search: note 187).

Adafruit's library of the bus takes 4.6 KB on a Pico W, this one less than a third.
"""

from micropython import const
from onewireio import OneWire

_SEARCH = b"\xf0"
_NO_FORK = const(-1)
_MAX_DEVICES = const(16)  # a disturbed bus would let the search find more and more


def crc(content):
    """The checksum of these bytes, 0 when they end with their own (application note 27)."""
    found = 0
    for byte in content:
        found ^= byte
        for _ in range(8):
            found = found >> 1 ^ 0x8C if found & 1 else found >> 1
    return found


class Bus:
    """The bus at a pin."""

    def __init__(self, pin):
        self._wire = OneWire(pin)

    def deinit(self):
        """Let others use the pin."""
        self._wire.deinit()

    def is_idle(self):
        """Whether no device pulls the bus down in a read slot."""
        return self._wire.read_bit()

    def start(self, command):
        """Reset the bus and write these bytes. Raises OSError when nothing answers."""
        wire = self._wire
        if wire.reset():
            raise OSError("nothing answers on the bus")
        for byte in command:
            for place in range(8):
                wire.write_bit(byte >> place & 1)

    def fill(self, buffer):
        """Read bytes until the buffer is full."""
        for index in range(len(buffer)):
            byte = 0
            for place in range(8):
                byte |= self._wire.read_bit() << place
            buffer[index] = byte

    def search(self):
        """The 8 bytes that identify each device on the bus, in a list; without those whose checksum
        is wrong. Raises OSError when nothing answers."""
        found = []
        rom = bytearray(8)
        fork = 64  # the last bit at which devices differed and those with 0 were taken
        for _ in range(_MAX_DEVICES):
            self.start(_SEARCH)
            fork = self._follow(rom, fork)
            if fork is None:
                break
            if not crc(rom):
                found.append(bytes(rom))
            if fork == _NO_FORK:
                break
        return found

    def _follow(self, rom, turn):
        """Find the next device: that of `rom` up to bit `turn`, with 1 there. Returns the fork
        before which all have been found, None when the devices fall silent."""
        wire = self._wire
        fork = _NO_FORK
        for index in range(64):
            place = index & 7
            bit, inverse = wire.read_bit(), wire.read_bit()
            if bit and inverse:
                return None
            if bit == inverse:  # there are devices with either
                bit = index == turn or index < turn and rom[index >> 3] >> place & 1
                if not bit:
                    fork = index
            rom[index >> 3] = rom[index >> 3] & ~(1 << place) | bool(bit) << place
            wire.write_bit(bit)
        return fork
