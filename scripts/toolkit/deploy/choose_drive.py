"""Which drive to deploy to: the one given, the only one found, or the one picked from several."""

import sys
from pathlib import Path, PurePosixPath

from ..errors import ToolkitError
from ..plain_text import plain
from . import find_drive, firmware
from .mounted_drive import MountedDrive, open_drive

_NONE = (
    "No drive called CIRCUITPY was found. Plug the board in with a cable that carries data; give the "
    "drive with --to DIR if it has another name; or deploy over Wi-Fi with --wifi http://192.168.4.1"
)


def choose(given: Path | None, ask=input) -> tuple[MountedDrive, firmware.Board]:
    """Return the drive to deploy to and its board. `ask(prompt)` returns an answer; used at a terminal only."""
    root = given or _pick(find_drive.find(), ask)
    drive = open_drive(root)
    return drive, board_of(drive)


def board_of(drive: MountedDrive) -> firmware.Board:
    """Return the board whose drive it is. Raises ToolkitError for a drive that isn't CircuitPython's."""
    content = drive.read(PurePosixPath(find_drive.BOOT_OUT))
    if content is None:
        raise ToolkitError(
            f"{drive.root} has no {find_drive.BOOT_OUT}, so it is no CircuitPython drive. If it is the board's drive, "
            "reset the board: CircuitPython then writes that file."
        )
    return firmware.parse(content.decode(errors="replace"))


def _pick(found: find_drive.Found, ask) -> Path:
    if not found.drives:
        raise ToolkitError(_not_mounted(found.unmounted) if found.unmounted else _NONE)
    if len(found.drives) == 1:
        return found.drives[0]
    names = [plain(f"{drive} ({_describe(drive)})") for drive in found.drives]
    if not sys.stdin.isatty():
        raise ToolkitError(
            f"Several boards are plugged in; pick one with --to DIR: {'; '.join(names)}"
        )
    for number, name in enumerate(names, 1):
        print(f"{number}  {name}")
    while True:
        answer = ask(f"Which one? [1-{len(names)}] ").strip()
        if answer.isdecimal() and 1 <= int(answer) <= len(names):
            return found.drives[int(answer) - 1]


def _not_mounted(devices: list[str]) -> str:
    return (
        f"The board's drive is there ({', '.join(devices)}) but not mounted. Open it in the file manager, "
        f"or run: udisksctl mount -b {devices[0]}"
    )


def _describe(drive: Path) -> str:
    try:
        board = board_of(MountedDrive(drive))
    except ToolkitError:
        return "no readable boot_out.txt"
    return f"{board.name}, {board.uid}" if board.uid else board.name
