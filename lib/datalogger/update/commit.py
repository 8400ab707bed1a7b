"""DELETE and POST /api/deploy: files that are to go, and the mark that commits all that waits.

For the app and for the rescue page. Answers are (HTTP status, dict).
"""

from binascii import hexlify

from . import entries, needs, staging, state


def remove(root, uploads, path):
    """A DELETE: the file at `path` is to go with the next commit; "" forgets all that waits."""
    if path in uploads or not path and uploads:
        return 409, {"error": "A file is arriving at the moment."}
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
    except staging.Refused as problem:
        return problem.status, {"error": str(problem)}
    except OSError as error:
        return 507, {"error": "The drive could not be written: %s" % error}


def commit(root, uploads, sent):
    """A POST: all that waits takes its place as one. sent: {"fingerprint": hexadecimal digits}."""
    if uploads:
        return 409, {"error": "A file is arriving at the moment."}
    try:
        count, restart, keeps = _commit(root, sent.get("fingerprint"))
    except staging.Refused as problem:
        return problem.status, {"error": str(problem)}
    except OSError as error:
        return 507, {"error": "The drive could not be written: %s" % error}
    return 202, {"files": count, "restarting": restart, "way_back": keeps}


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
    growth = keeping = needs.SPARE_CLUSTERS + 1  # and the file that says that they are committed
    for _, length, digest, path in entries.whole(root + entries.NEW):
        _add_to(found, digest, path)
        staging.check_way(root, path)
        restart = restart or not (path.startswith("/www/") or needs.is_ladder(path))
        for_it = needs.needs(root, length, digest, path)
        growth += for_it[0]
        keeping += for_it[1]
        count += 1
    if hexlify(found).decode() != expected:
        raise staging.Refused(409, "What arrived is not what was sent; deploy again.")
    room = entries.free_clusters(root) - growth
    if room < 0:
        text = "%d bytes more are needed for the update to take its place; delete recordings."
        raise staging.Refused(507, text % (-room * 512))
    if count:
        state.write(state.COMMITTED if restart else state.PROVEN, 0, root)
    return count, restart, room >= keeping


def _add_to(found, digest, path):
    line = entries.sha256()
    line.update(("%s %s" % (digest, path)).encode())
    line = line.digest()
    for index in range(32):
        found[index] ^= line[index]
