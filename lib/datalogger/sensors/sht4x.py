"""sht4x:SDA:ADDRESS: temperature and humidity of the air."""

from micropython import const

from ..drivers.sensirion import Sensirion
from .buses import OnI2C

_MEASURE = b"\xfd"  # with high precision
_MEASURES_MS = const(10)


class Device(OnI2C):
    """Sensirion SHT40, SHT41 or SHT45 (datasheet version 6.5)."""

    channels = (
        ("air_temperature", "Air temperature", "°C", 2),
        ("humidity", "Humidity", "%", 1),
    )

    def __init__(self, sda="", address="0x44"):
        self._chip = Sensirion(self.bus(sda), int(address, 16))

    def read(self):
        temperature, humidity = self._chip.command(_MEASURE, 2, _MEASURES_MS)
        return temperature * 175 / 65535 - 45, min(100, max(0, humidity * 125 / 65535 - 6))
