"""GET and PUT /api/settings."""

import json

from ehttpserver import Response

from ..on_demand import on_demand
from ..web.answers import answer, json_list, refusal


def get(server, path, query_params, headers, body):
    """The answer to a GET: the schema with the values, but for those of secrets."""
    return answer(_form(server.app.settings, on_demand("settings_schema")))


def put(server, path, query_params, headers, body):
    """The handler of a PUT of some new values: the generator that the body is sent into."""
    json_object = on_demand("json_object")
    body = yield from json_object.receive(headers)
    if isinstance(body, Response):
        return body
    turn = server.turn()
    try:
        yield from turn.wait()
        return (yield from _save(server.app, headers, body, json_object.parse))
    finally:
        turn.end()


def _save(app, headers, body, parse):
    """Check and save what was sent (a generator that returns the response)."""
    settings = app.settings
    file = on_demand("settings_file")
    yield  # each of these steps takes its time
    try:
        checked = file.check(settings, parse(body))
    except ValueError as problem:
        return refusal(400, str(problem), getattr(problem, "field", None))
    yield
    for key in tuple(checked):
        if checked[key] == settings[key]:
            del checked[key]
    if checked:
        saving = on_demand("settings_saving")
        problem = yield from saving.save(
            app, headers, checked, lambda: file.save(settings, checked)
        )
        if problem:
            return problem
    return answer({"saved": sorted(checked), "restart_needed": settings.restart_needed()})


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
