"""GET and PUT /api/settings."""

import json

from ehttpserver import Response

from ..on_demand import on_demand
from ..web.answers import answer, refusal


def get(server, path, query_params, headers, body):
    """The answer to a GET: the schema with the values, but for those of secrets."""
    return answer(_form(server.app.settings, on_demand("settings_schema")))


def put(server, path, query_params, headers, body):
    """The handler of a PUT of some new values: the generator that the body is sent into."""
    sent = yield from _receive(headers)
    if isinstance(sent, Response):
        return sent
    return (yield from server.alone(_save(server.app, headers, sent)))


def _receive(headers):
    """Take the body (a generator). Returns the values by key, or the Response that refuses them."""
    json_object = on_demand("json_object")
    body = yield from json_object.receive(headers)
    if isinstance(body, Response):
        return body
    yield  # each of these steps takes its time
    try:
        return json_object.parse(body)
    except ValueError as problem:
        return refusal(400, str(problem))


def _save(app, headers, sent):
    """Check and save what was sent (a generator that returns the response)."""
    settings = app.settings
    try:
        checked = yield from on_demand("settings_check").check(settings, sent)
    except ValueError as problem:
        return refusal(400, str(problem), problem.field)
    yield
    for key in tuple(checked):
        if checked[key] == settings[key]:
            del checked[key]
    if checked:
        problem = yield from on_demand("settings_saving").save(app, headers, checked)
        if problem:
            return problem
    return answer({"saved": sorted(checked), "restart_needed": settings.restart_needed()})


def _form(settings, schema):
    needed = json.dumps(settings.restart_needed())
    yield '{"groups":%s,"restart_needed":%s,"settings":[' % (schema.groups(), needed)
    yield from _rows(settings, schema)
    yield "]}"


def _rows(settings, schema):
    """The settings as texts, two for each: for a whole one there may be no place in the memory."""
    comma = ""
    for row in schema.rows():
        value = settings[row["key"]]
        if row["secret"]:
            row["set"] = bool(value)
            row["is_default"] = value == row.pop("default")
        else:
            row["value"] = value
        yield '%s{"help":%s,' % (comma, json.dumps(row.pop("help")))
        yield json.dumps(row)[1:]
        comma = ","
