"""Runs the whole project on a simulated Raspberry Pi Pico W and prints the address of its pages.

Builds the drive as a deployment would, then runs boot.py and code.py on it, unchanged. Ctrl-C ends
it.
"""

import argparse
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path

from toolkit import environment, errors

_SMALLEST_HEAP = 64 * 1024
_CONTROL_SECONDS = 0.3
_LITTLE_MEMORY = 8192  # bytes


def _arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0],
        epilog="While it runs, the board's surroundings can be changed by writing JSON to the "
        'control file beside the drive, for example {"usb": "mounted", "voltage": 3.4}; '
        "scripts/simulator/conditions.py has the names.",
    )
    parser.add_argument(
        "--port", type=_port, default=8080, help="port of the pages (8080); 0 takes a free one"
    )
    parser.add_argument(
        "--drive",
        type=errors.folder,
        metavar="DIR",
        help="folder that serves as the drive (build/drive)",
    )
    parser.add_argument(
        "--sensors",
        type=_sensors,
        metavar="KINDS",
        help="choose these sensors in the board's settings, as in bme280,ds18b20:GP4; models of the "
        "chosen ones are attached (scripts/simulator/chips has the kinds)",
    )
    parser.add_argument("--fresh", action="store_true", help="begin with an empty drive")
    parser.add_argument(
        "--vm",
        choices=("cpython", "micropython"),
        default="cpython",
        help="interpreter: cpython starts anywhere; micropython is close to the board's",
    )
    parser.add_argument(
        "--heap",
        type=_heap,
        metavar="BYTES",
        help="memory of the program in MicroPython (what CIRCUITPY_HEAP_START_SIZE in settings.toml "
        "gives on the board; 193000 without it)",
    )
    parser.add_argument(
        "--allocations",
        action="store_true",
        help="show each allocation in MicroPython above 1 KB after the start; slow",
    )
    parser.add_argument(
        "--code",
        type=errors.file,
        metavar="FILE",
        help="run this file, such as an example, in place of code.py",
    )
    arguments = parser.parse_args()
    for name in ("heap", "allocations"):
        if getattr(arguments, name) and arguments.vm != "micropython":
            parser.error(f"--{name} needs --vm micropython")
    if arguments.sensors and arguments.code:
        parser.error("--sensors are for the data logger; it goes without --code")
    if arguments.code and not arguments.code.is_file():
        parser.error(f"there is no file {arguments.code}")
    return arguments


def _port(text):
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (0 to 65535)")
    return int(text)


def _sensors(text):
    from simulator import attached

    items = text.replace(",", " ").split() if " " not in text else text.split()
    for item in items:
        if item.partition(":")[0] not in attached.kinds():
            raise argparse.ArgumentTypeError(
                f"there is no model of {item!r}; there are {', '.join(attached.kinds())}"
            )
    return items


def _heap(text):
    if not text.isdigit() or int(text) < _SMALLEST_HEAP:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of bytes from {_SMALLEST_HEAP}")
    return int(text)


def main():
    arguments = _arguments()
    environment.ensure()
    from simulator import fresh_drive, process
    from toolkit import locks

    if not process.interpreter_is_available(arguments.vm):
        errors.fail("there is no MicroPython for this system on PyPI; use --vm cpython")
    _refuse_used_port(arguments.port)
    drive = _drive_folder(arguments)
    if drive.exists() and not drive.is_dir():
        errors.fail(f"{drive} is not a folder")
    if drive.is_mount():
        errors.fail(
            f"{drive} is a mounted drive, perhaps that of a real board; choose a folder, which then stands for one"
        )
    if not fresh_drive.is_a_drive(drive):
        errors.fail(
            f"{drive} holds other files and no boot_out.txt, so it is not used as a drive; "
            "choose a new folder"
        )
    lock = locks.acquire(locks.file_for(drive))
    if lock is None:
        errors.fail(f"{drive} is the drive of a board that runs; choose another with --drive")
    try:
        state = fresh_drive.prepare(drive, arguments.fresh)
        _build(drive, arguments)
    except OSError as error:
        errors.fail(f"the drive could not be built: {error}")
    with lock:
        _run(arguments, drive, state)


def _refuse_used_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            errors.fail(
                f"port {port} cannot be used ({error.strerror}); choose another with --port"
            )


def _drive_folder(arguments):
    if arguments.drive:
        return arguments.drive.resolve()
    environment.BUILD.mkdir(exist_ok=True)
    return environment.BUILD / (f"drive-{arguments.code.stem}" if arguments.code else "drive")


def _build(drive, arguments):
    from simulator import attached
    from toolkit.payload import assembly, mpy

    if arguments.sensors:
        attached.choose(drive / "settings.toml", arguments.sensors, assembly.settings_template())
    print(f"Building the drive in {_shown(drive)} ...", flush=True)
    form = mpy.MICROPYTHON if arguments.vm == "micropython" else mpy.SOURCE
    assembly.build(drive, form, lambda line: print(f"  {line}", flush=True))
    if arguments.code:
        shutil.copyfile(arguments.code, drive / "code.py")
        (drive / "boot.py").unlink(missing_ok=True)


def _shown(path):
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


def _run(arguments, drive, state):
    from simulator import attached
    from simulator.board import CLUSTERS, SOURCE_CLUSTERS, SimulatedBoard
    from simulator.control_file import ControlFile
    from simulator.libraries import built_in

    ended = threading.Event()
    console = _Console()
    board = SimulatedBoard(
        drive,
        state,
        vm=arguments.vm,
        heap=arguments.heap,
        clusters=SOURCE_CLUSTERS if arguments.vm == "cpython" else CLUSTERS,
        allocations=arguments.allocations,
        ports={"tcp:80": arguments.port},
        sensors=attached.chosen(drive / "settings.toml"),
        libraries=built_in(),
        console=console.show,
        notify=lambda event: console.announce(board, event),
    )
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: ended.set())
    control = ControlFile(state / "control.json")
    print(
        f"Starting the board ({arguments.vm}); it can be steered by {_shown(control.path)}",
        flush=True,
    )
    board.power_on()
    while not ended.wait(_CONTROL_SECONDS):
        try:
            board.change(**control.changes())
        except ValueError as error:
            print(f"{control.path.name}: {error}", file=sys.stderr, flush=True)
    board.stop()
    console.end()
    print("\nThe board is off.", flush=True)


class _Console:
    """The board's own words, line by line and set off from those of this script."""

    def __init__(self):
        self._lock = threading.Lock()  # the board's words and its news come from two threads
        self._unfinished = ""

    def show(self, text):
        with self._lock:
            *lines, self._unfinished = (self._unfinished + text).split("\n")
            for line in lines:
                print(f"| {line}")
            sys.stdout.flush()

    def end(self):
        """Shows what the board began to say and didn't finish."""
        if self._unfinished:
            self.show("\n")

    def announce(self, board, event):
        if event == ["listening", 80]:
            self._say(f"\n  Open http://127.0.0.1:{board.ports['tcp:80']}/   (Ctrl-C ends)\n")
        elif event[0] == "bite":
            self._say("The watchdog was not fed in time.")
        elif event[0] == "fault":
            self._say(f"A hard fault ({event[1]}): the board restarts in safe mode.")
        elif event[0] == "memory_error":
            self._say(f"There was no memory for an allocation ({event[1]}).")
        elif event[0] == "allocation":
            self._say(f"{event[1]} bytes in one piece ({event[2]}).")
        elif event[0] == "network_memory" and event[1] < _LITTLE_MEMORY:
            self._say(f"The network has {event[1]} bytes of memory left.")
        elif event[0] == "power" and event[1] != "POWER_ON":
            self._say(f"The board restarts ({_words(event[1])}).")
        elif event[0] == "run" and event[2] != "STARTUP":
            self._say(f"code.py starts again ({_words(event[2])}).")

    def _say(self, text):
        with self._lock:
            print(text, flush=True)


def _words(constant):
    return constant.lower().replace("_", " ")


if __name__ == "__main__":
    errors.run(main)
