"""The CIRCUITPY drive: a folder of the computer that behaves like FAT12 on 508 KB of flash.

Usable as a file system of MicroPython (vfs.mount), and by core.device_python in its place.
"""

from . import fat, host
from .writable_file import WritableFile

ENOENT, EACCES, EEXIST, ENOTDIR, EISDIR, EINVAL, ENOSPC, EROFS = 2, 13, 17, 20, 21, 22, 28, 30

_FOLDER = 0x4000
_FILE = 0x8000
_ROOT_ENTRIES = 511  # 512, one of which holds the label CIRCUITPY


class Drive:
    def __init__(self, root, clusters):
        self._folder = host.Folder(root)
        self._current = []
        self._total = clusters
        self._used = 0
        self.writable = False
        self.open_for_writing = 0
        self.count()

    # --- space

    def count(self):
        """Counts anew what is taken: after the computer has written, too."""
        self._used = self._clusters_below("")

    def _clusters_below(self, path):
        taken = 0
        for name in self._folder.names(path):
            child = path + "/" + name if path else name
            is_folder, size, _ = self._folder.stat(child)
            if is_folder:
                taken += self._folder_clusters(child) + self._clusters_below(child)
            else:
                taken += fat.clusters_of(size)
        return taken

    def _entries(self, path):
        entries = 0
        for name in self._folder.names(path):
            entries += fat.entries_of(name)
        return entries

    def _folder_clusters(self, path):
        return fat.clusters_of_folder(self._entries(path)) if path else 0

    def free_clusters(self):
        return max(0, self._total - self._used)

    def take(self, clusters):
        """Reserves up to so many more clusters and returns how many it got; negative gives back."""
        got = min(clusters, self.free_clusters())
        self._used += got
        return got

    def _room_for_entry(self, folder, name):
        """Clusters that its folder grows by for a new name, or None where the root is full."""
        before = self._entries(folder)
        after = before + fat.entries_of(name)
        if not folder:
            return 0 if after <= _ROOT_ENTRIES else None
        return fat.clusters_of_folder(after) - fat.clusters_of_folder(before)

    def _changing(self, folders, action, *arguments):
        """Does what changes the entries of these folders, and counts what they take after it."""
        before = sum([self._folder_clusters(folder) for folder in folders])
        action(*arguments)
        self._used += sum([self._folder_clusters(folder) for folder in folders]) - before

    # --- names

    def _names(self, path):
        names = fat.split(path)
        if names is None:
            raise host.error(EINVAL)
        if path[:1] not in ("/", "\\"):
            names = fat.split("/".join(self._current) + "/" + path)
        return names

    def _find(self, path):
        """The path as it is written on the computer, or None when there is no such file or
        folder."""
        names = self._names(path)
        direct = "/".join(names)
        try:
            self._folder.stat(direct)
            return direct
        except OSError:
            pass
        found = ""
        for name in names:
            found = self._find_in(found, name)
            if found is None:
                return None
        return found

    def _find_in(self, folder, name):
        try:
            entries = self._folder.names(folder)
        except OSError:
            return None
        for entry in entries:
            if fat.matches(entry, name):
                return folder + "/" + entry if folder else entry
        return None

    def _existing(self, path):
        found = self._find(path)
        if found is None:
            raise host.error(ENOENT)
        return found

    def _place(self, path):
        """(folder, name) where a new file or folder would go; the folder must exist."""
        names = self._names(path)
        if not names:
            raise host.error(EEXIST)
        folder = self._find("/" + "/".join(names[:-1]))
        if folder is None or not self._folder.stat(folder)[0]:
            raise host.error(ENOENT)
        return folder, names[-1]

    def _must_be_writable(self):
        if not self.writable:
            raise host.error(EROFS)

    # --- what a file system offers

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def open(self, path, mode):
        writes = "r" not in mode or "+" in mode
        if writes:
            self._must_be_writable()
        found = self._find(path)
        is_folder = found is not None and self._folder.stat(found)[0]
        if not writes:
            if found is None or is_folder:
                raise host.error(ENOENT)
            return self._folder.open(found, mode)
        if is_folder:
            raise host.error(EACCES)
        if found is None:
            if "r" in mode:
                raise host.error(ENOENT)
            folder, found = self._new_entry(path)
            self._changing([folder], self._touch, found)
        elif "x" in mode:
            raise host.error(EEXIST)
        return WritableFile(self, self._folder, found, mode)

    def _touch(self, path):
        self._folder.open(path, "wb").close()

    def _new_entry(self, path, clusters=0):
        """Where a new file or folder goes: (folder, path). Raises ENOSPC if its entry, or
        `clusters`, don't fit."""
        folder, name = self._place(path)
        needed = self._room_for_entry(folder, name)
        if needed is None or needed + clusters > self.free_clusters():
            raise host.error(ENOSPC)
        return folder, folder + "/" + name if folder else name

    def stat(self, path):
        is_folder, size, modified = self._folder.stat(self._existing(path))
        modified &= ~1  # FAT counts in steps of two seconds
        kind = _FOLDER if is_folder else _FILE
        return (kind, 0, 0, 0, 0, 0, 0 if is_folder else size, modified, modified, modified)

    def statvfs(self, path):
        free = self.free_clusters()
        sector = fat.SECTOR
        return (sector, sector, self._total, free, free, 0, 0, 0, 0, fat.LONGEST_NAME)

    def ilistdir(self, path):
        found = self._existing(path)
        if not self._folder.stat(found)[0]:
            raise host.error(ENOENT)
        entries = []
        for name in self._folder.names(found):
            is_folder, size, _ = self._folder.stat(found + "/" + name if found else name)
            entries.append((name, _FOLDER if is_folder else _FILE, 0, 0 if is_folder else size))
        return iter(entries)

    def mkdir(self, path):
        self._must_be_writable()
        if self._find(path) is not None:
            raise host.error(EEXIST)
        folder, made = self._new_entry(path, clusters=1)
        self._changing([folder], self._folder.make, made)
        self._used += 1

    def rmdir(self, path):
        self._must_be_writable()
        found = self._existing(path)
        if not found or not self._folder.stat(found)[0]:
            raise host.error(ENOTDIR)
        for _ in self._folder.names(found):
            raise host.error(EACCES)
        self._used -= self._folder_clusters(found)
        self._changing([_parent(found)], self._folder.remove_folder, found)

    def remove(self, path):
        self._must_be_writable()
        found = self._existing(path)
        is_folder, size, _ = self._folder.stat(found)
        if is_folder:
            raise host.error(EISDIR)
        self._used -= fat.clusters_of(size)
        self._changing([_parent(found)], self._folder.remove_file, found)

    def rename(self, old, new):
        """As on the board: an existing file of the new name is removed first, then the entry
        moves."""
        self._must_be_writable()
        source = self._existing(old)
        target = self._find(new)
        if target is not None and target != source:
            self.remove("/" + target)
        folder, name = self._place(new)
        folders = [folder]
        if _parent(source) != folder:
            folders.append(_parent(source))
        moved = folder + "/" + name if folder else name
        self._changing(folders, self._folder.rename, source, moved)

    def utime(self, path, times):
        self._must_be_writable()
        self._folder.set_time(self._existing(path), times[1])

    def chdir(self, path):
        found = self._existing(path)
        if not self._folder.stat(found)[0]:
            raise host.error(ENOENT)
        self._current = found.split("/") if found else []

    def getcwd(self):
        return "/" + "/".join(self._current)


def _parent(path):
    return path.rpartition("/")[0]
