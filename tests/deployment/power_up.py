"""Runs the project's own boot.py on a folder as if it were the board's drive."""

import builtins
import functools
import os
from pathlib import Path
from types import SimpleNamespace

BOOT = Path(__file__).resolve().parents[2] / "boot.py"


def _open_on(root: Path, path: str, mode: str = "r"):
    return open(str(root) + path, mode)


def power_up(root: Path) -> None:
    """Do to the drive at `root` what boot.py does to it at power-up."""

    def rooted(function):
        return lambda path: function(str(root) + path)

    board_os = SimpleNamespace(
        listdir=rooted(os.listdir),
        stat=rooted(os.stat),
        remove=rooted(os.remove),
        sync=lambda: None,
    )
    modules = {
        "os": board_os,
        "microcontroller": SimpleNamespace(nvm=bytearray(8)),
        "storage": SimpleNamespace(remount=lambda path, readonly: None),
    }
    names = dict(vars(builtins))
    names["open"] = functools.partial(_open_on, root)
    names["__import__"] = lambda name, *rest: modules[name]
    names["print"] = lambda *words: None
    exec(compile(BOOT.read_text(), "boot.py", "exec"), {"__builtins__": names})  # noqa: S102 - the project's own boot.py
