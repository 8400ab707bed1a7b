"""How much of a FAT drive files and folders take, as FatFs, the board's file system code, lays them out.

Rules from Microsoft's "FAT: General Overview of On-Disk Format" 1.03 and FatFs R0.13 (f_mkfs, create_name,
dir_register), as CircuitPython and MicroPython set it: one FAT, 512 root entries, 512-byte sectors.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

SECTOR = 512
ENTRY = 32
ROOT_ENTRIES = 512
RESERVED_SECTORS = 1
LARGEST_FAT12 = 0xFF5
LARGEST_FAT16 = 0xFFF5
LONG_NAME_CHARACTERS_PER_ENTRY = 13
LONGEST_NAME = 255

# FatFs doubles the cluster for each of these volume sizes (in units of 4096 sectors) that is reached.
_CLUSTER_STEPS = (1, 4, 16, 64, 256, 512)

# Legal in a long name, not in a short one: FatFs puts a "_" there and keeps the long name beside it.
_LONG_NAME_ONLY = "+,;=[]"
_FORBIDDEN = '"*/:<>?\\|\x7f'


@dataclass(frozen=True)
class Geometry:
    """A formatted drive: the size of a cluster in bytes and how many there are."""

    cluster: int
    clusters: int

    @property
    def capacity(self) -> int:
        """Bytes for files and folders."""
        return self.cluster * self.clusters


def formatted(sectors: int) -> Geometry:
    """Return what FatFs makes of a drive of so many 512-byte sectors.

    Raises ValueError for less than 128 sectors (64 KB) or more than FAT16 can address (2 GB).
    """
    if sectors < 128:
        raise ValueError("a drive has at least 64 KB")
    steps = [step for step in _CLUSTER_STEPS if step <= sectors // 0x1000]
    sectors_per_cluster = 1 << len(steps)
    while sectors_per_cluster <= 128:
        clusters, is_fat16 = _clusters(sectors, sectors_per_cluster)
        if clusters > (LARGEST_FAT16 if is_fat16 else LARGEST_FAT12) or (
            is_fat16 and clusters <= LARGEST_FAT12
        ):
            sectors_per_cluster *= 2
            continue
        return Geometry(sectors_per_cluster * SECTOR, clusters)
    raise ValueError("a drive has at most 2 GB")


def _clusters(sectors: int, sectors_per_cluster: int) -> tuple[int, bool]:
    most = sectors // sectors_per_cluster
    is_fat16 = most > LARGEST_FAT12
    fat_bytes = most * 2 + 4 if is_fat16 else (most * 3 + 1) // 2 + 3
    fat_sectors = -(-fat_bytes // SECTOR)
    root_sectors = ROOT_ENTRIES * ENTRY // SECTOR
    data_sectors = sectors - RESERVED_SECTORS - fat_sectors - root_sectors
    return data_sectors // sectors_per_cluster, is_fat16


def directory_entries(name: str, lower_case_is_short: bool = True) -> int:
    """Return how many 32-byte directory entries a file or folder of this name takes.

    FatFs and Windows keep a name like `code.py` in one entry with a flag for "lower case"; Linux and macOS write
    a long name for it (`lower_case_is_short=False`). Raises ValueError for a name that FAT can't hold.
    """
    _check(name)
    if _is_short(name, lower_case_is_short):
        return 1
    units = len(name.encode("utf-16-le")) // 2
    return -(-units // LONG_NAME_CHARACTERS_PER_ENTRY) + 1


def _check(name: str) -> None:
    bad = [character for character in name if character < " " or character in _FORBIDDEN]
    if bad:
        raise ValueError(f"{name!r}: a FAT drive allows no {bad[0]!r} in a name")
    if not name.rstrip(" ."):
        raise ValueError(f"{name!r} is no name on a FAT drive")
    if name[-1] in " .":
        raise ValueError(f"{name!r}: a FAT drive drops the blank or full stop at the end of a name")
    if len(name.encode("utf-16-le")) // 2 > LONGEST_NAME:
        raise ValueError(f"{name!r}: a name has at most {LONGEST_NAME} characters")


def _is_short(name: str, lower_case_is_short: bool) -> bool:
    """Whether the 8.3 form says it all, so that no long name goes with it."""
    base, dot, extension = name.rpartition(".")
    if not dot:
        base, extension = extension, ""
    if not base or "." in base or len(base) > 8 or len(extension) > 3:
        return False
    for part in (base, extension):
        if any(character == " " or character in _LONG_NAME_ONLY for character in part):
            return False
        if not part.isascii():
            return False
        has_lower = part != part.upper()
        if has_lower and (part != part.lower() or not lower_case_is_short):
            return False
    return True


class Volume:
    """A drive being filled in thought: counts the clusters that files and folders take.

    Each path is added once. Folders come into being with the first file below them.
    """

    def __init__(
        self, geometry: Geometry, lower_case_is_short: bool = True, has_label: bool = True
    ):
        self.geometry = geometry
        self.file_clusters = 0
        self._lower_case_is_short = lower_case_is_short
        self._entries = {PurePosixPath("."): 1 if has_label else 0}

    def add_file(self, path: PurePosixPath, size: int) -> None:
        """Add a file of `size` bytes. Raises ValueError for a name that FAT can't hold."""
        self._add_entry(path)
        self.file_clusters += self.clusters_for(size)

    def add_folder(self, path: PurePosixPath) -> None:
        """Add a folder, and those above it, unless they are there."""
        if path not in self._entries:
            self._add_entry(path)
            self._entries[path] = 2  # "." and ".."

    def clusters_for(self, size: int) -> int:
        """Return how many clusters hold so many bytes; an empty file has none."""
        return -(-size // self.geometry.cluster)

    def clusters_of_folder(self, path: PurePosixPath) -> int:
        """Return how many clusters the list of names in a folder takes; the root has its own place."""
        if path == PurePosixPath("."):
            return 0
        return self.clusters_for(self._entries[path] * ENTRY)

    @property
    def root_entries(self) -> int:
        """Entries in the root folder, which has 512."""
        return self._entries[PurePosixPath(".")]

    @property
    def folders(self) -> list[PurePosixPath]:
        """Every folder but the root."""
        return [path for path in self._entries if path != PurePosixPath(".")]

    @property
    def used(self) -> int:
        """Bytes taken, in whole clusters."""
        folder_clusters = sum(self.clusters_of_folder(path) for path in self.folders)
        return (self.file_clusters + folder_clusters) * self.geometry.cluster

    @property
    def free(self) -> int:
        """Bytes left, in whole clusters; below zero when it doesn't fit."""
        return self.geometry.capacity - self.used

    def _add_entry(self, path: PurePosixPath) -> None:
        if path.parent != path:
            self.add_folder(path.parent)
        self._entries[path.parent] += directory_entries(path.name, self._lower_case_is_short)
