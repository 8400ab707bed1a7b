"""Which libraries the board needs: those that its program imports, and the sensors that are chosen on it."""

import ast
from pathlib import PurePosixPath

from .. import settings_toml

SETTING = "SENSORS"
ROOM = PurePosixPath("lib/datalogger/sensors")
PLAIN = PurePosixPath(
    "lib/datalogger/drivers"
)  # drivers of this project, which travel like libraries
_BUILT_IN = ("adafruit_bus_device", "adafruit_pixelbuf")


def chosen(settings: str) -> str:
    """Return the sensors that a settings.toml chooses; nothing where it says nothing."""
    value = settings_toml.values(settings).get(SETTING, "")
    return value if isinstance(value, str) else ""


def kinds(sensors: str) -> list[str]:
    """Return the kind of each sensor in a text such as "chip bme280:GP2:0x76 bme280"."""
    return [item.partition(":")[0] for item in sensors.split()]


def needed(
    own: dict[PurePosixPath, bytes], libraries: dict[PurePosixPath, bytes], sensors: str
) -> dict[PurePosixPath, bytes]:
    """Return those of the libraries that the modules `own` import, directly or not.

    Paths are those on the drive. Of the kinds of sensors only the chosen ones count.
    """
    found: dict[PurePosixPath, bytes] = {}
    waiting = [(path, own[path]) for path in _program(own, sensors)]
    while waiting:
        for name in _imported(*waiting.pop()):
            for path in _files_of(name):
                if path in libraries and path not in found:
                    found[path] = libraries[path]
                    waiting.append((path, libraries[path]))
    return found


def idle(
    own: dict[PurePosixPath, bytes], left: set[PurePosixPath], sensors: str
) -> list[PurePosixPath]:
    """Return the modules of the kinds that are not chosen and could not be chosen in the browser: without another
    deployment they lack their driver. left: files of the libraries that don't travel."""
    modules = {path for path in own if path.suffix == ".py"} - set(_program(own, sensors))
    return [
        path
        for path in modules
        if any(place in left for name in _imported(path, own[path]) for place in _files_of(name))
    ]


def unknown(
    own: dict[PurePosixPath, bytes], libraries: dict[PurePosixPath, bytes], sensors: str
) -> list[tuple[str, str]]:
    """Return (kind, library) for each of Adafruit's libraries that a chosen kind imports and no list pins."""
    known = {path.parts[1].removesuffix(".py") for path in [*own, *libraries] if path.parts[1:]}
    found = set()
    for kind in kinds(sensors):
        path = ROOM / f"{kind}.py"
        for name in _imported(path, own.get(path, b"")):
            top = name.partition(".")[0]
            if top.startswith("adafruit_") and top not in known and top not in _BUILT_IN:
                found.add((kind, top))
    return sorted(found)


def _program(own: dict[PurePosixPath, bytes], sensors: str) -> list[PurePosixPath]:
    """Return the paths of the modules that may run."""
    wanted = kinds(sensors)
    modules = [path for path in own if path.suffix == ".py"]
    return [
        path
        for path in modules
        if path.parent != ROOM or path.stem in wanted or not _is_kind(own[path])
    ]


def _is_kind(source: bytes) -> bool:
    return b"\nclass Device" in source


def _imported(path: PurePosixPath, source: bytes) -> set[str]:
    """Return the full names that a module may import; none of a module that can't be read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = path.parts[1 : -node.level] if node.level else ()
            module = ".".join([*package, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def _files_of(name: str) -> list[PurePosixPath]:
    """Return where a module of that name, and the packages around it, may lie."""
    parts = name.split(".")
    places = [
        PurePosixPath("lib", *parts[:count], "__init__.py") for count in range(1, len(parts) + 1)
    ]
    return [*places, PurePosixPath("lib", *parts).with_suffix(".py")]
