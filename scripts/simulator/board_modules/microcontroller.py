"""`microcontroller`: chip, pins, reset, non-volatile memory and watchdog."""

from core import analog, clock, link, nonvolatile, power
from watchdog import WatchDogTimer

_UID = b"\xe6\x61\x41\x03\xe7\x45\x2d\x2f"


class Pin:
    def __init__(self):
        self._name = None
        self._in_use = False

    def __repr__(self):
        return "board." + self._name if self._name else "Pin"

    def __hash__(self):
        return id(self)


class ResetReason:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "microcontroller.ResetReason." + self._name


for _name in (
    "POWER_ON",
    "BROWNOUT",
    "SOFTWARE",
    "DEEP_SLEEP_ALARM",
    "RESET_PIN",
    "WATCHDOG",
    "UNKNOWN",
    "RESCUE_DEBUG",
):
    setattr(ResetReason, _name, ResetReason(_name))


class RunMode:
    def __init__(self):
        pass


for _name in ("NORMAL", "SAFE_MODE", "UF2", "BOOTLOADER"):
    setattr(RunMode, _name, RunMode())


class Processor:
    def __init__(self):
        self._frequency = 125000000

    @property
    def frequency(self):
        return self._frequency

    @frequency.setter
    def frequency(self, value):
        self._frequency = int(value)

    @property
    def reset_reason(self):
        return getattr(ResetReason, power.reset_reason)

    @property
    def temperature(self):
        return analog.temperature()

    @property
    def uid(self):
        return bytearray(_UID)

    @property
    def voltage(self):
        return 3.3


cpu = Processor()
cpus = (cpu, Processor())
nvm = nonvolatile.ByteArray(nonvolatile.NVM, 4096, 255)
watchdog = WatchDogTimer()


def delay_us(delay):
    clock.sleep_us(delay)


def disable_interrupts():
    pass


def enable_interrupts():
    pass


def on_next_reset(run_mode):
    if run_mode is not RunMode.NORMAL:
        raise NotImplementedError("the simulator knows RunMode.NORMAL only")


def reset():
    link.finish("reset")
