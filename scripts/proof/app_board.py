"""The whole app on a simulated board in MicroPython, with what a proof wants to know of it."""

import contextlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from simulator import attached, fresh_drive
from simulator.board import SimulatedBoard
from simulator.libraries import built_in
from toolkit.payload import assembly, mpy

from . import chosen_settings
from .visits import Visitor

PASSWORD = "a password for proofs"
_START_SECONDS = 60
_MEASURE_SECONDS = 30
_MEMORY_SHARE = 0.02  # of free memory may be missing afterwards
_PLACES = 5  # connections at once
_JUDGED_S = 75
_PIN = "A0"  # above 1 V: measure

# A sensor as a user would add one. mem_info() shows the largest free piece.
_MEASURING = """
import analogio
import board


class Device:
    channels = (("measured", "Free after collection", "B", 0),)
    due = True

    def __init__(self):
        self._pin = analogio.AnalogIn(board.A0)

    def read(self):
        import gc
        import micropython

        high = self._pin.value > 20000
        if high and self.due:
            gc.collect()
            print("@collected")
            micropython.mem_info()
        self.due = not high
        return gc.mem_free()
"""


class BoardError(RuntimeError):
    """The board does not do what it must."""


@dataclass(frozen=True)
class Condition:
    """How a board is while nobody asks it for anything.

    free: bytes after a collection; largest: bytes of the largest free piece; descriptors: open
    files and sockets of its process; files: names on the drive. So far: errors of the app; resets
    by the watchdog; memory_errors: allocations that found no memory; network: the fewest bytes
    that the network has had left.
    """

    free: int
    largest: int
    descriptors: int
    files: frozenset
    errors: int
    resets: int
    memory_errors: int
    network: int

    def __str__(self):
        return (
            f"{self.free} B free after collection, largest piece {self.largest} B, "
            f"{self.descriptors} files and sockets open, {len(self.files)} files on the drive, "
            f"{self.errors} errors, {self.resets} resets, {self.memory_errors} times no memory, "
            f"the network had {self.network} B or more"
        )


def differences(before, after, largest_share=_MEMORY_SHARE):
    """How a board's Condition after something differs for the worse from that before, in
    sentences. largest_share: how much smaller the largest free piece may be."""
    found = []
    for name, share in (("free", _MEMORY_SHARE), ("largest", largest_share)):
        old, new = getattr(before, name), getattr(after, name)
        if new < old * (1 - share):
            found.append(f"memory: {name} {old} -> {new} bytes")
    if after.descriptors > before.descriptors:
        found.append(f"{before.descriptors} -> {after.descriptors} files and sockets are open")
    gone, new = before.files - after.files, after.files - before.files
    new = {name for name in new if not name.startswith("data/")}  # recording goes on
    if gone or new:
        found.append(f"files gone: {sorted(gone)}, new: {sorted(new)}")
    if after.errors > before.errors:
        found.append(f"{after.errors - before.errors} errors were logged")
    if after.resets:
        found.append(f"the watchdog has reset the board {after.resets} times")
    if after.memory_errors:
        found.append(f"{after.memory_errors} allocations found no memory")
    return found


class AppBoard(SimulatedBoard):
    """`with AppBoard(folder) as board:` runs the app in MicroPython with the heap of a Pico W."""

    def __init__(self, folder: Path, **settings):
        """settings: values for settings.toml. What they choose is attached, where there is a model
        of it."""
        drive = folder / "drive"
        passwords = dict.fromkeys(("ADMIN_PASSWORD", "AP_PASSWORD"), PASSWORD)
        state = fresh_drive.prepare(drive, fresh=True)
        settings["SENSORS"] = settings.get("SENSORS", "chip diagnostics") + " measured"
        chosen_settings.write(drive / "settings.toml", {**settings, **passwords})
        assembly.build(drive, mpy.MICROPYTHON)
        (drive / "lib/datalogger/sensors/measured.py").write_text(_MEASURING, "utf-8")
        surroundings = {"sensors": attached.chosen(drive / "settings.toml")}
        if settings.get("SD_CARD"):
            card = folder / "card"
            card.mkdir()
            surroundings["card"] = str(card)
        if settings.get("WIFI_MODE") == "station":
            network = {settings["STATION_SSID"]: settings.get("STATION_PASSWORD", "")}
            surroundings["networks"] = network
        super().__init__(drive, state, vm="micropython", libraries=built_in(), **surroundings)

    def __enter__(self):
        try:
            self.power_on()
            self.require(lambda: [80] in self.events("listening"), "listens", _START_SECONDS)
            self.visitor = self.new_visitor()
            self.change(speed=20)  # it looks for some seconds whether a computer has the drive
            self.require(lambda: self.status_of("drive")["owner"] == "board", "has its drive", 30)
            # After a minute the start is judged, once; the names of that code stay in memory
            self.require(lambda: self.status_of("uptime_s") > _JUDGED_S, "has run for a minute", 60)
            self.change(speed=1)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *error):
        self.stop()

    @property
    def port(self):
        return self.ports["tcp:80"]

    def status_of(self, key):
        """The value of a key in GET /api/status."""
        return self.visitor.get("/api/status").json[key]

    def require(self, condition, what, seconds):
        """Wait for the condition."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise BoardError(f"The board never {what}.\n{self.output()[-2000:]}")
            time.sleep(0.05)

    def new_visitor(self):
        """Somebody else who asks it for things."""
        return Visitor(self.port)

    def log_in(self):
        """Let the board's visitor change things, and set the clock."""
        self.visitor.log_in(PASSWORD)
        self.visitor.expect(200, "POST", "/api/time", {"epoch": 1795521600, "utc_offset_s": 3600})

    def use_every_place(self, path):
        """Ask for the path over each of the connections that the board can have at once: what the
        server keeps for one, it takes at its first use."""
        links = [self.visitor.keep() for _ in range(_PLACES)]
        for link in links:
            self.visitor.get(path, connection=link)
        for link in links:
            link.close()

    def condition(self) -> Condition:
        """Measure, once all connections have ended."""
        self._settle()
        console = len(self.output())
        self.change(pins={_PIN: 3.0})
        pattern = re.compile(
            r"@collected\n.*?GC: total: \d+, used: \d+, free: (\d+)\n.*?max free sz: (\d+)",
            re.DOTALL,
        )
        self.require(lambda: pattern.search(self.output(), console), "measured", _MEASURE_SECONDS)
        self.change(pins={_PIN: 0.0})
        free, largest = map(int, pattern.search(self.output(), console).groups())
        block = 32  # bytes, on a computer with 64 bits
        return Condition(
            free,
            largest * block,
            self._settle(),
            frozenset(
                path.relative_to(self.drive).as_posix()
                for path in self.drive.rglob("*")
                if path.is_file()
            ),
            self.status_of("errors"),
            len(self.events("bite")),
            len(self.events("memory_error")),
            self.lowest_network_memory,
        )

    def _settle(self):
        """The number of open files and sockets of the board's process, once it is stable."""
        deadline = time.monotonic() + 30
        counts = []
        while len(counts) < 20 or len(set(counts[-20:])) > 1:
            if time.monotonic() > deadline:
                break
            counts.append(self._descriptors())
            time.sleep(0.1)
        return counts[-1]

    def _descriptors(self):
        count = 0
        running = self._process
        if running is None:
            raise BoardError(f"The board is restarting.\n{self.output()[-2000:]}")
        for process in _family(running.pid):
            with contextlib.suppress(OSError):
                count += len(os.listdir(f"/proc/{process}/fd"))
        return count


def _family(process):
    """The process and all that it has started."""
    yield process
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
        for child in text.split():
            yield from _family(int(child))
