"""MicroPython made to look like the board: the stand-ins in place of its own modules, the drive as
its file system."""

import builtins
import gc
import sys

import vfs

from . import board_drive, heap, host, power, wiring

# Modules of this MicroPython that CircuitPython doesn't have.
_NOT_ON_THE_BOARD = (
    "_thread",
    "argparse",
    "btree",
    "cmath",
    "cryptolib",
    "deflate",
    "ffi",
    "framebuf",
    "heapq",
    "machine",
    "mip",
    "platform",
    "requests",
    "socket",
    "ssl",
    "termios",
    "tls",
    "uasyncio",
    "uctypes",
    "vfs",
    "websocket",
)

# In an order in which none needs a later one. `micropython` is MicroPython's own.
_STAND_INS = (
    "time",
    "sys",
    "os",
    "gc",
    "hashlib",
    "zlib",
    "traceback",
    "ipaddress",
    "watchdog",
    "microcontroller",
    "alarm",
    "board",
    "digitalio",
    "analogio",
    "busio",
    "onewireio",
    "countio",
    "pwmio",
    "sdcardio",
    "adafruit_bus_device",
    "adafruit_bus_device.i2c_device",
    "neopixel_write",
    "rtc",
    "select",
    "supervisor",
    "storage",
    "wifi",
    "mdns",
    "socketpool",
)

_import = builtins.__import__
_sys_path = sys.path
_modules = sys.modules


class _ConnectionError(OSError):
    pass


class _BrokenPipeError(_ConnectionError):
    pass


class _TimeoutError(OSError):
    pass


class _Warning(Exception):
    pass


_next = builtins.next


def _next_without_default(iterator):
    """CircuitPython is built without the second argument (MICROPY_PY_BUILTINS_NEXT2)."""
    return _next(iterator)


def start():
    builtins.ConnectionError = _ConnectionError
    builtins.BrokenPipeError = _BrokenPipeError
    builtins.TimeoutError = _TimeoutError
    builtins.Warning = _Warning
    builtins.next = _next_without_default
    for name in _STAND_INS:
        _import("board_modules." + name)
        _modules[name] = _modules["board_modules." + name]
    for name, path in power.libraries.items():
        folder = path.rsplit("/", 1)[0]
        _sys_path.insert(0, folder)
        _import(name)
        _sys_path.remove(folder)
    wiring.begin()
    _hide_simulator()
    builtins.__import__ = _import_on_board
    vfs.umount("/")
    vfs.mount(board_drive.drive, "/")
    board_sys = _modules["sys"]
    board_sys.modules = _modules
    _sys_path[:] = board_sys.path
    board_sys.path = _sys_path


def run(path):
    execfile(path, {"__name__": "__main__", "__file__": path})  # noqa: F821


def _hide_simulator():
    for name in list(_modules):
        if name.startswith(("core", "board_modules", "chips")):
            del _modules[name]
    gc.collect()


def _import_on_board(name, globals=None, locals=None, fromlist=None, level=0):
    if level == 0 and name.split(".")[0] in _NOT_ON_THE_BOARD:
        raise ImportError("no module named '%s'" % name)
    if level == 0 and name.startswith("asyncio") and "asyncio" not in _modules:
        _load_asyncio()
    if not heap.has_names and _is_on_drive(name):
        heap.take_names()
    return _import(name, globals, locals, fromlist, level)


def _is_on_drive(name):
    name = name.split(".")[0]
    for ending in ("", ".py", ".mpy"):
        try:
            board_drive.drive.stat("/lib/" + name + ending)
            return True
        except OSError:
            pass
    return False


def _load_asyncio():
    """The board gets it from the library bundle; MicroPython's own needs MicroPython's `time`."""
    board_time = _modules["time"]
    _modules["time"] = host.time
    try:
        _import("asyncio")
    finally:
        _modules["time"] = board_time
