"""scd4x:SDA: CO2 in the air, with its temperature and humidity."""

from adafruit_ticks import ticks_ms
from micropython import const

from ..drivers.sensirion import Sensirion
from .buses import OnI2C

_STOP = b"\x3f\x86"
_START = b"\x21\xb1"
_IS_READY = b"\xe4\xb8"
_READ = b"\xec\x05"
_STOPS_MS = const(500)
_MAX_MS = const(15000)  # without a new value; there is one every 5 s


class Device(OnI2C):
    """Sensirion SCD40, SCD41 or SCD43 (datasheet version 1.7, section 3). It measures by itself."""

    channels = (
        ("co2", "CO₂", "ppm", 0),
        ("air_temperature", "Air temperature", "°C", 1),
        ("humidity", "Humidity", "%", 1),
    )

    def __init__(self, sda="", address="0x62"):
        self._chip = Sensirion(self.bus(sda), int(address, 16))
        self._chip.command(_STOP)  # it may have gone on measuring over a restart of the board
        self._latest = ticks_ms()
        self._started = False

    def read(self):
        waited = (ticks_ms() - self._latest) & 0x1FFFFFFF
        if not self._started:
            if waited >= _STOPS_MS:
                self._chip.command(_START)
                self._started = True
            return ()
        if not self._chip.command(_IS_READY, 1)[0] & 0x7FF:
            if waited > _MAX_MS:
                raise OSError("it measures no more")
            return ()
        self._latest = ticks_ms()
        co2, temperature, humidity = self._chip.command(_READ, 3)
        return co2, temperature * 175 / 65535 - 45, humidity * 100 / 65535
