"""Entries of an update arrive."""

from binascii import hexlify

from . import entries, state


class Refused(Exception):
    """What can't be done now; `status` is the HTTP status, the text is for people."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Entry:
    """New content for the file at `path`: write() it, then seal() or abandon()."""

    def __init__(self, root, path, announced):
        """path: with its leading slash, checked; announced: bytes to come, 0 if unknown. Raises
        Refused."""
        begin(root)
        check_way(root, path)
        self.path = path
        self.size = 0
        self._announced = announced
        self._digest = entries.sha256()
        self._root = root
        self._file_path = root + entries.NEW + "/" + entries.name_of(path)
        entries.make_folders(self._file_path)
        self._file = open(self._file_path, "wb")  # noqa: SIM115 - seal() or abandon() closes it

    def to_come(self):
        """How many clusters this entry may still take."""
        whole = max(self._announced, self.size) + len(self.path) + 80
        return entries.clusters(whole) - entries.clusters(self.size)

    def write(self, piece):
        """Add bytes."""
        self._digest.update(piece)
        self._file.write(piece)
        self.size += len(piece)

    def seal(self, expected):
        """The content is whole, and on the drive as it was sent. expected: the bytes of the
        SHA-256 it must have. Raises Refused."""
        if self._digest.digest() != expected:
            raise Refused(400, "The content does not have the announced SHA-256.")
        self._file.write(entries.footer(hexlify(expected).decode(), self.path))
        self._file.close()
        entries.sync()
        if self._on_drive() != expected:
            raise Refused(507, "The drive does not keep what is written to it.")
        self._file = None

    def _on_drive(self):
        digest = entries.sha256()
        buffer = bytearray(512)
        view = memoryview(buffer)
        length = self.size
        with open(self._file_path, "rb") as file:
            while length > 0:
                count = file.readinto(view[: min(length, 512)])
                digest.update(view[:count])
                length = length - count if count else 0
        return digest.digest()

    def abandon(self):
        """Forget the content; harmless after seal(). Returns whether there was any."""
        file = self._file
        if file:
            self._file = None
            try:
                file.close()
            finally:
                entries.remove(self._file_path)
        return file is not None


def begin(root):
    """Whether entries may come and go now. Raises Refused."""
    word, _ = state.read(root)
    if word in state.ENDS:
        for folder in (entries.NEW, entries.OLD):
            for _ in entries.discard(root + folder):
                pass
        state.clear(root)
    elif word == state.TRIAL:
        raise Refused(409, "The update before is on trial until it has run for a minute.")
    elif word:
        raise Refused(409, "The update before is still taking its place.")


def check_way(root, path):
    """Nothing of another kind is in the way of the file. Raises Refused."""
    if entries.is_folder(root + path):
        raise Refused(409, "There is a folder of that name.")
    at = path.find("/", 1)
    while at > 0:
        if entries.size(root + path[:at]) is not None:
            raise Refused(409, "%s is a file, not a folder." % path[1:at])
        at = path.find("/", at + 1)
