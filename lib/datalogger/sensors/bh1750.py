"""bh1750:SDA:ADDRESS: brightness."""

from adafruit_bus_device.i2c_device import I2CDevice
from adafruit_ticks import ticks_ms
from micropython import const

from .buses import OnI2C

_MEASURE = b"\x11"  # on and on, in steps of half a lux; turns it on, too
_MEASURES_MS = const(180)


class Device(OnI2C):
    """ROHM BH1750FVI (datasheet 11046EDT01). It measures by itself, up to 27,300 lx. Adafruit's
    driver takes 3 KB on a Pico W and waits for 0.4 s."""

    channels = (("brightness", "Brightness", "lx", 1),)

    def __init__(self, sda="", address="0x23"):
        self._i2c = I2CDevice(self.bus(sda), int(address, 16))
        self._buffer = bytearray(2)
        with self._i2c as i2c:
            i2c.write(_MEASURE)
        self._started = ticks_ms()

    def read(self):
        # Ticks wrap: once in six days a reading is left out
        if (ticks_ms() - self._started) & 0x1FFFFFFF < _MEASURES_MS:
            return ()
        with self._i2c as i2c:
            i2c.readinto(self._buffer)
        return (self._buffer[0] << 8 | self._buffer[1]) / 2.4  # counts for each lux
