"""ds18b20:PIN:SERIALS: one thermometer or several on a 1-Wire bus.

SERIALS are the last four hexadecimal digits of the serial numbers, separated by commas: these
thermometers make the channels, in this order, whether they answer or not. Without them it is all
that answer at the start.
"""

import board
from adafruit_ds18x20 import DS18X20
from adafruit_onewire.bus import OneWireBus
from adafruit_ticks import ticks_ms
from micropython import const

_CONVERT_ALL = b"\xcc\x44"  # to all on the bus at once: Skip ROM, Convert T
_MAX_MS = const(1000)  # of a conversion; the datasheet says 750
_DONE = const(0xFF)
_AFTER_POWER_UP = const(85)  # °C: what a thermometer says that has not measured yet


class Device:
    """Maxim DS18B20 with a power supply of their own (VDD), by Adafruit's driver. A reading fetches
    what the one before has started: a conversion takes 0.75 s."""

    channels = (("ds18b20", "Temperature", "°C", 1),)

    def __init__(self, pin="GP4", serials=""):
        self._bus = OneWireBus(getattr(board, pin))
        try:
            self._thermometers = self._find([one for one in serials.lower().split(",") if one])
        except Exception:
            self.deinit()
            raise
        self._byte = bytearray(1)
        self._started = None  # when, in ms

    def _find(self, wanted):
        found = {}
        for address in self._bus.scan():
            if self._bus.crc8(address.rom) == 0:
                number = address.serial_number
                found["%02x%02x" % (number[1], number[0])] = DS18X20(self._bus, address)
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
        self._bus.reset(True)
        self._bus.write(_CONVERT_ALL)
        self._started = ticks_ms()
        return found

    def _is_done(self):
        """Whether all have finished: those that have not pull the bus down."""
        self._bus.readinto(self._byte)
        if self._byte[0] == _DONE:
            return True
        if (ticks_ms() - self._started) & 0x1FFFFFFF > _MAX_MS:
            raise OSError("something holds the bus down")
        return False

    def _fetch(self, thermometer):
        """The temperature; the exception in its place when it can't be had."""
        if thermometer is None:
            return OSError("it did not answer at the start")
        try:
            value = thermometer.read_temperature()
        except Exception as error:  # noqa: BLE001 - a checksum is wrong, or nothing answers
            return error
        return OSError("it has lost its power") if value == _AFTER_POWER_UP else value

    def deinit(self):
        """After a failure the bus is searched anew."""
        self._bus._ow.deinit()  # the driver has no way to do it
