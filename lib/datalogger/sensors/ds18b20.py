"""ds18b20:PIN:SERIALS: one thermometer or several on a 1-Wire bus.

SERIALS are the last four hexadecimal digits of the serial numbers, separated by commas: these
thermometers make the channels, in this order, whether they answer or not. Without them it is all
that answer at the start.
"""

import struct

import board
from adafruit_ticks import ticks_ms
from micropython import const

from ..drivers.one_wire import Bus, crc
from ..on_demand import on_demand

_CONVERT_ALL = b"\xcc\x44"  # to all on the bus at once: Skip ROM, Convert T
_MATCH = b"\x55"  # to the one whose ROM code follows
_READ = b"\xbe"  # the scratchpad
_FAMILIES = b"\x28\x22\x3b"  # DS18B20, DS1822, DS1825: the first byte of the ROM code
_MAX_MS = const(1000)  # of a conversion; the datasheet says 750
_NOTHING = b"\xff" * 9  # what is read where nobody pulls the bus down
_AFTER_POWER_UP = const(85)  # °C: what a thermometer says that has not measured yet


class Device:
    """Maxim DS18B20 (datasheet 19-7487) with a power supply of their own (VDD). A reading fetches
    what the one before has started: a conversion takes 0.75 s."""

    channels = (("ds18b20", "Temperature", "°C", 1),)

    def __init__(self, pin="GP4", serials=""):
        self._bus = Bus(getattr(board, pin))
        try:
            self._thermometers = self._find([one for one in serials.lower().split(",") if one])
        except Exception:
            self.deinit()
            raise
        self._scratchpad = bytearray(9)
        self._started = None  # when, in ms

    def _find(self, wanted):
        found = {}
        for rom in on_demand("one_wire_search").search(self._bus, crc):
            if rom[0] in _FAMILIES:
                found["%02x%02x" % (rom[2], rom[1])] = rom
        wanted = wanted or sorted(found)
        if not found:
            raise OSError("no thermometer answers")
        self.channels = [
            ("t_" + one, "Temperature" if len(wanted) == 1 else "Temperature " + one, "°C", 1)
            for one in wanted
        ]
        return [found.get(one) for one in wanted]

    def read(self):
        found = ()
        if self._started is not None:
            if not self._is_done():
                return ()
            found = tuple([self._fetch(one) for one in self._thermometers])
        self._bus.start(_CONVERT_ALL)
        self._started = ticks_ms()
        return found

    def _is_done(self):
        """Whether all have finished: those that have not pull the bus down."""
        if self._bus.is_idle():
            return True
        if (ticks_ms() - self._started) & 0x1FFFFFFF > _MAX_MS:
            raise OSError("something holds the bus down")
        return False

    def _fetch(self, rom):
        """The temperature; the exception in its place when it can't be had."""
        if rom is None:
            return OSError("it did not answer at the start")
        found = self._scratchpad
        self._bus.start(_MATCH + rom + _READ)
        self._bus.fill(found)
        if found == _NOTHING:
            return OSError("it does not answer")
        if crc(found):
            return OSError("a checksum (CRC) is wrong")
        value = struct.unpack_from("<h", found)[0] / 16
        return OSError("it has lost its power") if value == _AFTER_POWER_UP else value

    def deinit(self):
        """After a failure the bus is searched anew."""
        self._bus.deinit()
