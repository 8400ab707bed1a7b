"""ina226:SDA:ADDRESS: voltage and current of a load of up to 36 V and 0.8 A."""

import struct

from adafruit_bus_device.i2c_device import I2CDevice
from micropython import const

from .buses import OnI2C

_CONFIGURATION = b"\x00\x45\x27"  # 16 times 1.1 ms, both, all the time
_SHUNT = const(1)  # registers
_BUS = const(2)
_SHUNT_OHM = 0.1  # on all usual boards; for another one, the channel's factor


class Device(OnI2C):
    """Texas Instruments INA226 (datasheet SBOS547), by its registers: there is no driver of
    Adafruit's for it."""

    channels = (
        ("load_voltage", "Load voltage", "V", 3),
        ("load_current", "Load current", "mA", 2),
    )

    def __init__(self, sda="", address="0x40"):
        self._i2c = I2CDevice(self.bus(sda), int(address, 16))
        self._buffer = bytearray(2)
        with self._i2c as i2c:
            i2c.write(_CONFIGURATION)

    def _read(self, register):
        self._buffer[0] = register
        with self._i2c as i2c:
            i2c.write_then_readinto(self._buffer, self._buffer, out_end=1)
        return struct.unpack_from(">h", self._buffer)[0]

    def read(self):
        shunt = self._read(_SHUNT)  # of 2.5 µV
        return self._read(_BUS) * 0.00125, shunt * 0.0025 / _SHUNT_OHM
