"""A deployment to a mounted drive."""

import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .. import environment, manifest
from ..errors import ToolkitError
from ..payload import mpy
from ..payload.assembly import SETTINGS
from . import plan, replacing, settings_merge, versions
from .mounted_drive import MountedDrive
from .room import Room

BOOT = PurePosixPath("boot.py")
CODE = PurePosixPath("code.py")
FOLDER_OF_REPLACED = environment.BUILD / "replaced"


@dataclass
class Deployment:
    """What is to be done on a drive; made by `prepare`, carried out by `carry_out`."""

    drive: MountedDrive
    contents: dict[PurePosixPath, bytes]
    plan: plan.Plan
    settings: settings_merge.Merge
    earlier: dict[PurePosixPath, set]
    earlier_manifest: bytes
    # Where copies of files that were edited on the board went; None when there were none.
    replaced: Path | None = None

    @property
    def bytes_to_write(self) -> int:
        """Bytes that will go over the cable."""
        new = sum(len(self.contents[path]) for path in self.plan.new)
        return new + 2 * sum(len(self.contents[path]) for path in self.plan.changed)

    @property
    def has_unseen_passwords(self) -> bool:
        """Whether this deployment, or one before it that was interrupted, made passwords to be shown at the end."""
        return bool(self.settings.passwords) or manifest.has_unseen_passwords(self.earlier_manifest)


def prepare(
    drive: MountedDrive,
    files: dict[PurePosixPath, bytes],
    template: bytes,
    libraries: frozenset[PurePosixPath] = frozenset(),
) -> Deployment:
    """Compare the payload with the drive and check that it fits. Nothing is written.

    `libraries` are the paths among `files` that others may have updated on the drive; a newer version of them stays.
    """
    earlier_manifest = drive.read(manifest.PATH) or b""
    earlier = manifest.read(earlier_manifest)
    interrupted = manifest.is_unfinished(earlier_manifest)
    settings = _merged_settings(drive, template)
    contents = {path: content for path, content in files.items() if path != manifest.PATH}

    def present(path):
        content = drive.read(path)
        return None if content is None else manifest.digest(content)

    todo = plan.make(
        contents,
        earlier,
        present,
        is_newer=lambda path: path in libraries and _is_newer(drive, path, contents[path], earlier),
        is_known=lambda path: _is_known(path, drive.read(path) or b"", contents, interrupted),
        interrupted=interrupted,
    )
    contents[SETTINGS] = settings.text.encode()
    _add_settings(todo, drive.read(SETTINGS), contents[SETTINGS])
    deployment = Deployment(drive, contents, todo, settings, earlier, earlier_manifest)
    Room(drive, todo, contents).check()
    return deployment


def _is_newer(drive: MountedDrive, path: PurePosixPath, wanted: bytes, earlier: dict) -> bool:
    """Whether somebody put a newer version of a library on the drive, compiled or not."""
    for place in (path.with_suffix(".py"), path.with_suffix(".mpy")):
        there = drive.read(place)
        if there and manifest.digest(there) not in earlier.get(place, ()):
            return versions.is_newer(there, wanted)
    return False


def _is_known(path: PurePosixPath, there: bytes, contents: dict, interrupted: bool) -> bool:
    """Whether a file is the one wanted, but half-written, or not compiled, as copied by hand."""
    if path in contents:
        return interrupted and contents[path].startswith(there)
    form = contents[path.with_suffix(".mpy")][:1]
    try:
        return mpy.compiled({path: there}, form) == {
            path.with_suffix(".mpy"): contents[path.with_suffix(".mpy")]
        }
    except ToolkitError:
        return False


def _merged_settings(drive: MountedDrive, template: bytes) -> settings_merge.Merge:
    existing = drive.read(SETTINGS) or b""
    try:
        return settings_merge.merge(template.decode(), existing.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ToolkitError(
            f"{SETTINGS} on the drive is not UTF-8 text. Save it as UTF-8, or move it away, and run this again."
        ) from None


def _add_settings(todo: plan.Plan, existing: bytes | None, wanted: bytes) -> None:
    """Even where there are none yet they are replaced, not just written: half of them would pass for the user's own."""
    if existing != wanted:
        todo.changed.append(SETTINGS)
        todo.changed.sort(key=plan.order)


UPDATE = PurePosixPath(
    "update/state"
)  # else the board would go on with an update over Wi-Fi, or take it back


def carry_out(deployment: Deployment, done=lambda size: None) -> None:
    """Do it. `done(size)` is called after each write with its bytes.

    New files come first, then the changed ones, code.py last of all, then what is left over goes. At every moment the
    board has all of the old code or all of the new, but for a short while at the end when NAME.new files are copied.
    """
    drive, todo, contents = deployment.drive, deployment.plan, deployment.contents
    ours = {
        path: contents[path] for path in contents if path != SETTINGS and path not in todo.newer
    }
    final_manifest = manifest.write(ours)
    if todo.is_empty and deployment.earlier_manifest == final_manifest:
        return
    drive.remove(UPDATE)
    _keep_edited(deployment)
    _write_manifest(
        drive, manifest.write(ours, deployment.earlier, deployment.has_unseen_passwords)
    )
    room = Room(drive, todo, contents)
    if room.growth() > drive.free():
        _remove_stale(deployment)
    for path in [path for path in todo.new if path != CODE]:
        replacing.create(drive, path, contents[path])
        done(len(contents[path]))
    for batch in room.batches(todo.changed):
        replacing.replace(drive, {path: contents[path] for path in batch}, done)
    if CODE in todo.new:
        replacing.create(drive, CODE, contents[CODE])
        done(len(contents[CODE]))
    _remove_stale(deployment)
    _write_manifest(drive, final_manifest)
    _remove_macos_companions(deployment)
    drive.sync()
    _check_sizes(deployment)


def _write_manifest(drive: MountedDrive, content: bytes) -> None:
    if drive.read(manifest.PATH) is None:
        replacing.create(drive, manifest.PATH, content)
    else:
        replacing.replace(drive, {manifest.PATH: content})


def _keep_edited(deployment: Deployment) -> None:
    """Copy what somebody edited on the board to the computer before it is replaced."""
    if not deployment.plan.edited:
        return
    folder = FOLDER_OF_REPLACED / time.strftime("%Y-%m-%d %H.%M.%S")
    for path in deployment.plan.edited:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(deployment.drive.read(path) or b"")
    deployment.replaced = folder


def _remove_stale(deployment: Deployment) -> None:
    for path in deployment.plan.stale:
        deployment.drive.remove(path)


def _remove_macos_companions(deployment: Deployment) -> None:
    """Remove the ._NAME files in which macOS keeps attributes that FAT doesn't know."""
    for path in deployment.contents:
        companion = path.with_name("._" + path.name)
        if deployment.drive.size(companion) is not None:
            deployment.drive.remove(companion)


def _check_sizes(deployment: Deployment) -> None:
    for path, content in deployment.contents.items():
        if path not in deployment.plan.newer and deployment.drive.size(path) != len(content):
            raise ToolkitError(f"{path} has not the size it was written with. Run this again.")
