"""The few modules of CircuitPython that boot.py and the app's storage code use, for MicroPython."""

import io
import os as _os
import sys

_NAMES = ("listdir", "mkdir", "remove", "rename", "rmdir", "stat", "statvfs", "unlink")


class Storage:
    """The drive is always the board's here."""

    readonly = False
    ilistdir = staticmethod(_os.ilistdir)

    def getmount(self, _path):
        return self

    def remount(self, _path, readonly):
        pass


class Runtime:
    usb_connected = False


class Nvm:
    """The non-volatile memory: each change of a single byte is told to `note`."""

    def __init__(self):
        self._bytes = bytearray(4096)
        self.note = None

    def __getitem__(self, place):
        return self._bytes[place]

    def __setitem__(self, place, value):
        self._bytes[place] = value
        if self.note and isinstance(place, int):
            self.note("nvm", place, value)


class Microcontroller:
    class ResetReason:
        SOFTWARE = "software"

    reset_reason = "power on"

    def __init__(self):
        self.nvm = Nvm()
        self.cpu = self
        self.watchdog = self  # boot.py sets `timeout` and `mode`


class Alarm:
    sleep_memory = bytearray(256)


class WatchDog:
    class WatchDogMode:
        RESET = "reset"


class Os:
    """MicroPython's `os` with sync(), without what a board doesn't have."""

    def __init__(self, sync):
        for name in _NAMES:
            setattr(self, name, getattr(_os, name))
        self.sync = sync


class Traceback:
    def print_exception(self, error, file=sys.stdout):
        sys.print_exception(error, file)

    def format_exception(self, error):
        text = io.StringIO()
        sys.print_exception(error, text)
        return [text.getvalue()]


storage = Storage()
microcontroller = Microcontroller()


def install(sync):
    """Let programs import these modules."""
    sys.modules["os"] = Os(sync)
    sys.modules["storage"] = storage
    sys.modules["microcontroller"] = microcontroller
    sys.modules["alarm"] = Alarm()
    sys.modules["traceback"] = Traceback()
    sys.modules["watchdog"] = WatchDog()
