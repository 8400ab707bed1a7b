"""PUT /api/deploy/PATH: a file of an update arrives. For the app and for the rescue page."""

from binascii import a2b_base64

from . import entries
from .staging import Entry, Refused


def receive(root, uploads, path, headers):
    """The handler (a generator): takes the pieces that are sent into it, returns the answer as
    (HTTP status, dict).

    path: of the file, with its leading slash, checked; uploads: dict of those under way, by path.
    """
    expected = _expected_digest(headers)
    if not expected:
        return 400, {"error": "A Content-Digest with the SHA-256 is required."}
    other = uploads.pop(path, None)
    if other:  # most likely the same client, whose connection broke without this board noticing
        other.abandon()
    entry = None
    try:
        entry = Entry(root, path, int(headers.get("content-length") or 0))
        uploads[path] = entry
        while True:
            to_come = sum([one.to_come() for one in uploads.values()])
            if to_come > entries.free_clusters(root):
                return 507, {"error": "There is no room for it on the drive; delete recordings."}
            piece = yield
            if uploads.get(path) is not entry:
                return 409, {"error": "Another upload of this file has begun."}
            if not piece:
                break
            entry.write(piece)
        entry.seal(expected)
        return 200, {"path": path[1:], "size": entry.size}
    except Refused as problem:
        return problem.status, {"error": str(problem)}
    except OSError as error:
        return 507, {"error": "The drive could not be written: %s" % error}
    finally:
        if entry and uploads.get(path) is entry:
            entry.abandon()
            del uploads[path]


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
