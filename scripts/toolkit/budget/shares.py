"""What the payload takes of a board's drive, and what it leaves for data."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from .. import fat

SECTORS_PER_KILOBYTE = 1024 // fat.SECTOR

PAYLOAD_GOAL = 128 * 1024

# What CircuitPython puts on a fresh drive, as {path: size}; folders end in "/".
FRESH_DRIVE = {
    ".fseventsd/": 0,
    ".fseventsd/no_log": 0,
    ".metadata_never_index": 0,
    ".Trashes": 0,
    ".Trash-1000": 0,
    "boot_out.txt": 150,
    "settings.toml": 0,
    "code.py": 22,
    "lib/": 0,
    "sd/": 0,
    "sd/placeholder.txt": 60,
}


FRESH_GROUP = "(fresh drive)"
ROOT_GROUP = "(top)"


@dataclass(frozen=True)
class Group:
    """The files of one folder: how many, their bytes, and what they take on the drive."""

    name: str
    files: int
    size: int
    on_drive: int


@dataclass(frozen=True)
class Budget:
    """How the drive is shared out; all sizes in bytes."""

    cluster: int
    capacity: int
    groups: list[Group]
    used: int
    free: int
    root_entries: int

    @property
    def payload(self) -> int:
        """What the payload takes, without the files of a fresh drive."""
        return sum(group.on_drive for group in self.groups if group.name != FRESH_GROUP)


def _filled(sizes: dict[PurePosixPath, int], kilobytes: int) -> fat.Volume:
    """Return a drive of that size holding a fresh drive's files and `sizes`."""
    filled = fat.Volume(fat.formatted(kilobytes * SECTORS_PER_KILOBYTE))
    for name, size in FRESH_DRIVE.items():
        path = PurePosixPath(name)
        if name.endswith("/"):
            filled.add_folder(path)
        elif path not in sizes:
            filled.add_file(path, size)
    for path, size in sizes.items():
        filled.add_file(path, size)
    return filled


def calculate(sizes: dict[PurePosixPath, int], kilobytes: int) -> Budget:
    """Share out a drive of that size among the payload's files. Raises ValueError (see fat)."""
    filled = _filled(sizes, kilobytes)
    groups = [_group(folder, sizes, filled) for folder in sorted({path.parent for path in sizes})]
    fresh = filled.used - sum(group.on_drive for group in groups)
    own = [
        name for name in FRESH_DRIVE if not name.endswith("/") and PurePosixPath(name) not in sizes
    ]
    groups.append(Group(FRESH_GROUP, len(own), sum(FRESH_DRIVE[name] for name in own), fresh))
    geometry = filled.geometry
    return Budget(
        cluster=geometry.cluster,
        capacity=geometry.capacity,
        groups=groups,
        used=filled.used,
        free=filled.free,
        root_entries=filled.root_entries,
    )


def _group(folder: PurePosixPath, sizes: dict, filled: fat.Volume) -> Group:
    inside = [size for path, size in sizes.items() if path.parent == folder]
    clusters = sum(filled.clusters_for(size) for size in inside) + filled.clusters_of_folder(folder)
    name = ROOT_GROUP if folder == PurePosixPath(".") else f"{folder}/"
    return Group(name, len(inside), sum(inside), clusters * filled.geometry.cluster)


def problems(budget: Budget, sizes: dict[PurePosixPath, int], reserve: int) -> list[str]:
    """Return what is wrong with a budget, in sentences; empty when all is well."""
    found = []
    for path, size in sizes.items():
        if size > budget.capacity:
            found.append(
                f"{path} alone has {size:,} bytes; the whole drive holds {budget.capacity:,}."
            )
    if budget.root_entries > fat.ROOT_ENTRIES:
        found.append(
            f"The top folder needs {budget.root_entries} directory entries; FAT allows {fat.ROOT_ENTRIES}."
        )
    if budget.free < 0:
        found.append(f"The payload is {-budget.free:,} bytes too large for the drive.")
    elif budget.free < reserve:
        found.append(
            f"Only {budget.free:,} bytes are left for data; at least {reserve:,} should be."
        )
    return found
