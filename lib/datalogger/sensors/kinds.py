"""The list of the sensors. Your own goes into a file beside this one, as a class with the five names
below; list it in SENSORS as "FILE.CLASS".

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

SENSORS = (
    "chip.ChipTemperature",
    "chip.SupplyVoltage",
    "diagnostics.FreeMemory",
)
