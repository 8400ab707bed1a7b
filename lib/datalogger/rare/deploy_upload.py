"""Receives a file over Wi-Fi."""

import hashlib
import json
from binascii import a2b_base64

from micropython import const

from .. import file_system
from ..on_demand import on_demand
from ..web.answers import Watched, answer, refusal

folders = on_demand("folders")
replacing = on_demand("replacing")

_DIRECTORY_CLUSTERS = const(4)  # for new folders and names


def receive(app, path, headers):
    """The handler, a generator: the pieces of the body are sent into it, it returns the Response.
    path: with its leading slash, checked."""
    expected = _expected_digest(headers)
    if not expected:
        return refusal(400, "A Content-Digest header with the SHA-256 is required.")
    target = app.root + path
    other = app.uploads.get(target)
    if other:
        # Most likely the same client, whose connection broke; this board hasn't noticed yet.
        if not other.abandon():
            return refusal(409, "This file is being replaced at the moment.")
        del app.uploads[target]
    before = file_system.size(target)
    announced = headers.get("content-length")
    if announced and not _fits(app.room, int(announced), before, 0):
        return _no_room()
    new = getattr(hashlib, "new", None)  # CircuitPython's only way
    digest = new("sha256") if new else hashlib.sha256()
    folders.make_folders(target)
    replacement = replacing.Replacement(target)
    app.uploads[target] = replacement
    try:
        while True:
            piece = yield
            if app.uploads.get(target) is not replacement:
                return refusal(409, "Another upload of this file has begun.")
            if not piece:
                break
            digest.update(piece)
            replacement.write(piece)
        if digest.digest() != expected:
            return refusal(400, "The content does not have the SHA-256 that was announced.")
        if not _fits(app.room, replacement.size, before, replacement.written()):
            return _no_room()
        installation = Installation(app, path, replacement)
        body = Watched(installation, app.log, "Deploying " + path[1:])
        response = answer(body, 201 if before is None else 200)
        replacement.seal()  # now nothing can come between
        return response
    except OSError as error:
        app.log.failure("Deploying %s failed." % path, error)
        return refusal(507, "The drive could not be written: %s" % error)
    finally:
        if replacement.abandon():
            del app.uploads[target]
            folders.remove_empty_folders(app.root, target)


def _expected_digest(headers):
    """The bytes of the SHA-256 in Content-Digest (RFC 9530), None without."""
    for item in headers.get("content-digest", "").split(","):
        name, _, value = item.strip().partition("=")
        if name.lower() == "sha-256" and len(value) > 2 and value[0] == value[-1] == ":":
            try:
                digest = a2b_base64(value[1:-1])
            except ValueError:
                continue
            if len(digest) == 32:
                return digest
    return None


def _fits(room, size, before, written):
    """Whether there is room for the rest of the new content beside the old file, and then in its
    place."""
    needed = folders.clusters(size + len(replacing.MARK)) - folders.clusters(written)
    needed += max(0, folders.clusters(size) - folders.clusters(before or 0)) + _DIRECTORY_CLUSTERS
    return needed * folders.CLUSTER_BYTES <= room.free()


def _no_room():
    return refusal(507, "There is no room for it on the drive; delete recordings.")


class Installation:
    """The body of the answer to an upload: puts the new content into its place, a short step at a
    time, then says so. It is no generator, because it must go on when the client leaves, even
    before its first step."""

    def __init__(self, app, path, replacement):
        """replacement: sealed."""
        self._app = app
        self._path = path
        self._size = replacement.size
        self._steps = replacement.install()

    def __iter__(self):
        return self

    def __next__(self):
        if not self._steps:
            raise StopIteration
        try:
            next(self._steps)
            return b""
        except StopIteration:
            self._end()
            self._app.log.info("Deployed %s." % self._path[1:])
            return json.dumps({"path": self._path[1:], "size": self._size}).encode()
        except OSError:
            self._end()  # boot.py completes it at the next start
            raise

    def _end(self):
        self._steps = None
        del self._app.uploads[self._app.root + self._path]

    def close(self):
        """The client is gone: a task does the rest."""
        if self._steps:
            self._app.tasks.finish("Deploying " + self._path[1:], self)
