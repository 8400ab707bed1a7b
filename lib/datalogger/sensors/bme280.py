"""bme280:SDA:ADDRESS: temperature, humidity and pressure of the air."""

import time

from ..drivers.bosch import BME280, Bosch
from .buses import OnI2C


class Device(OnI2C):
    """Bosch BME280. It goes on measuring, so that reading never waits."""

    channels = (
        ("air_temperature", "Air temperature", "°C", 1),
        ("humidity", "Humidity", "%", 1),
        ("pressure", "Air pressure", "hPa", 1),
    )

    def __init__(self, sda="", address="0x77"):
        self.read = Bosch(self.bus(sda), int(address, 16), BME280).measure
        time.sleep(0.05)  # the first measurement
