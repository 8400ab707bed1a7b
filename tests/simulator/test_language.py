"""Modules and names of the board, and only those; libraries that run on them unchanged."""

import importlib.util
from pathlib import Path

import board_stubs
import pytest


def library(name):
    return Path(importlib.util.find_spec(name).origin).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "module",
    [
        "pathlib",
        "socket",
        "threading",
        "functools",
        "itertools",
        "contextlib",
        "urllib",
        "datetime",
        "logging",
        "enum",
        "inspect",
        "typing",
        "dataclasses",
        "subprocess",
        "ctypes",
        "machine",
        "vfs",
        "heapq",
        "core",
        "board_modules",
        "simulator",
    ],
)
def test_modules_the_board_does_not_have_cannot_be_imported(on_board, vm, module):
    output = on_board(
        f"try:\n    import {module}\nexcept ImportError as error:\n    print(error)\n", vm=vm
    )
    assert f"no module named '{module}'" in output


def test_modules_the_board_has_are_there(on_board, vm):
    on_board("".join(f"import {module}\n" for module in sorted(board_stubs.BUILT_IN)), vm=vm)


def test_exceptions_are_those_of_the_board(on_board, vm):
    on_board(
        """
for name in ("FileNotFoundError", "PermissionError", "ConnectionResetError", "BlockingIOError"):
    try:
        eval(name)
        assert False, name
    except NameError:
        pass
assert issubclass(BrokenPipeError, ConnectionError) and issubclass(ConnectionError, OSError)
assert issubclass(TimeoutError, OSError)
import errno
for name in ("EPIPE", "EWOULDBLOCK", "EINTR"):
    assert not hasattr(errno, name), name
try:
    raise OSError(5, "reason")
except OSError as error:
    assert error.errno == 5
""",
        vm=vm,
    )


def test_next_takes_no_default(on_board, vm):
    on_board(
        """
assert next(iter((1, 2))) == 1
try:
    next(iter(()))
    assert False
except StopIteration:
    pass
try:
    next(iter(()), None)
    assert False
except TypeError:
    pass
""",
        vm=vm,
    )


def test_imports_of_the_drive(on_board, vm):
    on_board(
        """
import sys
import package.inner
from package import other, VALUE
from package.inner import deep
import single
assert (VALUE, other.NAME, deep, single.__file__) == (3, "other", "deep", "/lib/single.py")
assert package.inner.up is VALUE and package.inner.sibling == "other"
assert "package.inner" in sys.modules and sys.path == ["", "/", ".frozen", "/lib"]
try:
    import broken
    assert False
except ValueError:
    pass
assert "broken" not in sys.modules
try:
    from package import nothing
    assert False
except ImportError:
    pass
""",
        vm=vm,
        files={
            "lib/package/__init__.py": "VALUE = 3\n",
            "lib/package/inner.py": "from . import VALUE as up\nfrom .other import NAME as sibling\ndeep = 'deep'\n",
            "lib/package/other.py": "NAME = 'other'\n",
            "lib/single.py": "",
            "broken.py": "raise ValueError('here')\n",
        },
    )


def test_sys_tells_the_board(on_board, vm):
    on_board(
        """
import sys
assert sys.implementation.name == "circuitpython" and sys.implementation.version == (10, 3, 1)
assert sys.platform == "RP2040" and sys.implementation[0] == "circuitpython"
try:
    sys.exit(3)
except SystemExit as error:
    print(error.args)
sys.exit()
""",
        vm=vm,
    )


def test_small_modules(on_board, vm):
    on_board(
        """
import binascii, gc, hashlib, io, sys, traceback, zlib
digest = hashlib.new("sha256", b"abc")
assert binascii.hexlify(digest.digest())[:8] == b"ba7816bf" and digest.digest_size == 32
assert digest.digest() == digest.digest()
sha1 = hashlib.new("sha1")
sha1.update(memoryview(b"abc"))
assert binascii.hexlify(sha1.digest())[:8] == b"a9993e36"
try:
    hashlib.new("md5")
    assert False
except ValueError:
    pass
assert zlib.decompress(binascii.unhexlify("789c4b4c4a0600024d0127")) == b"abc"
assert zlib.decompress(binascii.unhexlify("4b4c4a0600"), -15) == b"abc"
packed = "1f8b08000000000002ff4b4c4a0600c241243503000000"
assert zlib.decompress(binascii.unhexlify(packed), 31) == b"abc"

def fail():
    raise ValueError("why")

try:
    fail()
except ValueError as error:
    text = "".join(traceback.format_exception(error))
    out = io.StringIO()
    traceback.print_exception(error, error, None, file=out)
assert text.startswith("Traceback") and "in fail" in text and text.endswith("ValueError: why\\n"), text
assert out.getvalue().endswith("ValueError: why\\n")
gc.collect()
assert 50000 < gc.mem_free() < 300000 and gc.mem_alloc() > 0
""",
        vm=vm,
    )


def test_calendar(on_board, vm):
    on_board(
        """
import rtc, time
assert time.time() // 10 == 94668480 and time.localtime()[:4] == (2000, 1, 1, 0)
clock = rtc.RTC()
clock.datetime = time.struct_time((2026, 11, 23, 1, 2, 3, 0, 0, -1))
now = time.localtime()
assert now[:5] == (2026, 11, 23, 1, 2) and now.tm_wday == 0 and now.tm_yday == 327
assert clock.datetime.tm_year == 2026 and time.time() - 1795395723 < 30
for seconds, fields in (
    (0, (1970, 1, 1, 0, 0, 0, 3, 1)),
    (951782400, (2000, 2, 29, 0, 0, 0, 1, 60)),
    (1709251199, (2024, 2, 29, 23, 59, 59, 3, 60)),
    (2147483647, (2038, 1, 19, 3, 14, 7, 1, 19)),
):
    assert tuple(time.localtime(seconds))[:8] == fields, time.localtime(seconds)
    assert time.mktime(time.localtime(seconds)) == seconds
try:
    time.localtime(1 << 31)
    assert False
except OverflowError:
    pass
""",
        vm=vm,
    )


def test_ticks_wrap_after_65_seconds_and_floats_are_coarse(boards, vm):
    script = """
import supervisor, time
start = supervisor.ticks_ms()
assert (1 << 29) - 65000 <= start < (1 << 29) - 5000, start
assert time.monotonic() < 60
print("ready")
last = start
while supervisor.ticks_ms() >= last:
    last = start
assert 60 < time.monotonic() < 3600
print("wrapped")
while time.monotonic() < 5 * 3600:
    pass
assert all(time.monotonic() * 128 % 1 == 0 for _ in range(1000))
now = time.monotonic_ns()
time.sleep(0.25)
assert time.monotonic_ns() - now >= 250000000
"""
    board = boards(vm=vm, files={"code.py": script}, payload=False, start=False)
    board.power_on()
    board.wait_for_output("ready")
    board.change(speed=500)
    board.wait_for_output("wrapped")
    board.change(speed=20000)
    board.run_to_the_end()


def test_adafruit_ticks_runs_unchanged(on_board, vm):
    on_board(
        """
from adafruit_ticks import ticks_add, ticks_diff, ticks_less, ticks_ms
import time
start = ticks_ms()
time.sleep(0.05)
assert 50 <= ticks_diff(ticks_ms(), start) < 30000
assert ticks_less(start, ticks_add(start, 10))
time.sleep(66)
assert ticks_diff(ticks_ms(), start) > 65000
""",
        vm=vm,
        speed=60,
        files={"lib/adafruit_ticks.py": library("adafruit_ticks")},
    )


def test_neopixel_runs_unchanged(boards, vm):
    script = """
import board, neopixel
pixels = neopixel.NeoPixel(board.GP15, 2, brightness=0.5, auto_write=False)
pixels[0] = (255, 0, 16)
pixels[1] = 0x00FF00
pixels.show()
print(len(pixels), pixels[0])
pixels.deinit()
"""
    board = boards(
        vm=vm,
        payload=False,
        start=False,
        files={"code.py": script, "lib/neopixel.py": library("neopixel")},
        traced=("pixels",),
    )
    board.run_to_the_end()
    written = [event[:2] for event in board.events("pixels")]
    assert written == [["GP15", "007f087f0000"], ["GP15", "000000000000"]]


def test_asyncio(on_board, vm):
    output = on_board(
        """
import asyncio
async def count(name):
    for number in range(2):
        print(name, number)
        await asyncio.sleep(0)
async def main():
    await asyncio.gather(count("a"), count("b"))
asyncio.run(main())
""",
        vm=vm,
    )
    assert output == "a 0\nb 0\na 1\nb 1\n"


@pytest.mark.parametrize(
    ("more", "enough"),
    [
        ({}, 180_000),
        ({"heap": 128 * 1024}, 118_000),
        ({"settings": {"CIRCUITPY_HEAP_START_SIZE": 139264}}, 180_000),
        ({"settings": {"CIRCUITPY_HEAP_START_SIZE": 100000}}, 128_000),
    ],
)
def test_program_has_the_heap_it_was_given(boards, more, enough):
    """With 64 bits it is the heap of the board divided by 0.72."""
    script = (
        f"block = bytearray({enough})\nprint('fits')\nblock = None\nbytearray({enough + 12000})\n"
    )
    board = boards(
        vm="micropython",
        files={"code.py": script},
        payload=False,
        start=False,
        expected=("memory_error",),
        **more,
    )
    output = board.run_to_the_end(check=False)
    assert output.startswith("fits\n") and "MemoryError" in output
