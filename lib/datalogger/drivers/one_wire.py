"""A 1-Wire bus with several devices (Maxim application note 126). rare/one_wire_search.py finds them.

Adafruit's library of the bus takes 4.6 KB on a Pico W, this one a tenth.
"""

from onewireio import OneWire


def crc(content):
    """The checksum of these bytes, 0 when they end with their own (application note 27)."""
    found = 0
    for byte in content:
        found ^= byte
        for _ in range(8):
            found = found >> 1 ^ 0x8C if found & 1 else found >> 1
    return found


class Bus:
    """The bus at a pin; `wire` is its OneWire."""

    def __init__(self, pin):
        self.wire = OneWire(pin)

    def deinit(self):
        """Let others use the pin."""
        self.wire.deinit()

    def is_idle(self):
        """Whether no device pulls the bus down in a read slot."""
        return self.wire.read_bit()

    def start(self, command):
        """Reset the bus and write these bytes. Raises OSError when nothing answers."""
        wire = self.wire
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
                byte |= self.wire.read_bit() << place
            buffer[index] = byte
