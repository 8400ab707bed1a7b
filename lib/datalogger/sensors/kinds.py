"""The list of the sensors. For one of your own, put a class with the five names below into a file
beside this one and list it in SENSORS.

class Pressure:
    name = "pressure"  # column in the recordings: small letters, digits, underscore
    label = "Air pressure"  # what people read
    unit = "hPa"
    decimals = 1

    def __init__(self):  # may raise: it is tried again later
        self._device = adafruit_bmp280.Adafruit_BMP280_I2C(board.STEMMA_I2C())

    def read(self):  # a number, quickly; may raise: shown as failing, tried again
        return self._device.pressure
"""

from .chip import ChipTemperature, SupplyVoltage
from .diagnostics import FreeMemory

SENSORS = (ChipTemperature, SupplyVoltage, FreeMemory)
