"""Shows what the app takes of the board's memory until it runs, module by module.

Measured in the simulator's MicroPython, which tells a program the bytes of a board.
"""

import time
from pathlib import Path

from simulator import attached
from simulator.board import SimulatedBoard
from simulator.fresh_drive import prepare
from simulator.libraries import built_in
from toolkit.errors import ToolkitError
from toolkit.payload import assembly, mpy

from . import chosen_settings

_HEAP = 1024 * 1024  # ample: the question is what is kept
_SECONDS = 60
_PROGRAM = Path(__file__).resolve().parent / "device" / "memory_costs.py"


def measure(folder: Path, settings=None):
    """What device/memory_costs.py prints, as lists of words; ToolkitError when the app doesn't start.

    settings: {name: value} for settings.toml.
    """
    drive = folder / "drive"
    state = prepare(drive, fresh=True)
    chosen_settings.write(drive / "settings.toml", settings or {})
    assembly.build(drive, mpy.MICROPYTHON)
    (drive / _PROGRAM.name).write_bytes(_PROGRAM.read_bytes())
    board = SimulatedBoard(
        drive,
        state,
        vm="micropython",
        heap=_HEAP,
        program=f"/{_PROGRAM.name}",
        sensors=attached.chosen(drive / "settings.toml"),
        libraries=built_in(),
    )
    board.power_on()
    deadline = time.monotonic() + _SECONDS
    try:
        while "\ntotal " not in board.output().rpartition("\n")[0]:
            if board.status in ("done", "error", "crashed") or time.monotonic() > deadline:
                raise ToolkitError(f"the app did not start: {board.output().strip()}")
            time.sleep(0.1)
        lines = [line.split() for line in board.output().splitlines()]
    finally:
        board.stop()
    return [line for line in lines if line and line[0] in ("module", "dropped", "total")]


def show(found):
    """Print the table."""
    sizes = {words[1]: int(words[2]) for words in found if words[0] == "module"}
    dropped = {words[1] for words in found if words[0] == "dropped"}
    total = int(found[-1][1])
    kept = sum(size for name, size in sizes.items() if name not in dropped)
    print("   bytes  module, in the order in which they are ready")
    for name, size in sizes.items():
        print(f"{size:>8,}  {name}{' (used once, dropped)' if name in dropped else ''}")
    print(f"{total - kept:>8,}  objects of the app, and names that the dropped code leaves")
    print(f"{total:>8,}  in all, without what was dropped\n")
    print(
        "Bytes on a board, 0.72 of those on 64 bits. Python's table of names grows in leaps, each of which counts for\n"
        "the module that needed one name more."
    )
