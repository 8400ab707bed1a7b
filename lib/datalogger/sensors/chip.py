"""chip: what the Pico W measures of itself."""

import analogio
import board
import microcontroller


class Device:
    """The temperature sensor of the RP2040, and VSYS behind a divider by three on GPIO29 (Pico W
    datasheet, section 2.1)."""

    channels = (
        ("temperature", "Chip temperature", "°C", 1),
        ("voltage", "Supply voltage", "V", 2),
    )

    def __init__(self):
        self._input = analogio.AnalogIn(board.VOLTAGE_MONITOR)

    def read(self):
        volts = self._input.value * 3 * self._input.reference_voltage / 65535
        return microcontroller.cpu.temperature, volts
