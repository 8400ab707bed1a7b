"""Whether a board has the memory for the sensors that are chosen on it."""

from pathlib import PurePosixPath

from ..payload import drivers

# Measured on the firmware of a Pico W: what the modules of sensors and their drivers take of Python's memory.
_BYTES_PER_COMPILED_BYTE = 1.6
_BYTES_PER_SENSOR = 1100  # its objects, with two or three channels
_RESIDENT = ("chip", "diagnostics")  # counted with the app
# What the app leaves on a Pico W (prove.py soak --set SENSORS=...: six kinds with several visitors, eight with one)
_PICO_W = "raspberry_pi_pico_w"
_BYTES_FOR_SEVERAL = 17 * 1024
_BYTES_FOR_ONE = 23 * 1024


def warning(files: dict[PurePosixPath, bytes], settings: str, board_id: str) -> str | None:
    """Return what to tell before the deployment of these files; None when all is well, or nobody can tell.

    Modules must be compiled; `settings` is the board's settings.toml.
    """
    chosen = drivers.kinds(drivers.chosen(settings))
    needed = estimate(files, [kind for kind in chosen if kind not in _RESIDENT])
    if board_id != _PICO_W or needed <= _BYTES_FOR_SEVERAL:
        return None
    start = f"The chosen sensors take about {needed / 1024:.0f} KB of memory"
    if needed > _BYTES_FOR_ONE:
        return (
            f"{start}, more than a Pico W has for them ({_BYTES_FOR_ONE // 1024} KB): choose fewer kinds, "
            "or take a Pico 2 W."
        )
    return (
        f"{start}. A Pico W bears that, but above {_BYTES_FOR_SEVERAL // 1024} KB several visitors at once "
        "may be told to try again."
    )


def estimate(files: dict[PurePosixPath, bytes], kinds: list[str]) -> float:
    """Return the bytes of memory that sensors of these kinds take on a board with 32 bits."""
    modules = {drivers.ROOM / f"{kind}.mpy" for kind in kinds}
    modules |= {path for path in files if _is_driver(path)}
    size = sum(len(files[path]) for path in modules if path in files)
    return size * _BYTES_PER_COMPILED_BYTE + len(kinds) * _BYTES_PER_SENSOR


def _is_driver(path: PurePosixPath) -> bool:
    if path.suffix != ".mpy" or path.parts[0] != "lib":
        return False
    own = path.parent == drivers.PLAIN
    return own or path.parts[1].startswith("adafruit_") and path.stem != "adafruit_ticks"
