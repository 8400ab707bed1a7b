"""Replacing files on a mounted drive so that a power cut or a pulled cable leaves the old or the new one.

The same protocol as on the board (lib/datalogger/rare/replacing.py, boot.py): the new content goes to NAME.new; a mark at
its end says that it is whole; then it is copied over NAME. What was cut short is finished by boot.py when the mark is
there, or else undone. Renaming would be shorter, but takes two directory writes, and a cut between them leaves two
names for one chain of clusters.
"""

from pathlib import PurePosixPath

from .. import manifest
from ..errors import ToolkitError
from .mounted_drive import MountedDrive

MARK = b"\n\x00whole\n"
SUFFIX = ".new"
_ALWAYS_OURS = tuple(map(PurePosixPath, (*manifest.PROGRAMS, "settings.toml")))


def new_name(path: PurePosixPath) -> PurePosixPath:
    """Return the name under which the new content of `path` waits."""
    return path.with_name(path.name + SUFFIX)


def recover(drive: MountedDrive) -> list[PurePosixPath]:
    """Finish or undo what an interrupted deployment left, as boot.py does; return the files concerned.

    Another NAME.new is the user's own. The manifest, which knows ours, is replaced itself: it comes first.
    """
    concerned = []
    if _settle(drive, manifest.PATH):
        concerned.append(manifest.PATH)
    ours = set(manifest.read(drive.read(manifest.PATH) or b"")) | set(_ALWAYS_OURS)
    return concerned + [path for path in sorted(ours) if _settle(drive, path)]


def _settle(drive: MountedDrive, path: PurePosixPath) -> bool:
    """Finish or undo the replacement of one file; tell whether there was one."""
    content = drive.read(new_name(path))
    if content is None:
        return False
    if content.endswith(MARK):
        drive.write(path, content[: -len(MARK)])
    drive.remove(new_name(path))
    return True


def create(drive: MountedDrive, path: PurePosixPath, content: bytes) -> None:
    """Write a file that nothing uses yet, and read it back."""
    drive.write(path, content)
    _compare(drive, path, content)


def replace(
    drive: MountedDrive, contents: dict[PurePosixPath, bytes], done=lambda size: None
) -> None:
    """Replace files together: nothing changes until all new contents are on the drive and read back.

    `done(size)` is called with the bytes written after each write of a content; each is written twice.
    """
    for path, content in contents.items():
        create(drive, new_name(path), content)
        done(len(content))
    for path in contents:
        drive.append(new_name(path), MARK)
    for path, content in contents.items():
        create(drive, path, content)
        done(len(content))
        drive.remove(new_name(path))


def _compare(drive: MountedDrive, path: PurePosixPath, content: bytes) -> None:
    if drive.read(path) != content:
        raise ToolkitError(
            f"{path} reads back other than it was written: the cable, the port or the drive is faulty. "
            "Try another cable, then run this again."
        )
