"""GET /api/deploy: what is deployed, and what waits. For the app and for the rescue page."""

import json
from binascii import hexlify

from micropython import const

from . import entries, state

_IS_FOLDER = const(0x4000)


def listing(root, ilistdir):
    """A GET: what is there and what waits, with hashes, as JSON in short steps (a generator of
    texts and None). ilistdir: function like the method of storage.VfsFat: the names of a folder
    all at once take up to 3 KB."""
    word, kept = state.read(root)
    yield '{"files":['
    yield from _with_commas(_files(root, ilistdir))
    yield '],"waiting":['
    if not word or word in state.ENDS:
        yield from _with_commas(_waiting(root))
    more = {"state": word, "way_back": kept > 0, "free": entries.free_clusters(root) * 512}
    yield "]," + json.dumps(more)[1:]


def _files(root, ilistdir):
    """The deployed files with their hashes, one JSON text each; None for a step without one."""
    buffer = bytearray(512)
    view = memoryview(buffer)
    for path in _paths(root, ilistdir):
        size = entries.size(root + path)
        if size is None:
            continue
        digest = entries.sha256()
        with open(root + path, "rb") as file:
            while True:
                count = file.readinto(buffer)
                if not count:
                    break
                digest.update(view[:count])
                yield None
        hashed = hexlify(digest.digest()).decode()
        yield '{"path":%s,"size":%d,"sha256":"%s"}' % (json.dumps(path[1:]), size, hashed)


def _waiting(root):
    """The entries that nobody has committed, likewise; sha256 is null for a file that is to go."""
    for _, length, digest, path in entries.whole(root + entries.NEW):
        hashed = "null" if digest == entries.REMOVAL else '"%s"' % digest
        yield '{"path":%s,"size":%d,"sha256":%s}' % (json.dumps(path[1:]), length, hashed)


def _paths(root, ilistdir):
    """The paths of all that is deployed, each with its leading slash (a generator)."""
    yield "/code.py"
    yield "/boot.py"
    yield "/safemode.py"
    folders = ["/www", "/lib"]
    while folders:
        folder = folders.pop()
        if not entries.is_folder(root + folder):
            continue
        for entry in ilistdir(root + folder):
            path = folder + "/" + entry[0]
            if entry[1] & _IS_FOLDER:
                folders.append(path)
            else:
                yield path


def _with_commas(texts):
    comma = ""
    for text in texts:
        yield text and comma + text
        if text:
            comma = ","
