"""`adafruit_bus_device.i2c_device` (shared-bindings/adafruit_bus_device/i2c_device/I2CDevice.c)."""

_END = 0x7FFFFFFF


class I2CDevice:
    def __init__(self, i2c, device_address, probe=True):
        self._i2c = i2c
        self._address = device_address
        if probe:
            with self:
                found = i2c.probe(device_address)
            if not found:
                raise ValueError("No I2C device at address: 0x%x" % device_address)

    def __enter__(self):
        while not self._i2c.try_lock():
            pass
        return self

    def __exit__(self, *error):
        self._i2c.unlock()
        return False

    def readinto(self, buffer, *, start=0, end=_END):
        self._i2c.readfrom_into(self._address, buffer, start=start, end=end)

    def write(self, buffer, *, start=0, end=_END):
        self._i2c.writeto(self._address, buffer, start=start, end=end)

    def write_then_readinto(
        self, out_buffer, in_buffer, *, out_start=0, out_end=_END, in_start=0, in_end=_END
    ):
        self._i2c.writeto_then_readfrom(
            self._address,
            out_buffer,
            in_buffer,
            out_start=out_start,
            out_end=out_end,
            in_start=in_start,
            in_end=in_end,
        )
