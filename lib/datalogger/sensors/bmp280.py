"""bmp280:SDA:ADDRESS: temperature and pressure of the air."""

import time

import adafruit_bmp280

from .buses import OnI2C


class Device(OnI2C):
    """Bosch BMP280, by Adafruit's driver."""

    channels = (
        ("air_temperature", "Air temperature", "°C", 1),
        ("pressure", "Air pressure", "hPa", 1),
    )

    def __init__(self, sda="", address="0x77"):
        self._chip = adafruit_bmp280.Adafruit_BMP280_I2C(self.bus(sda), int(address, 16))
        self._chip.mode = adafruit_bmp280.MODE_NORMAL  # it goes on measuring: reading never waits
        time.sleep(0.05)  # the first measurement

    def read(self):
        return self._chip.temperature, self._chip.pressure
