"""GET /api/files, GET and DELETE /api/files/NAME: the recordings. Used on demand."""

import json

from ehttpserver import FileResponse

from .answers import answer, harden, json_list, query_value, refusal
from .data_files import is_name

_PREFIX = "/api/files/"


def get(admin, path, query_params, headers, body):
    """The answer to a GET: the list, or a recording."""
    parts = admin.parts
    name = path[len(_PREFIX) :]
    if not name:
        return answer(_list(parts))
    if not is_name(name) or parts.files.size(name) is None:
        return _unknown()
    fields = {"Cache-Control": "no-cache"}
    if query_value(query_params, "download") is not None:
        fields["Content-Disposition"] = 'attachment; filename="%s"' % name
    response = FileResponse(parts.files.path(name), fields, content_type="text/csv")
    harden(response)
    return response


def delete(admin, path, query_params, headers, body):
    """The answer to a DELETE."""
    parts = admin.parts
    name = path[len(_PREFIX) :]
    if not is_name(name) or parts.files.size(name) is None:
        return _unknown()
    problem = admin.drive_problem()
    if problem:
        return problem
    parts.files.delete(name)
    parts.recorder.deleted(name)
    parts.log.info("Deleted %s." % name)
    return answer({"deleted": name})


def _unknown():
    return refusal(404, "There is no such recording.")


def _list(parts):
    yield '{"files":['
    yield from json_list(_descriptions(parts.files, parts.recorder.file()))
    yield "]," + json.dumps(parts.status.space())[1:]


def _descriptions(files, current):
    buffer = bytearray(512)
    for name in files.names():
        known = yield from _describe(files, name, buffer)
        if known:
            size, rows, first, last = known
            yield '{"name":"%s","size":%d,"rows":%d,"from":%s,"to":%s,"current":%s}' % (
                name,
                size,
                rows,
                json.dumps(first),
                json.dumps(last),
                json.dumps(name == current),
            )


def _describe(files, name, buffer):
    """A generator that finds out about a recording in short steps (yielding None) and returns
    (size, rows, first time, last time), None when it is gone."""
    size = files.size(name)
    if size is None:
        return None
    known = files.known(name, size)
    if known:
        return known
    with open(files.path(name), "rb") as file:
        file.readline()
        first = _time_in(file.readline())
        file.seek(0)
        lines = 0
        end = 10
        while True:
            count = file.readinto(buffer)
            if not count:
                break
            end = buffer[count - 1]
            at = buffer.find(b"\n", 0, count)
            while at >= 0:
                lines += 1
                at = buffer.find(b"\n", at + 1, count)
            yield
        if end != 10:
            lines += 1
        last = None
        if first is not None:
            file.seek(max(0, size - 256))
            last = _time_in(file.read(256).rstrip().split(b"\n")[-1])
    known = (size, max(0, lines - 1), first, last)
    files.remember(name, known)
    return known


def _time_in(line):
    """The first column of a row as text, None for an empty line."""
    time = bytes(line).split(b",")[0].strip()
    try:
        return time.decode() if time else None
    except UnicodeError:
        return None
