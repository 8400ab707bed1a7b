"""What the app takes of the board's memory until it runs, module by module.

Measured in the simulator's MicroPython, which tells a program the bytes of a board.
"""

import tempfile
import time
from pathlib import Path

from simulator.board import SimulatedBoard
from simulator.fresh_drive import prepare
from simulator.libraries import built_in
from simulator.process import interpreter_is_available
from toolkit.payload import assembly, mpy

from .run import UsageError

_HEAP = 1024 * 1024  # ample: the question is what is kept
_SECONDS = 60
_PROGRAM = Path(__file__).resolve().parent / "device" / "boot_costs.py"


def run():
    """Print the table; UsageError when the app doesn't start."""
    if not interpreter_is_available("micropython"):
        raise UsageError("PyPI has no MicroPython for this system")
    print("   bytes  module, in the order in which they are ready")
    found = _measure()
    for kind, size, name in found:
        if kind == "cost" and size > 0:
            _show(size, name)
    for kind, size, name in found:
        if kind == "dropped":
            _show(size, f"{name} (used once, dropped)")
    imports, started = (size for kind, size, _ in found if kind == "total")
    kept = sum(size for kind, size, _ in found if kind == "cost" and size > 0)
    _show(imports - kept, "names that the dropped code leaves")
    _show(imports, "imports, the dropped code left out")
    _show(started, "started")
    print(
        "\nBytes on a board, 0.72 of those on 64 bits. Python's table of names grows in leaps, each of which counts for\n"
        "the module that needed one name more."
    )


def _show(size, text):
    print(f"{size:>8,}  {text}")


def _measure():
    """(kind, bytes, name) of each line that the program on the board prints."""
    with tempfile.TemporaryDirectory(prefix="boot-") as folder:
        drive = Path(folder, "drive")
        state = prepare(drive, fresh=True)
        assembly.build(drive, mpy.MICROPYTHON)
        (drive / _PROGRAM.name).write_bytes(_PROGRAM.read_bytes())
        program = f"/{_PROGRAM.name}"
        board = SimulatedBoard(
            drive, state, vm="micropython", heap=_HEAP, program=program, libraries=built_in()
        )
        board.power_on()
        deadline = time.monotonic() + _SECONDS
        try:
            while " started\n" not in board.output():
                if board.status in ("done", "error", "crashed") or time.monotonic() > deadline:
                    raise UsageError(f"the app did not start: {board.output().strip()}")
                time.sleep(0.1)
            lines = [line.split(" ") for line in board.output().splitlines()]
        finally:
            board.stop()
    return [
        (line[0], int(line[1]), line[2])
        for line in lines
        if line[0] in ("cost", "dropped", "total")
    ]
