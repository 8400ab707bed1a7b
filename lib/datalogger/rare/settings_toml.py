"""GET and PUT /api/settings.toml: backup and restore, both without secrets."""

import json

from ehttpserver import Response
from micropython import const

from ..on_demand import on_demand
from ..settings import SettingError
from ..web.answers import answer, json_list, refusal

_MAX_BYTES = const(7168)  # of a file to restore; the present secrets come on top
_PIECE = const(256)  # bytes of it that are kept together


def get(server, path, query_params, headers, body):
    """The answer to a GET: the file."""
    app = server.app
    backup = on_demand("settings_backup")
    lines = backup.public_values(app.settings)
    if app.login.session(headers) or "authorization" in headers:
        problem = app.login.check(headers, server.client_address)
        if problem:
            return problem
        lines = backup.backup(app.settings)
    first = ""
    try:
        for first in lines:
            break
    except (OSError, ValueError) as problem:
        return refusal(409, "settings.toml cannot be read: %s" % problem)
    fields = {"Content-Disposition": 'attachment; filename="settings.toml"'}
    return answer(_joined(first, lines), content_type="text/plain", headers=fields)


def _joined(first, lines):
    yield first
    yield from lines


def put(server, path, query_params, headers, body):
    """The handler of a PUT: the generator that the file is sent into."""
    pieces = yield from _receive(headers)
    if isinstance(pieces, Response):
        return pieces
    if not pieces:  # by mistake: all settings would go back to their defaults
        return refusal(400, "The file is empty.")
    return (yield from server.alone(_restore(server.app, query_params, headers, pieces)))


def _restore(app, query_params, headers, pieces):
    """Check, and unless a preview is asked for save, what the file says (a generator that returns the
    response)."""
    yield  # each of these steps takes its time
    settings = app.settings
    try:
        restored = on_demand("settings_restore").Restore(settings, pieces)
        yield from restored.read()
    except UnicodeError:
        return refusal(400, "The file is not text in UTF-8.")
    except SettingError as problem:
        return refusal(400, str(problem), problem.field)
    except (OSError, ValueError) as problem:
        return refusal(409, "settings.toml cannot be read: %s" % problem)
    yield
    saved = on_demand("queries").value(query_params, "preview") is None
    changes = restored.changes
    if saved:
        checked = restored.checked
        content = yield from restored.content()
        restored = None  # its code is not needed any more
        problem = yield from on_demand("settings_saving").save(app, headers, checked, content)
        if problem:
            return problem
    return answer(_result(changes, saved, settings.restart_needed()))


def _receive(headers):
    """Take the file in short pieces, as a list, or the Response that refuses it (a generator)."""
    too_large = refusal(413, "The file is larger than %d bytes." % _MAX_BYTES)
    if int(headers.get("content-length", 0)) > _MAX_BYTES:
        return too_large
    pieces = []
    left = _MAX_BYTES
    while True:
        received = yield
        if not received:
            return pieces
        left -= len(received)
        if left < 0:
            return too_large
        for start in range(0, len(received), _PIECE):
            pieces.append(bytes(received[start : start + _PIECE]))


def _result(changes, saved, restart_needed):
    yield '{"changes":['
    yield from json_list(_changes(changes))
    yield '],"saved":%s,"restart_needed":%s}' % (json.dumps(saved), json.dumps(restart_needed))


def _changes(changes):
    for key, old, new in changes:
        changed = {"key": key}
        if old is not None or new is not None:
            changed["from"] = old
            changed["to"] = new
        yield json.dumps(changed)
