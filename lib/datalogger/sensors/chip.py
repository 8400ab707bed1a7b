"""What the Pico W measures of itself."""

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
