"""bme280:SDA:ADDRESS: temperature, humidity and pressure of the air."""

import time

from adafruit_bme280 import basic

from .buses import OnI2C


class Device(OnI2C):
    """Bosch BME280, by Adafruit's driver."""

    channels = (
        ("air_temperature", "Air temperature", "°C", 1),
        ("humidity", "Humidity", "%", 1),
        ("pressure", "Air pressure", "hPa", 1),
    )

    def __init__(self, sda="", address="0x77"):
        self._chip = basic.Adafruit_BME280_I2C(self.bus(sda), int(address, 16))
        self._chip.mode = basic.MODE_NORMAL  # it goes on measuring, so that reading never waits
        time.sleep(0.05)  # the first measurement

    def read(self):
        chip = self._chip
        return chip.temperature, chip.humidity, chip.pressure
