"""At power-up: repair half-finished file replacements, decide who may write the drive.

It imports nothing from lib/, because it must work while lib/ itself is half replaced.
"""

import os

import microcontroller
import storage

# Copies from lib/datalogger/: rare/replacing.py and nonvolatile.py. A test compares them.
MARK = b"\n\x00whole\n"  # ends a NAME.new that is whole
DRIVE_AT = 0  # the byte of the non-volatile memory that says who has the drive
BOARD_HAS_DRIVE = 0x42

PIECE = 4096  # bytes: the flash is erased and written in such blocks
FOLDER = 0x4000
REPLACED = ("boot.py.new", "code.py.new", "settings.toml.new")  # beside those in lib/ and www/


def is_remains(name):
    """Whether the file was being removed: FAT keeps a long name in several entries, and a cut
    between two of them leaves the file with its short name only, such as PAGEHT~1.NEW."""
    return "~" in name and name == name.upper()


def unfinished(folder, found):
    """Add the paths of what replacements and removals left in the folder and below it."""
    for name in os.listdir(folder or "/"):
        path = folder + "/" + name
        if os.stat(path)[0] & FOLDER:
            if not name.startswith("."):
                unfinished(path, found)
        elif name.endswith(".new") or is_remains(name):
            found.append(path)


def finish(new):
    """Copy a whole NAME.new over NAME; then, or when it isn't whole, remove it."""
    length = os.stat(new)[6] - len(MARK)
    with open(new, "rb") as source:
        if length >= 0:
            source.seek(length)
        whole = length >= 0 and source.read() == MARK
        if whole:
            source.seek(0)
            with open(new[:-4], "wb") as target:
                while length > 0:
                    piece = source.read(min(length, PIECE))
                    target.write(piece)
                    length -= len(piece)
            os.sync()
    os.remove(new)
    os.sync()
    print("Finished" if whole else "Undid", "the replacement of", new[:-4])


def removed_recordings(folder, found):
    """Add the paths of recordings in the folder and below it that were being removed."""
    for name in os.listdir(folder):
        path = folder + "/" + name
        if os.stat(path)[0] & FOLDER:
            removed_recordings(path, found)
        elif name.endswith(".CSV") and is_remains(name):
            found.append(path)


def repair():
    """Finish or undo every replacement and removal that a power cut has interrupted."""
    found = []
    names = os.listdir("/")
    for name in names:
        if name in REPLACED or name.endswith(".NEW") and is_remains(name):
            found.append("/" + name)
    for folder in ("lib", "www"):
        if folder in names:
            unfinished("/" + folder, found)
    if "data" in names:
        removed_recordings("/data", found)
    if found:
        storage.remount("/", readonly=False)
        for path in found:
            try:
                if path.endswith(".new"):
                    finish(path)
                else:
                    os.remove(path)
                    os.sync()
                    print("Finished the removal of", path)
            except OSError as error:  # for example a drive without room: the next start tries again
                print("Could not finish", path, error)
        storage.remount("/", readonly=True)


try:
    repair()
except Exception as error:  # noqa: BLE001 - whatever it is, the board must start
    print("Repair failed:", error)
if microcontroller.nvm[DRIVE_AT] == BOARD_HAS_DRIVE:
    storage.remount("/", readonly=False)
