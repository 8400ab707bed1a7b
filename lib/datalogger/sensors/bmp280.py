"""bmp280:SDA:ADDRESS: temperature and pressure of the air."""

import time

from ..drivers.bosch import BMP280, Bosch
from .buses import OnI2C


class Device(OnI2C):
    """Bosch BMP280. It goes on measuring, so that reading never waits."""

    channels = (
        ("air_temperature", "Air temperature", "°C", 1),
        ("pressure", "Air pressure", "hPa", 1),
    )

    def __init__(self, sda="", address="0x77"):
        self.read = Bosch(self.bus(sda), int(address, 16), BMP280).measure
        time.sleep(0.05)  # the first measurement
