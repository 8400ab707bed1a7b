"""sht4x:SDA:ADDRESS: temperature and humidity of the air."""

from adafruit_sht4x import SHT4x

from .buses import OnI2C


class Device(OnI2C):
    """Sensirion SHT40, SHT41 or SHT45, by Adafruit's driver. A measurement takes 10 ms."""

    channels = (
        ("air_temperature", "Air temperature", "°C", 2),
        ("humidity", "Humidity", "%", 1),
    )

    def __init__(self, sda="", address="0x44"):
        self._chip = SHT4x(self.bus(sda), int(address, 16))

    def read(self):
        return self._chip.measurements
