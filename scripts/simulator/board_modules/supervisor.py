"""`supervisor`: how the program was started, USB, ticks and settings."""

from core import clock, link, power, settings_file, usb

_TICKS_MASK = (1 << 29) - 1
_FIRST_TICK = (1 << 29) - 65000  # so that the first overflow comes about 65 s after power-up


class RunReason:
    STARTUP = None
    AUTO_RELOAD = None
    SUPERVISOR_RELOAD = None
    REPL_RELOAD = None

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "supervisor.RunReason." + self._name


class SafeModeReason:
    NONE = None
    HARD_FAULT = None
    PROGRAMMATIC = None
    USER = None

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return "supervisor.SafeModeReason." + self._name


for _name in ("STARTUP", "AUTO_RELOAD", "SUPERVISOR_RELOAD", "REPL_RELOAD"):
    setattr(RunReason, _name, RunReason(_name))
for _name in ("NONE", "HARD_FAULT", "PROGRAMMATIC", "USER"):
    setattr(SafeModeReason, _name, SafeModeReason(_name))


class Runtime:
    def __init__(self):
        self._brightness = 255

    @property
    def usb_connected(self):
        return usb.connected()

    @property
    def serial_connected(self):
        return False

    @property
    def serial_bytes_available(self):
        return 0

    @property
    def run_reason(self):
        return getattr(RunReason, power.run_reason)

    @property
    def safe_mode_reason(self):
        return SafeModeReason.HARD_FAULT if power.phase == "safemode" else SafeModeReason.NONE

    @property
    def autoreload(self):
        return power.kept["autoreload"]

    @autoreload.setter
    def autoreload(self, value):
        power.kept["autoreload"] = bool(value)

    @property
    def rgb_status_brightness(self):
        return self._brightness

    @rgb_status_brightness.setter
    def rgb_status_brightness(self, value):
        if not 0 <= value <= 255:
            raise ValueError("level must be 0-255")
        self._brightness = value

    @property
    def display(self):
        return None


class StatusBar:
    def __init__(self):
        self.console = True
        self.display = True


runtime = Runtime()
status_bar = StatusBar()


def ticks_ms():
    return (_FIRST_TICK + clock.uptime_ms()) & _TICKS_MASK


def reload():
    link.finish("reload")


def get_previous_traceback():
    return power.previous_traceback


def set_next_code_file(
    filename,
    *,
    working_directory=None,
    reload_on_success=False,
    reload_on_error=False,
    sticky_on_success=False,
    sticky_on_error=False,
    sticky_on_reload=False,
):
    power.kept["next_program"] = filename


if power.version >= (10, 2, 0):

    def get_setting(key, default=None):
        return settings_file.value(key, default)
