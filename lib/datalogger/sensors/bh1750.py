"""bh1750:SDA:ADDRESS: brightness."""

from adafruit_bh1750 import BH1750

from .buses import OnI2C


class Device(OnI2C):
    """ROHM BH1750FVI, by Adafruit's driver. It measures by itself, in steps of half a lux."""

    channels = (("brightness", "Brightness", "lx", 1),)

    def __init__(self, sda="", address="0x23"):
        self._chip = BH1750(self.bus(sda), int(address, 16))

    def read(self):
        return self._chip.lux
