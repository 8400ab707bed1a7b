"""Finding the board's drive among those that the computer has mounted."""

import ctypes
import os
import re
import string
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LABEL = "CIRCUITPY"
BOOT_OUT = "boot_out.txt"

# What Linux and macOS call FAT; Windows calls it FAT or FAT32.
FAT_TYPES = ("vfat", "msdos")


@dataclass(frozen=True)
class Found:
    """What a search found: drives to deploy to, and devices that are there but not mounted."""

    drives: list[Path]
    unmounted: list[str]


def find() -> Found:
    """Look for drives labelled CIRCUITPY in the way of the operating system at hand."""
    if sys.platform == "win32":
        return windows(ctypes.windll.kernel32)
    if sys.platform == "darwin":
        mounts = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        return macos(mounts.stdout)
    return linux(Path("/proc/self/mounts").read_text(), Path("/dev/disk/by-label"))


def linux(mounts: str, by_label: Path) -> Found:
    """Read the table of mounts (fstab(5)) and udev's links from label to device."""
    labelled = {os.path.realpath(link) for link in by_label.glob(f"{LABEL}*")}
    drives, mounted = [], set()
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3 or fields[2] not in FAT_TYPES:
            continue
        device, folder = (_unescaped(field) for field in fields[:2])
        if os.path.realpath(device) in labelled or _is_label(Path(folder).name):
            drives.append(Path(folder))
            mounted.add(os.path.realpath(device))
    return Found(drives, sorted(labelled - mounted))


def _unescaped(field: str) -> str:
    r"""Undo the octal escapes of fstab(5), such as \040 for a blank."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), field)


def macos(mounts: str) -> Found:
    """Read the output of mount(8). Every volume is a folder in /Volumes; a second one of a name gets a number."""
    found = re.findall(r"^.* on (/Volumes/.*) \((\w+)[,)].*$", mounts, re.MULTILINE)
    folders = [Path(folder) for folder, kind in found if kind in FAT_TYPES]
    return Found([folder for folder in sorted(folders) if _is_label(folder.name)], [])


def _is_label(name: str) -> bool:
    return re.fullmatch(LABEL + r"[ _]?\d*", name) is not None


def windows(kernel32) -> Found:
    """Ask for the label of each drive letter (GetLogicalDrives, GetVolumeInformationW)."""
    letters = kernel32.GetLogicalDrives()
    drives = []
    for number, letter in enumerate(string.ascii_uppercase):
        if not letters >> number & 1:
            continue
        label = ctypes.create_unicode_buffer(261)
        kind = ctypes.create_unicode_buffer(261)
        root = f"{letter}:\\"
        known = kernel32.GetVolumeInformationW(root, label, 261, None, None, None, kind, 261)
        if known and label.value == LABEL and kind.value.startswith("FAT"):
            drives.append(Path(root))
    return Found(drives, [])
