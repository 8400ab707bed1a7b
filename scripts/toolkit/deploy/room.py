"""Whether a deployment fits on the drive as it is."""

from pathlib import PurePosixPath

from .. import fat
from ..errors import ToolkitError
from .mounted_drive import MountedDrive
from .plan import Plan
from .replacing import MARK


class Room:
    """Counts clusters for a plan on a drive; sizes in bytes. `contents` holds what is to be written."""

    def __init__(self, drive: MountedDrive, plan: Plan, contents: dict[PurePosixPath, bytes]):
        self._drive = drive
        self._contents = contents
        self._cluster = drive.cluster()
        self._plan = plan

    def growth(self) -> int:
        """Return how much more the drive will hold at the end, not counting what is removed."""
        new = sum(self._rounded(len(self._contents[path])) for path in self._plan.new)
        changed = sum(self._growth_of(path) for path in self._plan.changed)
        return new + changed + self._folders()

    def removed(self) -> int:
        """Return what removing the stale files gives back."""
        return sum(self._rounded(self._drive.size(path) or 0) for path in self._plan.stale)

    def check(self) -> None:
        """Raise ToolkitError when the result does not fit, or nothing is left to replace files safely."""
        self._refuse_names()
        self._refuse_giants()
        free = self._drive.free()
        waiting = [
            self._rounded(len(self._contents[path]) + len(MARK)) for path in self._plan.changed
        ]
        needed = self.growth() - self.removed() + max(waiting, default=0)
        if needed > free:
            raise ToolkitError(
                f"The drive is too full: {needed:,} more bytes are needed and {free:,} are free. "
                "Delete recordings in data/ (or files of your own) and run this again. Nothing was changed."
            )

    def batches(self, paths: list[PurePosixPath]) -> list[list[PurePosixPath]]:
        """Split `paths`, in their order, so that the new contents of each group fit beside the old ones."""
        room = self._drive.free() - sum(max(0, self._growth_of(path)) for path in paths)
        groups: list[list[PurePosixPath]] = []
        taken = room + 1
        for path in paths:
            # Beside its content each NAME.new may take another cluster for the list of names in its folder.
            size = self._rounded(len(self._contents[path]) + len(MARK)) + self._cluster
            if taken + size > room:
                groups.append([])
                taken = 0
            groups[-1].append(path)
            taken += size
        return groups

    def _growth_of(self, path: PurePosixPath) -> int:
        return self._rounded(len(self._contents[path])) - self._rounded(self._drive.size(path) or 0)

    def _rounded(self, size: int) -> int:
        return -(-size // self._cluster) * self._cluster

    def _folders(self) -> int:
        """Return what lists of names grow by, at most: nobody knows how full those on the drive are."""
        entries: dict[PurePosixPath, int] = {}
        for path in self._plan.new:
            taken = fat.directory_entries(path.name, lower_case_is_short=False)
            entries[path.parent] = entries.get(path.parent, 2) + taken
            for folder in path.parent.parents:
                entries.setdefault(folder, 0)
        entries.pop(PurePosixPath("."), None)
        return sum(self._rounded(count * fat.ENTRY) for count in entries.values())

    def _refuse_giants(self) -> None:
        capacity = self._drive.capacity()
        for path, content in self._contents.items():
            if len(content) > capacity:
                raise ToolkitError(
                    f"{path} is too large: {len(content):,} bytes, and the whole drive holds {capacity:,}."
                )

    def _refuse_names(self) -> None:
        for path in self._contents:
            for part in path.parts:
                try:
                    fat.directory_entries(part)
                except ValueError as error:
                    raise ToolkitError(f"{path} can't be put on the drive: {error}.") from None
