"""Runs the project's own boot.py, and what it runs, on a folder as if it were the board's drive."""

import binascii
import builtins
import functools
import hashlib
import os
from pathlib import Path
from types import ModuleType, SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
# lib/rescue/ on a board, with the copies that a deployment puts there.
SOURCES = {
    "rescue.power_up": "lib/rescue/power_up.py",
    "rescue.nonvolatile": "lib/datalogger/nonvolatile.py",
    **{
        f"rescue.update.{name}": f"lib/datalogger/update/{name}.py"
        for name in ("commit", "entries", "install", "needs", "staging", "state")
    },
}


class _Board:
    """The board that boot.py finds; `root` is its drive."""

    def __init__(self, root: Path):
        def rooted(function):
            return lambda path: function(str(root) + path)

        self._open = functools.partial(_open_on, root)
        self.modules = {
            "os": SimpleNamespace(
                listdir=rooted(os.listdir),
                stat=rooted(os.stat),
                statvfs=rooted(os.statvfs),
                remove=rooted(os.remove),
                rmdir=rooted(os.rmdir),
                mkdir=rooted(os.mkdir),
                sync=lambda: None,
            ),
            "binascii": binascii,
            "hashlib": hashlib,
            "micropython": SimpleNamespace(const=lambda value: value),
            "microcontroller": SimpleNamespace(
                nvm=bytearray(64),
                cpu=SimpleNamespace(reset_reason="SOFTWARE"),
                ResetReason=SimpleNamespace(SOFTWARE="SOFTWARE"),
            ),
            "alarm": SimpleNamespace(sleep_memory=bytearray(256)),
            "storage": SimpleNamespace(remount=lambda path, readonly: None),
            "rescue": ModuleType("rescue"),
            "rescue.update": ModuleType("rescue.update"),
        }

    def run(self, path: str, name: str, names: dict) -> None:
        names["__name__"] = name
        names["__builtins__"] = {
            **vars(builtins),
            "open": self._open,
            "print": lambda *words: None,
            "__import__": self._import,
        }
        exec(compile((ROOT / path).read_text(), path, "exec"), names)  # noqa: S102 - the project's own

    def _import(self, name, names=None, _locals=None, wanted=(), level=0):
        if level:
            package = names["__name__"].rpartition(".")[0]
            name = f"{package}.{name}" if name else package
        module = self._load(name)
        for one in wanted or ():
            if not hasattr(module, one):
                setattr(module, one, self._load(f"{name}.{one}"))
        return module

    def _load(self, name):
        if name not in self.modules:
            module = self.modules[name] = ModuleType(name)
            self.run(SOURCES[name], name, vars(module))
        return self.modules[name]


def _open_on(root: Path, path: str, mode: str = "r"):
    return open(str(root) + path, mode)


def power_up(root: Path) -> None:
    """Do to the drive at `root` what boot.py does to it at power-up."""
    _Board(root).run("boot.py", "__main__", {})
