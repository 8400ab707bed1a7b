"""DELETE and POST /api/deploy: files that are to go, and the mark that commits all that waits.

For the app and for the rescue page. Answers are (HTTP status, dict).
"""

from binascii import hexlify

from micropython import const

from . import entries, needs, staging, state

_SPARE_CLUSTERS = const(4)
_ENTRIES_A_CLUSTER = const(16)  # of a folder whose names are short
_ARRIVING = 409, {"error": "A file is arriving at the moment."}


def remove(root, uploads, path):
    """A DELETE: the file at `path` is to go with the next commit; "" forgets all that waits."""
    if path in uploads or not path and uploads:
        return _ARRIVING
    try:
        if not path:
            staging.begin(root)
            for _ in entries.discard(root + entries.NEW):
                pass
            return 200, {"dropped": True}
        if entries.size(root + path) is not None:
            _stage_removal(root, path)
        elif not _forget(root, path):
            return 404, {"error": "There is no such file."}
        return 200, {"deleted": path[1:]}
    except (staging.Refused, OSError) as problem:
        return _refusal(problem)


def commit(root, uploads, sent):
    """A POST: all that waits takes its place as one. sent: {"fingerprint": hexadecimal digits}."""
    if uploads:
        return _ARRIVING
    try:
        count, restart, keeps = _commit(root, sent.get("fingerprint"))
    except (staging.Refused, OSError) as problem:
        return _refusal(problem)
    return 202, {"files": count, "restarting": restart, "way_back": keeps}


def _refusal(problem):
    if isinstance(problem, OSError):
        return 507, {"error": "The drive could not be written: %s" % problem}
    return problem.status, {"error": str(problem)}


def _stage_removal(root, path):
    """The file at `path` is to go. Raises Refused, and OSError when the drive is full."""
    staging.begin(root)
    file_path = root + entries.NEW + "/" + entries.name_of(path)
    entries.make_folders(file_path)
    with open(file_path, "wb") as file:
        file.write(entries.footer(entries.REMOVAL, path))
    entries.sync()


def _forget(root, path):
    """Forget the entry for a file that isn't there yet; whether there was one."""
    staging.begin(root)
    file_path = root + entries.NEW + "/" + entries.name_of(path)
    there = entries.size(file_path) is not None
    entries.remove(file_path)
    return there


def _commit(root, expected):
    """Set the one mark that lets all entries take their places. expected: a fingerprint of what
    was sent (docs/updates.md). Returns (number of entries, whether that takes a restart, whether
    there is room to keep the version before). Raises Refused."""
    staging.begin(root)
    found = bytearray(32)
    count = 0
    restart = False
    needed = Needs(root)
    for _, length, digest, path in entries.whole(root + entries.NEW):
        _add_to(found, digest, path)
        staging.check_way(root, path)
        restart = restart or not (path.startswith("/www/") or needs.is_ladder(path))
        needed.add(length, digest, path)
        count += 1
    if hexlify(found).decode() != expected:
        raise staging.Refused(409, "What arrived is not what was sent; deploy again.")
    room = entries.free_clusters(root) - needed.growth - 1  # for the file that says so
    if room < 0:
        text = "%d bytes more are needed for the update to take its place; delete recordings."
        raise staging.Refused(507, text % (-room * 512))
    if count:
        state.write(state.COMMITTED if restart else state.PROVEN, 0, root)
    return count, restart, room >= needed.keeping


def _add_to(found, digest, path):
    line = entries.sha256()
    line.update(("%s %s" % (digest, path)).encode())
    line = line.digest()
    for index in range(32):
        found[index] ^= line[index]


class Needs:
    """How many clusters it takes to put entries in place (`growth`), and to keep what is there
    (`keeping`), that of code.py alone (`keeping_start`)."""

    def __init__(self, root):
        self._root = root
        self.growth = self.keeping = _SPARE_CLUSTERS
        self.keeping_start = (
            entries.clusters(entries.size(root + needs.START) or 0) + _SPARE_CLUSTERS
        )
        self._count = 0
        self._last = ""  # path of the entry before

    def add(self, length, digest, path):
        """Count one more entry: see entries.whole()."""
        before = entries.size(self._root + path)
        if digest != entries.REMOVAL:
            self.growth += entries.clusters(length)
            if before is None:
                self.growth += 1 + needs.new_folders(self._root, path, self._last)  # for its name
        self.growth -= entries.clusters(before or 0)
        if not needs.is_ladder(path):
            self.keeping += entries.clusters((before or 0) + len(path) + 80)
        if self._count % _ENTRIES_A_CLUSTER == 0:
            self.keeping += 1
        self._count += 1
        self._last = path


def of_all(root):
    """The Needs of all new entries together."""
    found = Needs(root)
    for _, length, digest, path in entries.whole(root + entries.NEW):
        found.add(length, digest, path)
    return found
