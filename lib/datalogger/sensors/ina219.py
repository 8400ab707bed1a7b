"""ina219:SDA:ADDRESS: voltage and current of a load of up to 26 V and 3.2 A."""

import struct

from adafruit_bus_device.i2c_device import I2CDevice
from micropython import const

from .buses import OnI2C

_CONFIGURATION = b"\x00\x3f\xff"  # 32 V, 320 mV, both measured 128 times: the mean of 68 ms
_SHUNT = const(1)  # registers
_BUS = const(2)
_OVERFLOW = const(1)
_SHUNT_OHM = 0.1  # on all usual boards; for another one, the channel's factor


class Device(OnI2C):
    """Texas Instruments INA219 (datasheet SBOS448). Two registers are all that it takes; the
    library of registers that Adafruit's driver needs takes more memory than this file."""

    channels = (
        ("load_voltage", "Load voltage", "V", 3),
        ("load_current", "Load current", "mA", 1),
    )

    def __init__(self, sda="", address="0x40"):
        self._i2c = I2CDevice(self.bus(sda), int(address, 16))
        self._buffer = bytearray(2)
        with self._i2c as i2c:
            i2c.write(_CONFIGURATION)

    def _read(self, register, kind):
        self._buffer[0] = register
        with self._i2c as i2c:
            i2c.write_then_readinto(self._buffer, self._buffer, out_end=1)
        return struct.unpack_from(kind, self._buffer)[0]

    def read(self):
        bus = self._read(_BUS, ">H")
        if bus & _OVERFLOW:
            return OSError("out of range"), OSError("out of range")
        shunt = self._read(_SHUNT, ">h")  # of 10 µV
        return (bus >> 3) * 0.004, shunt * 0.01 / _SHUNT_OHM
