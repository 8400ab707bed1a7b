"""The sensors. Add your own here: a class with the five names below, then list it in SENSORS.

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

import gc

import analogio
import board
import microcontroller


class ChipTemperature:
    """The temperature sensor of the RP2040 itself."""

    name = "temperature"
    label = "Chip temperature"
    unit = "°C"
    decimals = 1

    def read(self):
        return microcontroller.cpu.temperature


class SupplyVoltage:
    """VSYS, behind a divider by three on GPIO29 (Pico W datasheet, section 2.1)."""

    name = "voltage"
    label = "Supply voltage"
    unit = "V"
    decimals = 2

    def __init__(self):
        self._input = analogio.AnalogIn(board.VOLTAGE_MONITOR)

    def read(self):
        return self._input.value * 3 * self._input.reference_voltage / 65535


class FreeMemory:
    """Free memory of the Python heap. It sinks and jumps up again when garbage is collected."""

    name = "memory"
    label = "Free memory"
    unit = "B"
    decimals = 0

    def read(self):
        return gc.mem_free()


SENSORS = (ChipTemperature, SupplyVoltage, FreeMemory)
