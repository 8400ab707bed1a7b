"""The ways in which a board is broken."""

import json
from pathlib import Path, PurePosixPath

from toolkit.environment import ROOT

from .rescue import Way

_HOSTILE = ('""', '"x"', "-1", '"' + "y" * 300 + '"', '"no end', "nonsense")
_CUTS = tuple(number / 10 for number in range(0, 40, 2))  # seconds after the commit


def all_ways(files: dict) -> list[Way]:
    """Every way, those of the payload first."""
    return [*_payload(files), *_settings(), *_sensors(), *_drives(), *_cuts(files)]


def _payload(files):
    """Each module is deployed truncated, with a syntax error, without its names, and with other things by them."""
    for path, content in files.items():
        if path.suffix not in (".py", ".json"):
            continue
        damages = {
            "cut in half": content[: len(content) // 2],
            "a syntax error": content + b"\ndef :\n",
            "nothing in it": b"\n",
            "wrong types": _wrong_types(path, content),
        }
        for what, damaged in damages.items():
            yield Way("payload", f"{path}: {what}", update={path: damaged})


def _wrong_types(path, content):
    if path.suffix == ".json":
        return b'{"groups": ["recording"],\n"settings": [\n{"key": 1, "type": ["int"], "default": {}}\n]}\n'
    return (
        content
        + b"\nfor _name in list(globals()):\n    if _name[:2] != '__':\n        globals()[_name] = 1\n"
    )


def _settings():
    rows = json.loads((ROOT / "lib/datalogger/settings_schema.json").read_text("utf-8"))["settings"]
    for number, row in enumerate(rows):
        value = _HOSTILE[number % len(_HOSTILE)]
        yield Way("settings", f"{row['key']} = {value[:20]}", _setting(row["key"], value))
    for key in ("CIRCUITPY_HEAP_START_SIZE", "CIRCUITPY_PYSTACK_SIZE"):
        yield Way("settings", f"{key} = text", _setting(key, '"x"'))
    yield Way("settings", "no file", lambda drive: (drive / "settings.toml").unlink())
    yield Way("settings", "an empty file", _writing("settings.toml", b""))
    yield Way("settings", "20 KB", _writing("settings.toml", b"# x\n" * 5000))
    yield Way("settings", "no text", _writing("settings.toml", bytes(range(256)) * 4))


def _setting(key, value):
    def change(drive: Path):
        file = drive / "settings.toml"
        lines = [
            line for line in file.read_text("utf-8").splitlines() if not line.startswith(key + " ")
        ]
        file.write_text("\n".join([f"{key} = {value}", *lines, ""]), "utf-8")

    return change


def _sensors():
    base = '    channels = (("odd", "Odd", "", 0),)\n'
    bodies = {
        "an import that fails": None,
        "no name": "    channels = (('', 'x', '', 0),)\n    def read(self):\n        return 1\n",
        "a constructor that raises": base + "    def __init__(self):\n        raise OSError(19)\n",
        "a read that raises": base + "    def read(self):\n        raise ValueError('x')\n",
        "a read that returns a text": base + "    def read(self):\n        return 'x'\n",
        "no read": base,
        "an error that can't be shown": base + "    def read(self):\n"
        "        class Odd(Exception):\n            def __repr__(self):\n                raise OSError\n"
        "            __str__ = __repr__\n        raise Odd()\n",
    }
    for what, body in bodies.items():
        source = "import no_such_driver\n" if body is None else "class Device:\n" + body
        yield Way("sensors", what, _sensor(source))
    yield Way("sensors", "a module that can't be read", _sensor("def :"))
    yield Way("sensors", "none of that name", _setting("SENSORS", '"nothing:GP99:0xzz chip"'))


def _sensor(source):
    def change(drive: Path):
        (drive / "lib/datalogger/sensors/odd.py").write_text(source)
        _setting("SENSORS", '"chip odd"')(drive)

    return change


def _drives():
    """What a drive may hold that nobody expects."""
    for word in ("committed", "kept", "trial", "undoing", "proven", "undone", "failed", "refused"):
        line = f"{word} 3 ".ljust(26) + "whole\n"
        yield Way("drive", f"an update that is {word}, without entries", _state(line.encode()))
    yield Way("drive", "a state of an update that is none", _state(b"\xff" * 32))
    yield Way("drive", "a folder for the recordings that is a file", _writing("data", b"x"))
    yield Way("drive", "a file in place of the pages", _pages_gone)
    yield Way("drive", "settings that were being replaced", _writing("settings.toml.new", b"x"))


def _state(content):
    return _writing("update/state", content)


def _writing(path, content):
    def write(drive: Path):
        target = drive / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    return write


def _pages_gone(drive: Path):
    (drive / "www/index.html.gz").unlink()


def _cuts(files):
    """The power fails during an update, its activation and its trial."""
    update = {
        PurePosixPath("code.py"): files[PurePosixPath("code.py")] + b"# new\n",
        PurePosixPath("boot.py"): files[PurePosixPath("boot.py")] + b"# new\n",
        PurePosixPath("www/extra.txt"): b"new",
    }
    for seconds in _CUTS:
        yield Way("cut", f"power fails {seconds} s after the commit", update=update, cut=seconds)
