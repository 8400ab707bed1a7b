"""Lists what is deployed."""

import hashlib
import json
import os
from binascii import hexlify

from .. import file_system
from ..web.answers import json_list


def listing(root, room):
    """The deployed files with their hashes as JSON, in short steps (a generator of texts)."""
    yield '{"files":['
    yield from json_list(_hashes(root))
    yield '],"free":%d}' % room.free()


def _hashes(root):
    buffer = bytearray(512)
    view = memoryview(buffer)
    for path in _paths(root):
        size = file_system.size(root + path)
        if size is None:
            continue
        digest = _sha256()
        with open(root + path, "rb") as file:
            while True:
                count = file.readinto(buffer)
                if not count:
                    break
                digest.update(view[:count])
                yield None
        hashed = hexlify(digest.digest()).decode()
        yield '{"path":%s,"size":%d,"sha256":"%s"}' % (json.dumps(path[1:]), size, hashed)


def _paths(root):
    """The paths of all deployed files, with their leading slashes (a generator)."""
    yield "/code.py"
    yield "/boot.py"
    waiting = ["/www", "/lib"]
    while waiting:
        folder = waiting.pop()
        if not file_system.is_folder(root + folder):
            continue
        for name in sorted(os.listdir(root + folder)):
            path = folder + "/" + name
            if file_system.is_folder(root + path):
                waiting.append(path)
            else:
                yield path


def _sha256():
    new = getattr(hashlib, "new", None)  # CircuitPython's only way
    return new("sha256") if new else hashlib.sha256()
