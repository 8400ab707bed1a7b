"""scd4x:SDA: CO2 in the air, with its temperature and humidity."""

from adafruit_scd4x import SCD4X
from adafruit_ticks import ticks_ms
from micropython import const

from .buses import OnI2C

_MAX_MS = const(15000)  # without a new value; there is one every 5 s


class Device(OnI2C):
    """Sensirion SCD40, SCD41 or SCD43, by Adafruit's driver. It measures by itself."""

    channels = (
        ("co2", "CO₂", "ppm", 0),
        ("air_temperature", "Air temperature", "°C", 1),
        ("humidity", "Humidity", "%", 1),
    )

    def __init__(self, sda="", address="0x62"):
        self._chip = SCD4X(self.bus(sda), int(address, 16))
        self._chip.start_periodic_measurement()
        self._latest = ticks_ms()

    def read(self):
        chip = self._chip
        if not chip.data_ready:
            if (ticks_ms() - self._latest) & 0x1FFFFFFF > _MAX_MS:
                raise OSError("it measures no more")
            return ()
        self._latest = ticks_ms()
        return chip.CO2, chip.temperature, chip.relative_humidity
