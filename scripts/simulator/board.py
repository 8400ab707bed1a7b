"""A simulated board as a whole: power, boot.py, the program, reload, reset, watchdog and what
survives each of them."""

import queue
import re
import selectors
import socket
import threading
import time
from pathlib import Path

from . import conditions
from .process import BoardProcess, StartError

CLUSTERS = 980  # of the board's drive
# Of one that takes sources: it leaves about the room that the board's leaves beside compiled modules.
SOURCE_CLUSTERS = 1460
VERSION = (10, 3, 1)
OLDEST_VERSION = (10, 0, 0)
# Bytes of Python's heap with which the project runs, and what the same program needs on 64 bits.
_HEAP_START_SIZE = 139264
_BOARD_SHARE = 0.72  # as in core.heap
_TABLES_SHARE = 32  # one of so many bytes of the heap goes into its tables, as in core.heap
DEFAULT_HEAP = 193_000  # about _HEAP_START_SIZE / _BOARD_SHARE

_HEAP_SETTING = re.compile(r"^\s*CIRCUITPY_HEAP_START_SIZE\s*=\s*(\d+)", re.MULTILINE)
_WATCHDOG_GRACE_S = 0.2
_COLD_START = {
    "uptime_ms": 0,
    "clock_offset_s": 946684800,
    "python_writes": False,
    "usb_drive": True,
    "access_point": "never",
    "autoreload": True,
}
_RESET_REASONS = {
    "reset": "SOFTWARE",
    "watchdog": "WATCHDOG",
    "button": "RESET_PIN",
    "off": None,
    "fault": "SOFTWARE",
}
_ENDS = ("done", "error", "missing", "crashed")


class SimulatedBoard:
    """The board that has the folder `drive` as its drive. Nothing runs before `power_on`.

    `state` is a folder for what the board keeps outside the drive. `ports` maps "tcp:80" and
    "udp:53" to ports of this computer (0: any; the choice then stays). `heap` is MicroPython's
    memory in bytes; without it, what the drive's settings.toml asks for. `traced` names events to
    record besides: "pins", "pixels". `console(text)` and `notify(event)` are called from the
    board's thread.

    Events, see events(): "network_memory" with the bytes that the network has left, whenever that
    is a new low; "bite" when the watchdog resets the board; "fault" with its cause when the firmware
    has a hard fault; in MicroPython on Linux "memory_error"
    with the C functions that asked for memory in vain, and with `allocations=True` (slow)
    "allocation" with bytes and C functions of each above 1 KB since the program listens.
    """

    def __init__(
        self,
        drive,
        state,
        *,
        vm="cpython",
        heap=None,
        allocations=False,
        ports=None,
        version=VERSION,
        clusters=CLUSTERS,
        program="/code.py",
        traced=(),
        libraries=None,
        console=None,
        notify=None,
        **surroundings,
    ):
        self.drive = Path(drive)
        self.state_folder = Path(state)
        self.state_folder.mkdir(parents=True, exist_ok=True)
        if tuple(version) < OLDEST_VERSION:
            raise ValueError("the board runs CircuitPython 10.0 and later only")
        self.vm = vm
        self._heap = heap
        self._allocations = allocations
        self.ports = {"tcp:80": 0, "udp:53": 0, **(ports or {})}
        self.conditions = {**conditions.DEFAULTS, **conditions.check(surroundings)}
        # "off", "boot", "safe mode", "running", "done", "error", "missing", "crashed"
        self.status = "off"
        self.runs = 0  # how often the program was started
        self._settings = {
            "drive_folder": str(self.drive),
            "state_folder": str(self.state_folder),
            "clusters": clusters,
            "version": list(version),
            "program": program,
            "traced": list(traced),
            "libraries": libraries or {},
        }
        self._console = console
        self._notify = notify
        self._output = []
        self._boot_output = None
        self._events = []
        self._changed = threading.Condition()
        self._commands = queue.SimpleQueue()
        self._wake_out, self._wake_in = socket.socketpair()
        self._process = None
        self._listens = False  # the program has begun to
        self._thread = None
        self._kept = dict(_COLD_START)
        self._traceback = None
        self._watchdog_s = 0  # of the present reset: it outlives the program
        self._watchdog_started = False  # since the present reset
        self._faulted = False  # the present reset came after a hard fault

    # --- what a person at the board does

    def power_on(self):
        """Starts the board; returns at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._live, name="simulated board", daemon=True)
            self._thread.start()

    def stop(self):
        """Takes the power away and waits until nothing runs any more."""
        if self._thread is not None:
            self._command("off")
            self._thread.join()
            self._thread = None

    def press_reset(self):
        self._command("button")

    def reload(self):
        """What a computer causes that writes to the drive."""
        self._command("reload")

    def change(self, **changes):
        """Changes the surroundings; conditions.DEFAULTS has the names."""
        conditions.check(changes)
        self.conditions.update(changes)
        process = self._process
        if process is not None:
            process.send({"conditions": changes})

    # --- what can be observed

    @property
    def heap(self):
        """Bytes of MicroPython's memory for the program."""
        if self._heap:
            return self._heap
        asked_for = _HEAP_SETTING.search(_text(self.drive / "settings.toml"))
        if asked_for is None or int(asked_for[1]) == _HEAP_START_SIZE:
            return DEFAULT_HEAP
        return int(int(asked_for[1]) / _BOARD_SHARE)

    @property
    def lowest_network_memory(self):
        """The fewest bytes that the network has had left so far, None before it had any less."""
        return min((left for (left,) in self.events("network_memory")), default=None)

    def output(self):
        """All that the programs have printed."""
        with self._changed:
            return "".join(self._output)

    def events(self, kind):
        """The reported events of that kind, oldest first: what stands behind the kind."""
        with self._changed:
            return [event[1:] for event in self._events if event[0] == kind]

    def wait(self, condition, timeout=30):
        """Waits until `condition()` is true and returns its value; a falsy one after `timeout`
        seconds."""
        deadline = time.monotonic() + timeout
        while True:
            with self._changed:
                value = condition()
                left = deadline - time.monotonic()
                if value or left <= 0:
                    return value
                self._changed.wait(min(left, 0.5))

    # --- the board's life, in its own thread

    def _command(self, name):
        self._commands.put(name)
        self._wake_in.send(b"x")

    def _live(self):
        (self.state_folder / "sleep.bin").unlink(missing_ok=True)
        reason = "POWER_ON"
        try:
            while reason:
                reason = self._run_from_reset(reason)
        finally:
            self._set_status("off")

    def _run_from_reset(self, reset_reason):
        """Runs boot.py and then the program until the next reset; returns its reason, None for
        off."""
        self._record(["power", reset_reason])
        self._kept = dict(_COLD_START)
        self._traceback = None
        self._boot_output = []
        self._watchdog_s = 0
        self._watchdog_started = False
        if self._faulted:
            return _RESET_REASONS[self._stay_safe(reset_reason)]
        end = None
        if (self.drive / "boot.py").is_file():
            end = self._run("boot", reset_reason, "STARTUP")
        self._write_boot_out()
        run_reason = "STARTUP"
        while end not in _RESET_REASONS:
            end = self._run("code", reset_reason, run_reason)
            run_reason = "SUPERVISOR_RELOAD"
            if end in _ENDS:
                end = self._wait_for_end()
                run_reason = "AUTO_RELOAD"
        self._faulted = end == "fault"
        return _RESET_REASONS[end]

    def _stay_safe(self, reset_reason):
        """Runs safemode.py alone, and stays so unless that resets the board; returns what ends it."""
        self._faulted = False
        self._print("\nYou are in safe mode because of a hard fault.\n")
        end = None
        if (self.drive / "safemode.py").is_file():
            end = self._run("safemode", reset_reason, "STARTUP")
        if end in _ENDS:
            self._print("\nsafemode.py has ended.\n")
        while end not in _RESET_REASONS:
            self._set_status("safe mode")
            end = self._wait_for_command()
        return end

    def _wait_for_end(self):
        """After the program's end: what comes next. A watchdog that it has left on bites."""
        try:
            return self._wait_for_command(self._watchdog_s or None)
        except queue.Empty:
            self._record(["bite"])
            return "watchdog"

    def _wait_for_command(self, timeout=None):
        command = self._commands.get(timeout=timeout)
        self._wake_out.recv(1)
        return command

    def _run(self, phase, reset_reason, run_reason):
        """Runs boot.py, safemode.py or the program; returns how it ended."""
        self._set_status({"boot": "boot", "safemode": "safe mode"}.get(phase, "running"))
        self._record(["run", phase, run_reason])
        try:
            process = self._start(phase, reset_reason, run_reason)
        except StartError as error:
            self._print(f"The board could not be started: {error}\n")
            self._set_status("crashed")
            return "crashed"
        try:
            end = self._follow(process)
        finally:
            self._process = None
            code = process.kill()
        if end == "crashed":
            self._print(f"\nThe interpreter ended unexpectedly (code {code}).\n")
        if phase == "code" and end in _ENDS:
            self._print("\nCode done running.\n")
            self._set_status(end)
        return end

    def _start(self, phase, reset_reason, run_reason):
        if self._watchdog_started and reset_reason == "SOFTWARE":
            reset_reason = "WATCHDOG"  # see core/guard.py
        message = {
            "power": {
                **self._settings,
                "phase": phase,
                "ports": self.ports,
                "reset_reason": reset_reason,
                "run_reason": run_reason,
                "previous_traceback": self._traceback,
                "kept": self._kept,
            },
            "conditions": self.conditions,
        }
        if phase == "code":
            self.runs += 1
        self._process = BoardProcess(
            self.vm,
            self.heap - self.heap // _TABLES_SHARE,
            message,
            self._print,
            self._allocations,
        )
        self._listens = False
        return self._process

    def _follow(self, process):
        """Takes in the process's events until it ends, is ended, or isn't heard of in time."""
        fed_at = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(process, selectors.EVENT_READ)
            selector.register(self._wake_out, selectors.EVENT_READ)
            while True:
                ready = [
                    key.fileobj for key, _ in selector.select(0.05 if self._watchdog_s else None)
                ]
                if self._wake_out in ready:
                    return self._wait_for_command()
                for event in (process.receive() if process in ready else []) or self._gone(
                    ready, process
                ):
                    if event[0] == "watchdog":
                        self._watchdog_s = event[1] and event[1] + _WATCHDOG_GRACE_S
                        self._watchdog_started |= bool(event[1])
                        fed_at = time.monotonic()
                    elif event[0] == "fed":
                        fed_at = time.monotonic()
                    elif event[0] == "end":
                        return self._ended(*event[1:])
                    else:
                        self._record(event)
                if self._watchdog_s and time.monotonic() - fed_at > self._watchdog_s:
                    self._record(["bite"])
                    return "watchdog"

    @staticmethod
    def _gone(ready, process):
        return [["end", "crashed", "", None]] if process in ready else []

    def _ended(self, how, text, kept):
        if kept is not None:
            self._kept = kept
        self._traceback = text or None
        return how

    def _record(self, event):
        if event[0] == "allocation" and not self._listens:
            return
        if event[0] == "listening":
            self._listens = True
        if event[0] == "bound":
            self.ports[f"{event[1]}:{event[2]}"] = event[3]
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()
        if self._notify:
            self._notify(event)

    def _print(self, text):
        with self._changed:
            self._output.append(text)
            if self.status == "boot" and self._boot_output is not None:
                self._boot_output.append(text)
            self._changed.notify_all()
        if self._console:
            self._console(text)

    def _set_status(self, status):
        with self._changed:
            self.status = status
            self._changed.notify_all()

    def _write_boot_out(self):
        version = ".".join(str(number) for number in self._settings["version"])
        text = (
            f"Adafruit CircuitPython {version} on 2026-07-01; Raspberry Pi Pico W with rp2040\n"
            "Board ID:raspberry_pi_pico_w\n"
            "UID:E6614103E7452D2F\n"
            "boot.py output:\n" + "".join(self._boot_output)
        )
        target = self.drive / "boot_out.txt"
        if not target.exists() or target.read_text(encoding="utf-8", errors="replace") != text:
            target.write_text(text, encoding="utf-8")


def _text(file):
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
