"""The folder that stands for the CIRCUITPY drive: made with what a board's firmware puts on a new
drive."""

import shutil
from pathlib import Path

_FRESH_FILES = {
    ".fseventsd/no_log": "",
    ".metadata_never_index": "",
    ".Trashes": "",
    ".Trash-1000": "",
    "boot_out.txt": "",
    "sd/placeholder.txt": "SD cards mounted at /sd will hide this file from Python.\n",
}


def state_folder(drive):
    """Where the board of this drive keeps what isn't on the drive."""
    return drive.with_name(drive.name + ".state")


def is_a_drive(folder):
    """Whether the folder is one that may be used, and emptied, as a drive."""
    return not folder.exists() or (folder / "boot_out.txt").is_file() or not any(folder.iterdir())


def prepare(drive, fresh):
    """Makes the folder if it isn't there yet; `fresh` empties it, and the board's memory, first."""
    state = state_folder(drive)
    if fresh:
        shutil.rmtree(drive, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)
    if not drive.exists() or not any(drive.iterdir()):
        for name, content in _FRESH_FILES.items():
            path = Path(drive, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        (drive / "lib").mkdir()
    state.mkdir(parents=True, exist_ok=True)
    return state
