"""Which board and firmware there is: from boot_out.txt, which CircuitPython writes at every power-up, or from the status."""

import re
from dataclasses import dataclass

from ..errors import ToolkitError

OLDEST_CIRCUITPYTHON = (10, 0)
TESTED = ("raspberry_pi_pico_w", "raspberry_pi_pico2_w")
WITHOUT_WIFI = ("raspberry_pi_pico", "raspberry_pi_pico2")
FIRMWARE_PAGE = "https://circuitpython.org/board/"

_VERSION = re.compile(r"CircuitPython (\d+)\.(\d+)(\S*)")
_FIRST_LINE = re.compile(r"Adafruit CircuitPython (\d+)\.(\d+)(\S*) on [^;]*; (.*)")


@dataclass(frozen=True)
class Board:
    """A board and its firmware; `id` and `uid` are empty where nothing says them."""

    name: str
    id: str
    uid: str
    version: tuple[int, int]
    version_text: str


def parse(boot_out: str) -> Board:
    """Return what boot_out.txt says. Raises ToolkitError when it isn't CircuitPython's."""
    match = _FIRST_LINE.search(boot_out)
    if not match:
        raise ToolkitError(
            "boot_out.txt on the drive doesn't name a CircuitPython version. "
            "Reset the board so that it is written anew."
        )
    major, minor, rest, name = match.groups()
    return Board(
        name=name.strip(),
        id=_field(boot_out, "Board ID"),
        uid=_field(boot_out, "UID"),
        version=(int(major), int(minor)),
        version_text=f"{major}.{minor}{rest}",
    )


def of_status(status: dict) -> Board:
    """Return what GET /api/status says. Raises ToolkitError when it names no CircuitPython version."""
    board = status.get("board", {})
    match = _VERSION.search(board.get("firmware", ""))
    if not match:
        raise ToolkitError("The board doesn't say which CircuitPython it runs.")
    return Board(
        name=board.get("name", "board"),
        id=board.get("id", ""),
        uid=board.get("uid", ""),
        version=(int(match.group(1)), int(match.group(2))),
        version_text="{}.{}{}".format(*match.groups()),
    )


def _field(text: str, name: str) -> str:
    match = re.search(rf"^{name}:(\S+)", text, re.MULTILINE)
    return match.group(1) if match else ""


def check(board: Board) -> list[str]:
    """Return warnings about a board. Raises ToolkitError for one that this project can't run on."""
    if board.version < OLDEST_CIRCUITPYTHON:
        oldest = ".".join(map(str, OLDEST_CIRCUITPYTHON))
        raise ToolkitError(
            f"The board runs CircuitPython {board.version_text}; {oldest} or later is needed. "
            f"Get it at {FIRMWARE_PAGE}{board.id or TESTED[0]}/"
        )
    if board.id in WITHOUT_WIFI:
        raise ToolkitError(
            f"This is the wrong board: {board.name} (or its firmware) has no Wi-Fi. A Pico W is needed, with the "
            f"firmware of {FIRMWARE_PAGE}{TESTED[0]}/"
        )
    if board.id not in TESTED:
        name = board.id or board.name
        return [f"This board is unknown here ({name}); tested: {', '.join(TESTED)}."]
    return []
