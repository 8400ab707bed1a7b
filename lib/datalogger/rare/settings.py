"""GET and PUT /api/settings and /api/settings.toml."""

import json

from micropython import const

from ..on_demand import on_demand
from ..settings import SettingError
from ..web.answers import answer, json_list, refusal
from ..web.login import USED

queries = on_demand("queries")

_MAX_RESTORE = const(7168)  # bytes; the present secrets come on top


def get(server, path, query_params, headers, body):
    """The answer to a GET: the schema with the values, or the file, both without secrets."""
    if path.endswith(".toml"):
        return _backup(server.app.settings)
    return answer(_form(server.app.settings, on_demand("settings_schema")))


def put(server, path, query_params, headers, body):
    """The answer to a PUT: some new values, or a whole file."""
    if path.endswith(".toml"):
        return _restore(server, query_params, headers, body)
    return _change(server, headers, body)


def _form(settings, schema):
    needed = json.dumps(settings.restart_needed())
    yield '{"groups":%s,"restart_needed":%s,"settings":[' % (schema.groups(), needed)
    yield from json_list(_rows(settings, schema))
    yield "]}"


def _rows(settings, schema):
    for row in schema.rows():
        value = settings[row["key"]]
        if row["secret"]:
            row["set"] = bool(value)
            row["is_default"] = value == row.pop("default")
        else:
            row["value"] = value
        yield json.dumps(row)


def _change(server, headers, body):
    settings = server.app.settings
    file = on_demand("settings_file")
    try:
        checked = file.check(settings, on_demand("json_object").parse(body))
    except ValueError as problem:
        return refusal(400, str(problem), getattr(problem, "field", None))
    for key in tuple(checked):
        if checked[key] == settings[key]:
            del checked[key]
    problem = checked and _save(server, headers, checked, lambda: file.save(settings, checked))
    if problem:
        return problem
    return answer({"saved": sorted(checked), "restart_needed": settings.restart_needed()})


def _backup(settings):
    try:
        content = b"".join(on_demand("settings_backup").backup(settings))
    except (OSError, ValueError) as problem:
        return refusal(409, "settings.toml cannot be read: %s" % problem)
    fields = {"Content-Disposition": 'attachment; filename="settings.toml"'}
    return answer(content, content_type="text/plain", headers=fields)


def _restore(server, query_params, headers, body):
    settings = server.app.settings
    if len(body) > _MAX_RESTORE:
        return refusal(413, "The file is larger than %d bytes." % _MAX_RESTORE)
    if not body:  # by mistake: all settings would go back to their defaults
        return refusal(400, "The file is empty.")
    try:
        restored = on_demand("settings_restore").Restore(settings, bytes(body).decode())
    except UnicodeError:
        return refusal(400, "The file is not text in UTF-8.")
    except SettingError as problem:
        return refusal(400, str(problem), problem.field)
    except (OSError, ValueError) as problem:
        return refusal(409, "settings.toml cannot be read: %s" % problem)
    saved = queries.value(query_params, "preview") is None
    problem = saved and _save(server, headers, restored.checked, restored.save)
    if problem:
        return problem
    changes = []
    for key, old, new in restored.changes:
        changed = {"key": key}
        if old is not None or new is not None:
            changed["from"] = old
            changed["to"] = new
        changes.append(changed)
    needed = settings.restart_needed()
    return answer({"changes": changes, "saved": saved, "restart_needed": needed})


def _save(server, headers, checked, save):
    """Save the values; returns None, or the refusal when they cannot be saved."""
    app = server.app
    refusals = on_demand("refusals")
    problem = refusals.for_drive(app) or refusals.for_battery(app)
    if problem:
        return problem
    password = app.settings["ADMIN_PASSWORD"]
    try:
        save()
    except (OSError, SettingError) as error:
        app.log.failure("Saving the settings failed.", error)
        return refusal(409, "The settings could not be saved: %s" % error)
    app.log.info("Settings saved: %s." % ", ".join(sorted(checked)))
    if app.settings["ADMIN_PASSWORD"] != password:
        login = app.login
        kept = login.session(headers)
        for session in login.sessions:
            if session is not kept:
                session[USED] = None
        login.revision += 1
    return None
