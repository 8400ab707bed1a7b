"""What a deployment has to do: which files are new, changed, unchanged, left over, or were edited on the board."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from .. import manifest

_LAST = {"settings.toml": 2, "boot.py": 3, "code.py": 4}

# What CircuitPython puts on a fresh drive as code.py.
_FRESH_CODE = manifest.digest(b'print("Hello World!")\n')


@dataclass
class Plan:
    """Lists of paths, in the order in which they are to be dealt with."""

    new: list[PurePosixPath] = field(default_factory=list)
    changed: list[PurePosixPath] = field(default_factory=list)
    unchanged: list[PurePosixPath] = field(default_factory=list)
    stale: list[PurePosixPath] = field(default_factory=list)
    # Among `changed` and `stale`: not as a deployment left them, so a copy is kept on the computer.
    edited: list[PurePosixPath] = field(default_factory=list)
    # Left alone: a newer version of a library from PyPI, put there by circup.
    newer: list[PurePosixPath] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the board has it all already."""
        return not (self.new or self.changed or self.stale)


def order(path: PurePosixPath) -> tuple:
    """Sort key: libraries, pages, settings, boot.py, and code.py, which uses all of them, last."""
    if path.parts[0] == "lib":
        return 0, str(path)
    return _LAST.get(str(path), 1), str(path)


def make(
    wanted: dict[PurePosixPath, bytes],
    earlier: dict[PurePosixPath, set],
    present: Callable[[PurePosixPath], str | None],
    is_newer: Callable[[PurePosixPath], bool] = lambda path: False,
    is_known: Callable[[PurePosixPath], bool] = lambda path: False,
    interrupted: bool = False,
) -> Plan:
    """Compare what is `wanted` with what is there.

    `earlier` is the manifest on the board; `present(path)` returns the digest (see manifest) of a file on the board or
    None; `is_newer(path)` tells whether the board has a newer version of a library, put there by somebody else;
    `is_known(path)` tells whether a file on the board is another form of the one wanted, so that nobody's work is lost. `interrupted`: the manifest is that of
    a deployment that did not reach its end.
    """
    plan = Plan()
    for path in sorted(wanted, key=order):
        if path == manifest.PATH:
            continue
        there = present(path)
        if there == manifest.digest(wanted[path]):
            plan.unchanged.append(path)
        elif is_newer(path):
            plan.newer.append(path)
        elif there is None:
            plan.new.append(path)
        else:
            plan.changed.append(path)
            ours = there in earlier.get(path, ()) or there == _FRESH_CODE or is_known(path)
            if not ours:
                plan.edited.append(path)
    _add_stale(plan, wanted, earlier, present, interrupted)
    _add_hiding(plan, wanted, present, is_known)
    return plan


def _add_stale(plan: Plan, wanted: dict, earlier: dict, present: Callable, interrupted: bool):
    kept = {str(path).lower() for path in wanted}
    for path in sorted(earlier):
        there = present(path) if str(path).lower() not in kept else None
        if there is None:
            continue
        if there in earlier[path]:
            plan.stale.append(path)
        elif interrupted:  # perhaps half-written: it goes, and a copy is kept all the same
            plan.stale.append(path)
            plan.edited.append(path)


def _add_hiding(plan: Plan, wanted: dict, present: Callable, is_known: Callable):
    """Add each NAME.py beside a NAME.mpy: CircuitPython imports it first, so that it would hide the compiled one."""
    for path in wanted:
        source = path.with_suffix(".py")
        if path.suffix != ".mpy" or path in plan.newer or source in plan.stale:
            continue
        if present(source) is not None:
            plan.stale.append(source)
            if not is_known(source):
                plan.edited.append(source)
