"""`busio`: I2C as on the RP2040 (ports/raspberrypi/common-hal/busio/I2C.c), with the chips that
are wired to its pins."""

from core import conditions, guard, host, wiring

_ENODEV = 19
_ETIMEDOUT = 116
_TIMEOUT_US = 1000000  # BUS_TIMEOUT_US of that file
_END = 0x7FFFFFFF

_in_use = set()  # numbers of the two peripherals


class I2C:
    def __init__(self, scl, sda, *, frequency=100000, timeout=255):
        for pin in (scl, sda):
            if pin._in_use:
                raise ValueError("%s in use" % pin._name)
        number = wiring.pin_number(sda._name)
        clock_number = wiring.pin_number(scl._name)
        if number % 2 or clock_number % 2 == 0 or number // 2 % 2 != clock_number // 2 % 2:
            raise ValueError("Invalid pins")
        if number // 2 % 2 in _in_use:
            raise ValueError("I2C peripheral in use")
        if frequency > 1000000:
            raise ValueError("frequency must be <= 1000000")
        chips = wiring.i2c.get(number, ())
        if not wiring.present(chips) or wiring.is_stuck(chips):
            raise RuntimeError("No pull up found on SDA or SCL; check your wiring")
        self._sda = number
        self._pins = (scl, sda)
        self._locked = False
        for pin in self._pins:
            pin._in_use = True
        _in_use.add(number // 2 % 2)

    def deinit(self):
        if self._pins:
            for pin in self._pins:
                pin._in_use = False
            _in_use.remove(self._sda // 2 % 2)
            self._pins = ()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.deinit()

    def _check(self):
        if not self._pins:
            raise ValueError(
                "Object has been deinitialized and can no longer be used. Create a new object."
            )
        if not self._locked:
            raise RuntimeError("Function requires lock")

    def try_lock(self):
        if not self._pins or self._locked:
            return False
        self._locked = True
        return True

    def unlock(self):
        self._locked = False

    def probe(self, address):
        self._check()
        if wiring.is_stuck(wiring.i2c[self._sda]):
            return True  # SDA is low when the acknowledgement is read
        return wiring.chip_at(self._sda, address) is not None

    def scan(self):
        return [address for address in range(0x08, 0x78) if self.probe(address)]

    def readfrom_into(self, address, buffer, *, start=0, end=_END):
        self._transfer(address, None, memoryview(buffer)[start:end])

    def writeto(self, address, buffer, *, start=0, end=_END):
        if isinstance(buffer, str):
            buffer = buffer.encode()
        content = bytes(memoryview(buffer)[start:end])
        if not content and self.probe(address):
            return
        self._transfer(address, content, None)

    def writeto_then_readfrom(
        self,
        address,
        out_buffer,
        in_buffer,
        *,
        out_start=0,
        out_end=_END,
        in_start=0,
        in_end=_END,
    ):
        content = bytes(memoryview(out_buffer)[out_start:out_end])
        self._transfer(address, content, memoryview(in_buffer)[in_start:in_end])

    def _transfer(self, address, out, into):
        self._check()
        if wiring.is_stuck(wiring.i2c[self._sda]):
            guard.hold(_TIMEOUT_US)
            raise host.error(_ETIMEDOUT)
        chip = wiring.chip_at(self._sda, address)
        if chip is None:
            raise host.error(_ENODEV)
        found = chip.transfer(out, len(into) if into is not None else 0)
        if into is not None:
            into[:] = bytes(found)


class SPI:
    """Only for an SD card, and for drivers that name it; no model hangs on SPI."""

    def __init__(self, clock, MOSI=None, MISO=None, half_duplex=False):
        for pin in (clock, MOSI, MISO):
            if pin is not None:
                if pin._in_use:
                    raise ValueError("%s in use" % pin._name)
                pin._in_use = True
        self._locked = False

    def try_lock(self):
        was, self._locked = self._locked, True
        return not was

    def unlock(self):
        self._locked = False

    def configure(self, *, baudrate=100000, polarity=0, phase=0, bits=8):
        self._check()

    def write(self, buffer, *, start=0, end=_END):
        self._check()

    def readinto(self, buffer, *, start=0, end=_END, write_value=0):
        """A card in the slot is idle; without one, the line is high."""
        self._check()
        for index in range(len(buffer)):
            buffer[index] = 0xFF
        if conditions.now["card"]:
            buffer[1] = 0x01

    def _check(self):
        if not self._locked:
            raise RuntimeError("Function requires lock")
