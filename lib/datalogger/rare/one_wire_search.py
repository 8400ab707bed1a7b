"""Finds the devices on a 1-Wire bus (Maxim application note 187)."""

from micropython import const

_SEARCH = b"\xf0"
_NO_FORK = const(-1)
_MAX_DEVICES = const(16)  # a disturbed bus would let the search find more and more


def search(bus, crc):
    """The 8 bytes that identify each device on the bus, in a list; without those whose checksum is
    wrong. Raises OSError when nothing answers. bus, crc: as in drivers/one_wire.py."""
    found = []
    rom = bytearray(8)
    fork = 64  # the last bit at which devices differed and those with 0 were taken
    for _ in range(_MAX_DEVICES):
        bus.start(_SEARCH)
        fork = _follow(bus.wire, rom, fork)
        if fork is None:
            break
        if not crc(rom):
            found.append(bytes(rom))
        if fork == _NO_FORK:
            break
    return found


def _follow(wire, rom, turn):
    """Find the next device: that of `rom` up to bit `turn`, with 1 there. Returns the fork before
    which all have been found, None when the devices fall silent."""
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
