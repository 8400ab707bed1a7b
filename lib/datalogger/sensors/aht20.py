"""aht20:SDA: temperature and humidity of the air."""

from adafruit_ahtx0 import AHTx0

from .buses import OnI2C

_MEASURE = b"\xac\x33\x00"
_BUSY = 0x80
_SPAN = 1048576  # of both values: 20 bits


class Device(OnI2C):
    """Asair AHT20 or AHT10, set up by Adafruit's driver. That would wait for 80 ms at each reading;
    here a reading fetches what the one before has started."""

    channels = (
        ("air_temperature", "Air temperature", "°C", 1),
        ("humidity", "Humidity", "%", 1),
    )

    def __init__(self, sda="", address="0x38"):
        self._i2c = AHTx0(self.bus(sda), int(address, 16)).i2c_device
        self._buffer = bytearray(6)
        self._tries = 0  # since it was started, 0 before

    def read(self):
        found = ()
        data = self._buffer
        with self._i2c as i2c:
            if self._tries:
                i2c.readinto(data)
                if data[0] & _BUSY:
                    self._tries += 1
                    if self._tries > 3:
                        raise OSError("it stays busy")
                    return ()
                humidity = data[1] << 12 | data[2] << 4 | data[3] >> 4
                temperature = (data[3] & 15) << 16 | data[4] << 8 | data[5]
                found = (temperature * 200 / _SPAN - 50, humidity * 100 / _SPAN)
            i2c.write(_MEASURE)
        self._tries = 1
        return found
